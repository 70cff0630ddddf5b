"""Step 3: the letter. Its link proves the address; the browser that began, or the password, opens the cabinet."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services as accounts
from activation.forms import AddressForm, FirstPasswordForm
from activation.models import Activation
from activation.queries import letter_was_refused
from activation.rules import OPEN_STATES, State
from activation.services.begin import activation_of_link, correct_address, send_letter_again
from activation.services.finish import confirm_address, confirm_with_password
from activation.views.passage import begun_in, forget
from core.form_tokens import sent_once
from policies.middleware import serve_for


@never_cache
@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    """Once the address is proved, wherever that was, the page says so: a reload is enough, a stream does it by itself."""
    activation = begun_in(request)
    if activation and activation.state == State.FINISHED:
        return forget(redirect("account_login"))
    if not activation or activation.state not in OPEN_STATES:
        return redirect("activation:programmes")
    if activation.state == State.CONFIRMED:
        serve_for(request, activation.policy.insurer)
        return render(request, "activation/ready.html")
    return show(request, activation, AddressForm(initial={"email": activation.email}))


@require_POST
@sent_once
def copies(request: HttpRequest) -> HttpResponse:
    """One more letter with a new link."""
    activation = begun_in(request)
    if activation and send_letter_again(activation=activation, by=None, now=timezone.now()):
        messages.success(request, _("We have sent a new letter. The link in the earlier one no longer works"))
    else:
        messages.warning(request, _("We send a letter once in 3 minutes, 5 a day. Look into the spam folder as well"))
    return redirect("activation:letter")


@never_cache
@require_POST
@sent_once
def address(request: HttpRequest) -> HttpResponse:
    activation = begun_in(request)
    if not activation:
        return redirect("activation:programmes")
    form = AddressForm(request.POST)
    if not form.is_valid():
        return show(request, activation, form)
    if correct_address(activation=activation, email=form.cleaned_data["email"], now=timezone.now()):
        messages.success(request, _("The address is corrected, the letter is on its way"))
    else:
        messages.warning(request, _("We send a letter once in 3 minutes, 5 a day. Look into the spam folder as well"))
    return redirect("activation:letter")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """«I have opened the link»: this browser began, so it may go in once the address is proved, wherever that was."""
    activation = begun_in(request)
    if not activation or activation.state not in OPEN_STATES:
        return forget(redirect("account_login"))
    if activation.state == State.PENDING:
        messages.warning(
            request, _("The address is not confirmed yet. Open the letter and press the button behind its link")
        )
        return redirect("activation:letter")
    return go_in(request, activation)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: mail scanners follow links. One that posts as well has proved the address, no more."""
    activation = activation_of_link(token)
    if not activation:
        return render(request, "activation/dead_link.html")
    serve_for(request, activation.policy.insurer)
    if activation.state == State.PENDING and activation.owes_password:
        return first_password(request, activation)
    if request.method != "POST" and activation.state == State.PENDING:
        return render(request, "activation/confirm.html", {"activation": activation})
    if not confirm_address(activation=activation, now=timezone.now()):
        return render(request, "activation/dead_link.html")
    begun = begun_in(request)
    if request.method == "POST" and begun and begun.pk == activation.pk and begun.state == State.CONFIRMED:
        return go_in(request, begun)
    return render(request, "activation/confirmed.html", {"activation": activation})


def first_password(request: HttpRequest, activation: Activation) -> HttpResponse:
    """KIH-04: the letter leads to a password of the person's own. A mail scanner that posts chooses none."""
    form = FirstPasswordForm(request.POST or None, policy=activation.policy, address=activation.email)
    if form.is_valid():
        password = form.cleaned_data["password"]
        if confirm_with_password(activation=activation, password=password, now=timezone.now()):
            activation.refresh_from_db()
            return go_in(request, activation)
        return render(request, "activation/dead_link.html")
    return render(request, "activation/first_password.html", {"activation": activation, "form": form})


def go_in(request: HttpRequest, activation: Activation) -> HttpResponse:
    """Signing in finishes the activation (services.finish.finish_on_sign_in), so a second time there is no way in here."""
    if not activation.user:  # a confirmed activation without its account: nobody to sign in
        return forget(redirect("account_login"))
    response = accounts.sign_in(request, user=activation.user, method="activation", then=reverse("home"))
    messages.success(request, _("The policy is activated. From now on you sign in with your e-mail and password"))
    return forget(response)


def show(request: HttpRequest, activation: Activation, form: AddressForm) -> HttpResponse:
    serve_for(request, activation.policy.insurer)
    context = {
        "activation": activation,
        "form": form,
        "page_address": reverse("activation:letter"),
        "is_live": settings.LIVE,
        "is_returned": letter_was_refused(activation),
    }
    return render(request, "activation/letter.html", context)
