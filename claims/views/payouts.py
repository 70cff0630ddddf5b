"""The claimant's payments: what was paid, what comes, why so much, what a delay costs; and another account for what comes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims.forms.money import AccountForm
from claims.queries.payments.mine import Account, account_of, accounts_of, payments_of, sums_of
from claims.rules.life import WrongMoment
from claims.services.accounts import ask_for_account
from claims.views.case import NOT_NOW
from claims.views.doors import Seat, freshly, seated
from core.errors import InputError
from core.form_tokens import sent_once


@never_cache
@require_safe
@seated
def payouts(request: HttpRequest, seat: Seat) -> HttpResponse:
    claim = seat.claim
    page = {
        "claim": claim, "sums": sums_of(claim), "accounts": accounts_of(claim),
        "payments": payments_of(claim, today=claim.insurer.today(timezone.now())),
    }  # fmt: skip
    return render(request, "claims/payouts.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@freshly
def account(request: HttpRequest, seat: Seat, payee: UUID) -> HttpResponse:
    """Bank details ask once more who it is (decisions.md, Activation)."""
    answer: HttpResponse = sent_once(account_page)(request, seat, payee)  # type: ignore[assignment]
    return answer


def account_page(request: HttpRequest, seat: Seat, payee: UUID) -> HttpResponse:
    found, form = account_of(seat.claim, payee), AccountForm(request.POST or None)
    if found is None:
        raise Http404
    if not found.may_change:
        messages.error(request, NOT_NOW)
        return redirect("claims:case_payouts", seat.claim.public_id)
    if form.is_valid() and is_asked(request, seat, found, form):
        return redirect("claims:case_payouts", seat.claim.public_id)
    return render(request, "claims/account.html", {"claim": seat.claim, "account": found, "form": form})


def is_asked(request: HttpRequest, seat: Seat, account: Account, form: AccountForm) -> bool:
    """False: the form says why not."""
    payee, iban = account.payee, form.cleaned_data["iban"]
    try:
        ask_for_account(payee=payee, iban=iban, by=seat.user, guest=seat.guest, now=timezone.now())
    except InputError as refused:
        form.add_error("iban", refused.message)
        return False
    except WrongMoment:
        messages.error(request, NOT_NOW)
    else:
        messages.success(
            request, _("It is with us. We check it and write to you; until then the account stays as it is.")
        )
    return True
