from policies.queries.cards import (
    PolicyCard,
    PolicyPage,
    is_another_person,
    policy_cards,
    policy_page,
    policy_with_insured,
)
from policies.queries.contacts import (
    brand_for_account,
    brand_of,
    contacts_on_paper,
    face_of_host,
    help_lines,
    help_of_everybody,
    host_of,
    insurer_for,
)
from policies.queries.documents import document_of, documents_wanted
from policies.queries.passwords import facts_about, words_of_account
from policies.queries.products import current_product, current_products, opens_another_programme
from policies.queries.registers import registers_at_work
from policies.queries.search import found_by

__all__ = [
    "PolicyCard",
    "PolicyPage",
    "brand_for_account",
    "brand_of",
    "contacts_on_paper",
    "current_product",
    "current_products",
    "document_of",
    "documents_wanted",
    "face_of_host",
    "facts_about",
    "found_by",
    "help_lines",
    "help_of_everybody",
    "host_of",
    "insurer_for",
    "is_another_person",
    "opens_another_programme",
    "policy_cards",
    "policy_page",
    "policy_with_insured",
    "registers_at_work",
    "words_of_account",
]
