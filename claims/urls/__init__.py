"""Claims: the claimant's side, the reviewers' room, the payers' room."""

from claims.urls import claimants, desk, payments

app_name = "claims"
urlpatterns = [*payments.urlpatterns, *desk.urlpatterns, *claimants.urlpatterns]
