"""The second proof, for whom the facts found; and the whole way at once for whom step 1 refuses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import account_of, address_of
from activation.forms import ProofForm
from activation.services.prove import find_policy_with_proof, prove, send_code, send_code_to_insured
from activation.views.passage import hand_out, number_of, passage_of
from activation.views.start import forms_of, onward, owed_first, product_at_door
from core.form_tokens import sent_once
from core.phones import mask_contact
from policies.rules import Door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def proof(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage:
        return redirect("activation:start", code)
    form = ProofForm(request.POST or None)
    if form.is_valid():
        found = prove(
            policy=passage.policy, answer=form.cleaned_data["answer"], by=account_of(request), now=timezone.now()
        )
        if found:
            return hand_out(redirect("activation:account", code), passage.policy, found, passage.nonce)
        form.add_error("answer", _("This does not match. Check the code or the number, or call us"))
    person = passage.policy.insured
    on_file = person.phone or person.email
    contact = mask_contact(on_file) if on_file else ""
    context = {"product": product, "policy": passage.policy, "form": form, "contact": contact}
    return render(request, "activation/proof.html", context)


@require_POST
@sent_once
def codes(request: HttpRequest, code: str) -> HttpResponse:
    """Send a code to the contact on file."""
    product = product_at_door(request, code)
    passage = passage_of(request, product)
    if not passage:
        return redirect("activation:start", code)
    if send_code(policy=passage.policy, by=account_of(request), now=timezone.now()):
        messages.success(request, _("The code is on its way. It is good for 10 minutes"))
    else:
        messages.warning(request, _("We have sent a code already. Wait a minute before asking for another, or call us"))
    return redirect("activation:proof", code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recovery(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    if first := owed_first(request, product):
        return first
    form = forms_of(product).recovery(request.POST or None, phone=number_of(request))
    if form.is_valid():
        finding, found = find_policy_with_proof(
            product=product, facts=form.facts, answer=form.cleaned_data["answer"], source=address_of(request),
            by=account_of(request), now=timezone.now(),
        )  # fmt: skip
        if found:
            return onward(request, product, finding, proof=found)
    context = {"product": product, "form": form, "refused": form.is_valid()}
    return render(request, "activation/recovery.html", context)


@require_POST
def recovery_codes(request: HttpRequest, code: str) -> HttpResponse:
    """Send a code to whatever contact an ID has on file. The answer says nothing about the ID."""
    product = product_at_door(request, code)
    if first := owed_first(request, product):
        return first
    if product.terms.door == Door.MOBILE:  # it names no ID, and has proved a number already
        return redirect("activation:recovery", code)
    form = forms_of(product).recovery(request.POST)
    for not_yet in set(form.fields) - {"insured_id"}:  # whatever stands there stays there
        form.errors.pop(not_yet, None)
    if form.is_valid():
        send_code_to_insured(
            product=product, insured_id=form.cleaned_data["insured_id"], source=address_of(request),
            by=account_of(request), now=timezone.now(),
        )  # fmt: skip
        messages.info(request, _("If we know this ID and a phone or e-mail for it, a code is on its way"))
    here = reverse("activation:recovery", args=[product.product.code])
    return render(request, "activation/recovery.html", {"product": product, "form": form, "page_address": here})
