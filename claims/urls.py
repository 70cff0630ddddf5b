"""Claims: the reviewers' room."""

from django.urls import path

from claims import urls_desk
from claims.views.desk import case

app_name = "claims"
urlpatterns = [*urls_payments.urlpatterns, *urls_desk.urlpatterns, path("claims/<uuid:public_id>/", urls_desk.staff(case.case), name="case")]
