"""What comes from the page of a talk: written by people, and by its scripts."""

import uuid
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.uploads.forms import FilesField
from telemed.rules import LONGEST_TEXT, ONLINE, SIGNAL_BYTES, Channel, Signal

PEER = RegexValidator(r"\A[0-9a-f]{32}\Z")


class AnswerForm(forms.Form):
    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in ONLINE])


class ChannelForm(forms.Form):
    channel = forms.ChoiceField(choices=Channel.choices)


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2}))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class FilesForm(forms.Form):
    attachments = FilesField(required=True)


class JoinForm(forms.Form):
    peer = forms.CharField(validators=[PEER])


class SignalForm(JoinForm):
    """As RTCSessionDescription and RTCIceCandidate have them; whatever else is sent is left out."""

    to = forms.CharField(validators=[PEER])
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Signal if kind != Signal.HELLO])
    sdp = forms.CharField(max_length=SIGNAL_BYTES, required=False, strip=False)
    candidate = forms.CharField(max_length=2000, required=False)
    mid = forms.CharField(max_length=64, required=False)
    line = forms.IntegerField(min_value=0, max_value=64, required=False)
    fragment = forms.CharField(max_length=256, required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        wanted = "candidate" if facts.get("kind") == Signal.CANDIDATE else "sdp"
        if not facts.get(wanted):
            self.add_error(wanted, _("Nothing stands here"))
        return facts

    def signal(self) -> dict[str, Any]:
        """What the other browser is told."""
        facts = self.cleaned_data
        if facts["kind"] != Signal.CANDIDATE:
            return {"sdp": facts["sdp"]}
        return {name: facts[name] for name in ("candidate", "mid", "line", "fragment")}
