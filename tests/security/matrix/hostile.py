"""Texts that would run, break out or be evaluated, in every column that people or files fill."""

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models
from phonenumber_field.modelfields import PhoneNumberField

from core.models import AppendOnly
from policies.models import Insurer, Policy, ProductVersion, RegisterRow
from telemed.models import Conclusion, QualityClaim

PAYLOADS = [
    "<script>alert(1)</script>", "\"><script>alert(2)</script>", "'><svg/onload=alert(3)>", "</title><svg onload=alert(4)>",
    "</textarea><b>5", "</script><script>alert(6)", "<img src=x onerror=alert(7)>", "\" onmouseover=\"alert(8)",
    "' onfocus='alert(9)' autofocus='", "<a href=javascript:alert(10)>x", "javascript:alert(11)//<", "<!--<b>12", "--><b>13",
    "]]><b>14", "<style>*{x:y}</style>", "<iframe srcdoc=x>", "<form action=//evil>", "<base href=//evil>",
    "<meta http-equiv=refresh>", "<link rel=import href=//evil>", "{{1234567*7}}<b>", "{% debug %}<b>", "${1234567*7}<b>",
    "<%= 7 %><b>", "&lt;b&gt;\"25", "\u202e<b>26\u202c", "\U0001f9a5<b>27", "%3Cscript%3E<b>28", "\\\"><b>29", "`<b>${30}`",
]  # fmt: skip
SHORT = "\"'><b>"  # where the others do not fit
MACHINES = {  # columns that only the portal fills
    "search_key", "sort_key", "insured_key", "contract_key", "card_key", "digest", "key_hash", "sha256", "nonce", "key",
    "password", "kind", "slug", "time_zone", "once", "scope", "errors", "warnings", "object_type", "object_id", "codename",
    "unreadable_reason", "proof", "purpose", "browser_hash", "room", "answers", "clock", "iban",
}  # fmt: skip
COUPLED = {"policies.Difference.reason", "claims.Suspension.sent_how"}  # given with a decision, with a day only
OURS = ("accounts", "telemed", "claims", "activation", "policies", "notices", "core", "account", "auth")
FIRST = 20  # characters below which a column is a code: a country, a sex, an IIN that is shown in part


def fill_every_text() -> None:
    """Rows that are written once are written once more."""
    payloads = cycle(PAYLOADS)
    for model in apps.get_models():
        if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy:
            for number, row in enumerate(model._default_manager.all()):
                hostile = {field.attname: text_for(field, number, payloads) for field in texts_of(model)}
                write(row, hostile)
    for insurer in Insurer.objects.all():
        Insurer.objects.filter(pk=insurer.pk).update(
            names=poisoned(insurer.names, payloads), contacts=poisoned(insurer.contacts, payloads)
        )
    RegisterRow.objects.exclude(given=[]).update(given=PAYLOADS[:18])
    RegisterRow.objects.filter(errors="").update(changes={"surname": PAYLOADS[:2]}, outcome="changed")
    for version in ProductVersion.objects.current():
        publish(version, payloads)


def texts_of(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if is_a_text(field)]


def is_a_text(field: Any) -> bool:
    if not isinstance(field, models.CharField | models.TextField) or isinstance(
        field, PhoneNumberField | models.SlugField
    ):
        return False
    if field.choices or field.name in MACHINES or str(field) in COUPLED:
        return False
    return (field.max_length or FIRST) >= FIRST


def text_for(field: Any, number: int, payloads: Iterator[str]) -> str:
    """A different text for each row: some columns are unique. All payloads at once where there is room."""
    room = (field.max_length or 4000) - 4
    fitting = "\n".join(PAYLOADS) if room > 1000 else next(payloads)
    return f"{fitting if len(fitting) <= room else SHORT}{number}"


def write(row: models.Model, hostile: dict[str, str]) -> None:
    if not hostile:
        return
    if not isinstance(row, AppendOnly):
        type(row)._default_manager.filter(pk=row.pk).update(**hostile)
    elif not isinstance(
        row, ProductVersion | Conclusion | QualityClaim
    ):  # one of a consultation: tests/telemed/test_after.py
        row.pk, row._state.adding = None, True
        if hasattr(row, "public_id"):
            row.public_id = uuid4()
        if hasattr(row, "sha256"):  # a file of a bank is read once
            row.sha256 = uuid4().hex * 2
        for name, text in hostile.items():
            setattr(row, name, text)
        row.save()


def poisoned(value: Any, payloads: Iterator[str]) -> Any:
    """Texts by language inside a JSON value, and what people read beside them."""
    if isinstance(value, dict):
        is_by_language = set(value) <= {"kk", "ru", "en"}
        return {
            key: next(payloads) if is_by_language or key in ("phone", "email") else poisoned(inner, payloads)
            for key, inner in value.items()
        }
    return [poisoned(inner, payloads) for inner in value] if isinstance(value, list) else value


def publish(version: ProductVersion, payloads: Iterator[str]) -> None:
    newer = ProductVersion.objects.create(
        product=version.product, number=version.number + 1, digest=f"hostile{version.pk}",
        content=poisoned(version.content, payloads),
    )  # fmt: skip
    Policy.objects.filter(product_version=version).update(product_version=newer)


# ── What must not be read ────────────────────────────────────────────────────
RAW = [payload for payload in [*PAYLOADS, SHORT] if set(payload) & set("<\"'")]
RUNNING_LINK = re.compile(r"""\b(?:href|src|action|formaction)\s*=\s*["']\s*javascript:""", re.I)
EVALUATED = str(1234567 * 7)


def found_alive(page: str) -> list[str]:
    """Payloads that a browser would run, or a template engine has."""
    alive = [payload for payload in RAW if payload in page]
    alive += RUNNING_LINK.findall(page)
    return alive + ([EVALUATED] if EVALUATED in page else [])
