"""The close ones: for whom an account acts, who acts for its people, and the way from an invitation to its answer."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services as accounts
from accounts.queries import account_of
from accounts.views.mobile import owner
from core.form_tokens import sent_once
from policies.forms import InvitationForm, InvitedPasswordForm
from policies.middleware import serve_for
from policies.models import Invitation
from policies.queries import family_page, invitation_of_link, invitation_to_end, is_invited, relation_to
from policies.services import family as services


@never_cache
@require_safe
@login_required
def family(request: HttpRequest) -> HttpResponse:
    return render(request, "policies/family/family.html", {"page": family_page(owner(request), now=timezone.now())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@sent_once
def invite(request: HttpRequest, person: UUID) -> HttpResponse:
    """With the password once more: what is given away here is somebody's health insurance."""
    user, now = owner(request), timezone.now()
    relation = relation_to(user, person, now=now)
    if relation is None:
        raise Http404
    form = InvitationForm(request.POST or None, own=user.email)
    if form.is_valid():
        email, language = form.cleaned_data["email"], translation.get_language() or "ru"
        try:
            services.invite(person=relation.person, email=email, by=user, language=language, now=now)
        except services.TooManyInvitations:
            form.add_error("email", _("Enough invitations for today. Try again tomorrow, or call us"))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": email})
            return redirect("policies:family")
    return render(request, "policies/family/invite.html", {"relation": relation, "form": form})


@require_POST
@login_required
@sent_once
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Withdraw an invitation, end what it gave, or give back what one was given."""
    user, now = owner(request), timezone.now()
    invitation = invitation_to_end(user, public_id, now=now)
    if invitation is None:
        raise Http404
    services.end_invitation(invitation=invitation, by=user, now=now)
    messages.success(request, _("It is ended."))
    return redirect("policies:family")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """The letter's link. A button first: mail scanners open links; and only whom the address belongs to may press it."""
    found = invitation_of_link(key, now=timezone.now())
    if found is None:
        return spent(request)
    serve_for(request, found.person.insurer)
    user = account_of(request)
    if user is None:
        return render(request, "policies/family/who_are_you.html", {"key": key, "here": request.path})
    if not is_invited(user, found):
        return render(request, "policies/family/not_for_you.html", {"is_own": found.by == user}, status=403)
    if request.method == "POST":
        return answer(request, found)
    return render(request, "policies/family/invitation.html", {"invitation": found})


def answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    accepts = request.POST.get("answer") == "accept"
    act = services.accept if accepts else services.decline
    try:
        act(invitation=invitation, user=owner(request), now=timezone.now())
    except services.InvitationSpent:
        return spent(request)
    except services.AlreadySees:
        messages.info(request, _("You see these policies already, by a right of your own. Nothing has changed."))
        return redirect("policies:family")
    messages.success(request, _("Accepted.") if accepts else _("Declined. Nothing has changed."))
    return redirect("policies:family")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, key: str) -> HttpResponse:
    """Whom the letter has reached and who has no account yet chooses a password here; the letter proves the address."""
    found = invitation_of_link(key, now=timezone.now())
    if found is None:
        return spent(request)
    here = reverse("policies:invitation", args=[key])
    if account_of(request):
        return redirect(here)
    serve_for(request, found.person.insurer)
    form = InvitedPasswordForm(request.POST or None, invitation=found)
    if form.is_valid():
        password, language = form.cleaned_data["password"], translation.get_language() or "ru"
        try:
            user = services.open_invited_account(
                invitation=found, password=password, language=language, now=timezone.now()
            )
            return accounts.sign_in(request, user=user, method="invitation", then=here)
        except accounts.AddressTaken:
            form.add_error(None, _("This address opens a cabinet already: sign in there"))
        except services.InvitationSpent:
            return spent(request)
    return render(request, "policies/family/account.html", {"form": form, "email": found.email, "here": here})


def spent(request: HttpRequest) -> HttpResponse:
    return render(request, "policies/family/spent.html", status=410)
