"""A doctor's own quick phrases."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from telemed.forms.desk import PhraseForm
from telemed.queries.desk import doctors_of
from telemed.queries.phrases import own_phrase, own_phrases
from telemed.services.phrases import add_phrase, drop_phrase


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    if not doctors_of(request.user):
        raise PermissionDenied
    form = PhraseForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if form.is_valid():
        add_phrase(by=request.user, **form.cleaned_data)
        messages.success(request, _("The phrase is kept."))
        return redirect("telemed:phrases")
    return render(request, "telemed/desk/phrases.html", {"phrases": own_phrases(request.user), "form": form})


@require_POST
def phrase_removal(request: HttpRequest, number: int) -> HttpResponse:
    phrase = own_phrase(request.user, number)
    if phrase is None:
        raise Http404
    drop_phrase(phrase=phrase)
    messages.success(request, _("The phrase is removed."))
    return redirect("telemed:phrases")
