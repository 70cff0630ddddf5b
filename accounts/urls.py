from django.urls import path

from accounts import views

urlpatterns = [
    path("language/", views.language, name="language"),
    path("letter/", views.letter, name="account_letter"),
    path("link/<str:key>/", views.link, name="staff_link"),
]
