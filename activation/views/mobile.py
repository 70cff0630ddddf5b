"""The door that begins with a mobile number: a code proves it in this browser, then the door asks who is insured (TM-21)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import MobileForm
from accounts.queries import account_of, account_of_phone
from accounts.views.codes import code_page, is_sent
from accounts.views.sms import may_sign_in, signed_in
from activation.views.passage import remember_number
from activation.views.start import product_at_door
from policies.models import ProductVersion
from policies.rules import Door

PURPOSE = "activation:mobile"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, code: str) -> HttpResponse:
    """Anybody's may get a code: the number on file may be an old one, and whoever asks learns nothing by it."""
    product = product_at_door(request, code)
    if product.terms.door != Door.MOBILE:
        return redirect("activation:start", code)
    form = MobileForm(request.POST or None)
    if form.is_valid() and is_sent(request, form, purpose=PURPOSE, to=None, to_anybody=True):
        return redirect("activation:mobile_code", code)
    return render(request, "activation/mobile.html", {"product": product, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_code(request: HttpRequest, code: str) -> HttpResponse:
    product = product_at_door(request, code)
    again = reverse("activation:mobile", args=[code])
    return code_page(
        request, "activation/mobile_code.html", purpose=PURPOSE, again=again, product=product,
        onward=lambda phone: proved(request, product, phone),
    )  # fmt: skip


def proved(request: HttpRequest, product: ProductVersion, phone: str) -> HttpResponse:
    """On to the name; the account that has the number is signed in by the way, as by a code at the entrance."""
    onward = reverse("activation:start", args=[product.product.code])
    owner = account_of_phone(phone)
    if owner is None or account_of(request):
        return remember_number(redirect(onward), phone)
    is_enough = may_sign_in(request, owner)
    response = signed_in(request, owner, then=onward)
    return remember_number(response, phone) if is_enough else response
