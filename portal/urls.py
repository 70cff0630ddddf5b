from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from accounts.views.account import letter_sent
from accounts.views.sms import new_password
from activation.views import live
from policies.views.live import documents
from portal import probes, views
from telemed.urls import public_urlpatterns
from telemed.views.sitemap import sitemap

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
    path("", include("telemed.urls")),
    path("", include("claims.urls")),
    *i18n_patterns(path("", include((public_urlpatterns, "public")))),  # /kk/doctors/: for anybody (adr/0037)
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("accounts/", include("accounts.urls")),
    path("accounts/password/reset/", new_password, name="account_reset_password"),  # numbers too; allauth's else
    path("accounts/confirm-email/", letter_sent, name="account_email_verification_sent"),
    # Of allauth what we serve. Its pages of other people's sign-in services are not among them (accounts.urls).
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("staff/", admin.site.urls),
    path("", include("core.urls")),
    # Event streams: the front sends what begins with /live/ to another process.
    path("live/letter/", live.letter, name="live_letter"),
    path("live/policies/<uuid:public_id>/documents/", documents, name="live_documents"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
