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
from activation.views.passage import hand_out
from policies.middleware import serve_for
from policies.models import ProductVersion
from policies.queries import current_product, current_products
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
    form = forms_of(product).facts(request.POST or None)
    if form.is_valid():
        finding = find_policy(
            product=product, facts=form.facts, source=address_of(request), by=account_of(request), now=timezone.now()
        )
        if finding.verdict == Verdict.ASKED_MORE:
            return ask_more(request, product, form)
        if not finding.verdict.is_neutral:
            return onward(request, product, finding, proof=None)
    return render(request, "activation/start.html", {"product": product, "form": form, "refused": form.is_valid()})


def forms_of(product: ProductVersion) -> DoorForms:
    return FORMS[product.terms.door]


def ask_more(request: HttpRequest, product: ProductVersion, form: Form) -> HttpResponse:
    """The page of a locked ID, with what was typed: the same for right and for wrong facts."""
    typed = forms_of(product).recovery(initial=form.cleaned_data)
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
    if finding.verdict == Verdict.PROVE and not proof:
        return hand_out(redirect("activation:proof", product.product.code), policy, None)
    return hand_out(redirect("activation:account", product.product.code), policy, proof or finding.proof)
