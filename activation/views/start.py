"""The door: which programme, then what it asks."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import account_of, address_of
from activation.forms import FORMS, DoorForms
from activation.rules import Proof, Verdict
from activation.services.find import Finding, find_policy
from activation.services.prove import prove_by_own_contact
from activation.views.passage import hand_out, number_of
from policies.middleware import serve_for
from policies.models import ProductVersion
from policies.queries import current_product, current_products, offers_at_door
from policies.rules import Door


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """On an insurer's own host its programmes, on a neutral one everybody's; a single one needs no question."""
    insurer = request.insurer  # type: ignore[attr-defined]
    products = [p for p in current_products() if not insurer or p.product.insurer_id == insurer.pk]
    here = [p for p in products if p.terms.door != Door.ELSEWHERE]
    if len(products) == len(here) == 1:
        return redirect("activation:start", here[0].product.code)
    elsewhere = [p for p in products if p.terms.door == Door.ELSEWHERE]
    return render(request, "activation/programmes.html", {"here": here, "elsewhere": elsewhere})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    if product.terms.door.needs_account:
        return before_the_number(request, product)
    if first := owed_first(request, product):
        return first
    form = forms_of(product).facts(request.POST or None, phone=number_of(request))
    if form.is_valid() and (answer := answer_to(request, product, form)):
        return answer
    offers = offers_at_door(product, policy=None, now=timezone.now())
    context = {"product": product, "form": form, "refused": form.is_valid(), "offers": offers}
    return render(request, "activation/start.html", context)


def owed_first(request: HttpRequest, product: ProductVersion) -> HttpResponse | None:
    """Where this door begins with an account or with a number proved in this browser, and there is none yet."""
    code, door = product.product.code, product.terms.door
    if door.needs_account and not account_of(request):
        return redirect("activation:start", code)
    if door == Door.MOBILE and not number_of(request):
        return redirect("activation:mobile", code)
    return None


def before_the_number(request: HttpRequest, product: ProductVersion) -> HttpResponse:
    """SGZ-13: what will be needed, and the choice between registering and signing in."""
    if account_of(request):
        return redirect("activation:number", product.product.code)
    register, then = (reverse(f"activation:{page}", args=[product.product.code]) for page in ("registration", "number"))
    page = {"product": product, "register": register, "then": then}
    return render(request, "activation/registration/before.html", page)


def answer_to(request: HttpRequest, product: ProductVersion, form: Any) -> HttpResponse | None:
    """Where the facts of a valid form lead. None: nowhere, and the page says so in the same words whatever was wrong."""
    finding = find_policy(
        product=product, facts=form.facts, source=address_of(request), by=account_of(request), now=timezone.now()
    )
    if finding.verdict == Verdict.ASKED_MORE:
        return ask_more(request, product, form)
    return None if finding.verdict.is_neutral else onward(request, product, finding, proof=None)


def forms_of(product: ProductVersion) -> DoorForms:
    return FORMS[product.terms.door]


def ask_more(request: HttpRequest, product: ProductVersion, form: Form) -> HttpResponse:
    """The page of a locked ID, with what was typed: the same for right and for wrong facts."""
    typed = forms_of(product).recovery(initial={**form.initial, **form.cleaned_data}, phone=number_of(request))
    here = reverse("activation:recovery", args=[product.product.code])
    context = {"product": product, "form": typed, "asks_everybody": True, "page_address": here}
    return render(request, "activation/recovery.html", context)


def product_at_door(request: HttpRequest, code: str) -> ProductVersion:
    """From here the page speaks for the programme's insurer. 404 for a programme without a door here."""
    product = current_product(code)
    if not product or product.terms.door == Door.ELSEWHERE:
        raise Http404
    serve_for(request, product.product.insurer)
    return product


def onward(request: HttpRequest, product: ProductVersion, finding: Finding, *, proof: Proof | None) -> HttpResponse:
    """The facts were right: where they lead, with a passage for this browser."""
    policy: Any = finding.policy
    if finding.verdict == Verdict.WAITING:
        return hand_out(redirect("activation:waiting", product.product.code), policy, proof)
    user = account_of(request)
    if finding.verdict == Verdict.PROVE and not proof and user:
        proof = prove_by_own_contact(policy=policy, user=user, now=timezone.now())
    if finding.verdict == Verdict.PROVE and not proof:
        return hand_out(redirect("activation:proof", product.product.code), policy, None)
    return hand_out(redirect("activation:account", product.product.code), policy, proof or finding.proof)
