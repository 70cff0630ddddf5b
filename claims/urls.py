"""Claims: the claimant's side (urls_claimants), the reviewers' room (urls_desk), the payers' room (urls_payments)."""

from claims import urls_claimants, urls_desk, urls_payments

app_name = "claims"
urlpatterns = [*urls_payments.urlpatterns, *urls_desk.urlpatterns, *urls_claimants.urlpatterns]
