"""Claims: the claimant's side (urls_claimants), the reviewers' room (urls_desk)."""

from claims import urls_claimants, urls_desk

app_name = "claims"
urlpatterns = [*urls_desk.urlpatterns, *urls_claimants.urlpatterns]
