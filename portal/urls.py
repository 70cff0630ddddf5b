from django.contrib import admin
from django.urls import include, path

from activation.views import live
from portal import views

handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("policies/", include("policies.urls")),
    path("activate/", include("activation.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path(
        "live/letter/", live.letter, name="live_letter"
    ),  # under /live/ lie event streams: another process serves them
    path("staff/", admin.site.urls),
    path("", include("core.urls")),
]
