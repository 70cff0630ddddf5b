from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("<uuid:public_id>/", views.policy, name="policy"),
    path("<uuid:public_id>/documents/<uuid:document_id>/", views.document, name="document"),
    path("brand/<slug:slug>.css", views.brand, name="brand"),
]
