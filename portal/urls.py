from django.contrib import admin
from django.urls import include, path

from accounts.views.sms import new_password
from activation.views import live
from portal import probes, views

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many_tries"  # allauth asks for it
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("policies/", include("policies.urls")),
    path("activate/", include("activation.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/password/reset/", new_password, name="account_reset_password"),  # numbers too; allauth's else
    path("accounts/", include("allauth.urls")),
    path("staff/", admin.site.urls),
    path("", include("core.urls")),
    # Event streams: the front sends what begins with /live/ to another process.
    path("live/letter/", live.letter, name="live_letter"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
