from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("language/", views.language, name="language"),
    path("sessions/end/", views.end_session, name="end_session"),
    path("letter/", views.letter, name="letter"),
    path("link/<str:key>/", views.link, name="link"),
]
