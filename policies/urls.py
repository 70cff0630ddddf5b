from django.urls import path

from policies.views import family
from policies.views import policies as views

app_name = "policies"
urlpatterns = [
    path("family/", family.family, name="family"),
    path("family/<uuid:person>/invitation/", family.invite, name="invite"),
    path("family/invitations/<uuid:public_id>/end/", family.end, name="end_invitation"),
    path("family/invitation/<str:key>/", family.invitation, name="invitation"),
    path("family/invitation/<str:key>/account/", family.account, name="invited_account"),
    path("looks/", views.looks, name="looks"),
    path("<uuid:public_id>/", views.policy, name="policy"),
    path("<uuid:public_id>/documents/", views.documents, name="documents"),
    path("<uuid:public_id>/documents/<uuid:document_id>/", views.document, name="document"),
    path("consents/", views.consents, name="consents"),
    path("consents/<uuid:public_id>/", views.consent, name="consent"),
    path("consents/<uuid:public_id>/withdrawal/", views.withdrawal, name="consent_withdrawal"),
    path("brand/<slug:slug>.css", views.brand, name="brand"),
]
