"""Who sees a claim and what hangs on it (adr/0046). Doctors and the call centre do not."""

from django.db.models import Q

from core.rows.walls import Among

MINE = Among(
    "people", "person", only=Q(by_guest=False)
)  # a guest's case is the guest's, also of a person with an account
GIVEN = Among("claim_keys", "public_id")  # a guest, whose access the view has just read
REVIEWING, PAYING = Among("reviews_claims", "insurer"), Among("pays_claims", "insurer")
CLAIMANTS, HANDLERS = [MINE, GIVEN], [REVIEWING, PAYING]
EVERYBODY = [*CLAIMANTS, *HANDLERS]
NOT_PAYING = [*CLAIMANTS, REVIEWING]  # what was told and sent is nothing to whoever pays
LENDING = Among("item_keys", "public_id")  # the bank, by its link, of its own document
# What a queue counts without reading the rows: the columns that the wall asks.
WALLED = ("person", "by_guest", "public_id")
