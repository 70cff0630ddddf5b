"""Consents: the texts as they were published, and every act of giving and withdrawing. Both only grow."""

import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.languages import in_language
from core.models import AppendOnly
from policies.models.insurers import Insurer
from policies.models.people import Person
from policies.rules.consents import ConsentCode, ConsentEvent, ConsentWords


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def current(self) -> "ConsentTextQuerySet":
        """The newest number of each text."""
        of_the_same = ConsentText.objects.filter(insurer=models.OuterRef("insurer"), code=models.OuterRef("code"))
        newest = of_the_same.order_by("-number").values("pk")[:1]
        return self.filter(pk=models.Subquery(newest)).select_related("insurer")


class ConsentText(AppendOnly):
    """One version of what somebody reads before agreeing. A change is a new number, never an edit."""

    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="consent_texts", db_index=False)
    code = models.CharField(_("consent"), max_length=20, choices=ConsentCode.choices)
    number = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64)  # of its content (core.facts)
    content = models.JSONField()  # rules.consents.ConsentWords

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        constraints = [models.UniqueConstraint(fields=["insurer", "code", "number"], name="consent_text_number")]

    def __str__(self) -> str:
        return f"{self.title_in()} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        ConsentWords.from_data(self.content)  # what cannot be read is not published
        super().save(*args, **kwargs)

    @cached_property
    def words(self) -> ConsentWords:
        return ConsentWords.from_data(self.content)

    def title_in(self, language: str | None = None) -> str:
        return in_language(self.words.titles, language)

    def text_in(self, language: str | None = None) -> str:
        return in_language(self.words.texts, language)

    @property
    def after_withdrawal(self) -> str:
        return in_language(self.words.after_withdrawal)


class ConsentActQuerySet(models.QuerySet["ConsentAct"]):
    def of(self, user: Any, *, person: Person | None, texts: Iterable[ConsentText]) -> "ConsentActQuerySet":
        """Everything that happened to these consents, in whichever version, the latest last."""
        codes = models.Q(pk__in=[])
        for text in texts:
            codes |= models.Q(text__insurer=text.insurer_id, text__code=text.code)
        return self.filter(codes, user=user, person=person).select_related("text").order_by("pk")


class ConsentAct(AppendOnly):
    """NL-4.2d: who gave or withdrew what, when, for whom, and in which language it was read. The latest one counts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # No constraint: the act outlives the account, and the web role could not set it to NULL.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="consent_acts"
    )
    # Whose data it is about; nobody yet where an account begins before its first policy.
    person = models.ForeignKey(Person, models.DO_NOTHING, null=True, related_name="consent_acts")
    text = models.ForeignKey(ConsentText, models.DO_NOTHING, related_name="acts")
    event = models.CharField(_("act"), max_length=9, choices=ConsentEvent.choices)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = ConsentActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of consent")
        verbose_name_plural = _("acts of consent")
        indexes = [models.Index(fields=["user", "id"], name="consent_acts_of_account")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.text} {self.get_event_display()}"

    def get_absolute_url(self) -> str:
        return reverse("policies:consent", args=[self.public_id])

    @property
    def is_given(self) -> bool:
        return self.event == ConsentEvent.GIVEN

    @property
    def title(self) -> str:
        """In the language of the page; `title_read` and `text_read` in the one that was read."""
        return self.text.title_in()

    @property
    def text_read(self) -> str:
        return self.text.text_in(self.language)
