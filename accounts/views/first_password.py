"""Behind the link of the SMS that names the login: a password of one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.adapters import brand_in
from accounts.forms import SetPasswordForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the link spends nothing: telephones look behind links by themselves."""
    now = timezone.now()
    try:
        user = services.owner_of_first_password(key=key, now=now)
        form = SetPasswordForm(user, request.POST or None)
        if form.is_valid():
            brand = brand_in(user.language, request=request, user=user)
            password = form.cleaned_data["password1"]
            user = services.choose_first_password(key=key, password=password, brand=brand, now=now)
            services.keep_signed_in(request, user=user)
            messages.success(request, _("The password is saved. You sign in with your number and this password"))
            return redirect("home" if request.user.is_authenticated else "account_login")
    except services.LinkSpent:
        return render(request, "accounts/first_password_spent.html")
    return render(request, "accounts/first_password.html", {"form": form, "phone": user.phone})
