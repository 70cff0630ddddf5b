"""Before the waiting period is over: a page, not an error (NSK-20)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import account_of
from activation.forms import AddressForm, IdAndBirthDateForm
from activation.queries import opening_of, reminder_of, waiting_page
from activation.services.remind import ask_reminder
from activation.views.passage import Passage, passage_of
from activation.views.start import product_at_door
from core.calendar_file import day_event
from core.links import public_url
from policies.models import ProductVersion


@never_cache
@require_safe
def waiting(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage or is_over(passage):
        return redirect("activation:start", code)
    return show(request, product, passage, AddressForm())


@never_cache
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage or is_over(passage):
        return redirect("activation:start", code)
    url = public_url("activation:start", code)
    file = day_event(
        uid=f"activation-{passage.policy.public_id}",
        day=waiting_page(passage.policy, today=passage.policy.insurer.today(timezone.now())).opens_on,
        title=_("Activation opens: %(product)s") % {"product": product.name},
        text=_("You will need the ID of the insured person and an e-mail that you can open on your phone. %(url)s")
        % {"url": url},
        url=url,
        made_at=timezone.now(),
    )
    return HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activation.ics"'},
    )


@require_POST
def reminder(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage or is_over(passage):
        return redirect("activation:start", code)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return show(request, product, passage, form)
    ask_reminder(
        policy=passage.policy, email=form.cleaned_data["email"], language=translation.get_language() or "ru",
        by=account_of(request), now=timezone.now(),
    )  # fmt: skip
    return redirect("activation:waiting", code)


def is_over(passage: Passage) -> bool:
    opens = opening_of(passage.policy)
    return not opens or opens.is_open(passage.policy.insurer.today(timezone.now()))


def show(request: HttpRequest, product: ProductVersion, passage: Passage, reminder_form: AddressForm) -> HttpResponse:
    policy = passage.policy
    context: dict[str, Any] = {
        "product": product,
        "policy": policy,
        "page_address": reverse("activation:waiting", args=[product.product.code]),
        "page": waiting_page(policy, today=policy.insurer.today(timezone.now())),
        "form": reminder_form,
        "reminder": reminder_of(policy),
        "find_form": IdAndBirthDateForm(
            initial={"insured_id": policy.insured_id, "birth_date": policy.insured.birth_date}
        ),
    }
    return render(request, "activation/waiting.html", context)
