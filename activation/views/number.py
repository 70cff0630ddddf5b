"""«Мои полисы»: a number and the personal data that have to match it (SGZ-11, SGZ-15, SGZ-16)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activation.forms import ChildForm, NumberForm
from activation.views.registration import product_of_members, texts_owed, who_it_is
from activation.views.start import answer_to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def number(request: HttpRequest, code: str) -> HttpResponse:
    """One's own policy: who one is has been declared and is shown to be checked."""
    product = product_of_members(request, code)
    known = who_it_is(request, product)
    if known is None:
        return redirect("activation:declaration", code)
    form = NumberForm(request.POST or None, declared=known.declared)
    if form.is_valid() and (answer := answer_to(request, product, form)):
        return answer
    context = {"product": product, "form": form, "known": known, "refused": form.is_valid()}
    return render(request, "activation/number.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def child(request: HttpRequest, code: str) -> HttpResponse:
    """A child's policy: the parent says who the child is, which is compared and not kept."""
    product = product_of_members(request, code)
    if texts_owed(request, product):
        return redirect("activation:declaration", code)
    form = ChildForm(request.POST or None)
    if form.is_valid() and (answer := answer_to(request, product, form)):
        return answer
    return render(request, "activation/child.html", {"product": product, "form": form, "refused": form.is_valid()})
