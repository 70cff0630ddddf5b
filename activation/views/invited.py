"""A personal link from a mailing: the policy is known, and that the letter arrived proves the address on file."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import account_of, address_of
from activation.forms import as_typed
from activation.models import PersonalLetter
from activation.queries.mailings import letter_of_link
from activation.rules import Proof, Verdict
from activation.services.find import find_policy
from activation.views.registration import INVITED, who_it_is
from activation.views.start import forms_of, onward, product_at_door
from policies.models import ProductVersion


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The door's other facts are asked, under the same limits: a forwarded link alone opens nothing."""
    letter = letter_of_link(token, now=timezone.now())
    if letter is None:
        return render(request, "activation/invited_dead.html")
    product = product_at_door(request, letter.mailing.product.code)
    asked = forms_of(product).invited
    if asked is None:  # the programme's door has changed since
        raise Http404
    known = who_it_is(request, product) if product.terms.door.needs_account else None
    if product.terms.door.needs_account and not known:
        return first_the_account(request, product, letter, token)
    initial = as_typed(known.declared) if known else None
    form = asked(request.POST or None, known=letter.policy.insured_id, initial=initial)
    if form.is_valid():
        finding = find_policy(
            product=product, facts=form.facts, source=address_of(request), by=account_of(request), now=timezone.now()
        )
        if finding.verdict == Verdict.ASKED_MORE:
            return redirect("activation:recovery", product.product.code)
        if not finding.verdict.is_neutral:
            return onward(request, product, finding, proof=Proof.CONTACT_CODE)
    page = {"product": product, "letter": letter, "form": form, "refused": form.is_valid()}
    return render(request, "activation/invited.html", page)


def first_the_account(
    request: HttpRequest, product: ProductVersion, letter: PersonalLetter, token: str
) -> HttpResponse:
    """SGZ-13: registering, signing in or saying who one is; each of them comes back to this link."""
    declare, register = (
        f"{reverse(f'activation:{page}', args=[product.product.code])}?{urlencode({INVITED: token})}"
        for page in ("declaration", "registration")
    )
    if account_of(request):
        return redirect(declare)
    page = {"product": product, "letter": letter, "register": register, "then": request.path}
    return render(request, "activation/registration/before.html", page)
