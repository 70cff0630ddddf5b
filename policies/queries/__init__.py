from policies.queries.cards import (
    PolicyCard,
    PolicyPage,
    home_facts,
    insured_by_iin,
    is_another_person,
    policy_cards,
    policy_in_full,
    policy_page,
    policy_with_insured,
)
from policies.queries.consents import Consent, consent_of, consent_texts, consents_of, has_consents
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
from policies.queries.cover import Offer, cover_for, covers_for, offers_at_door, offers_of
from policies.queries.documents import document_of, documents_wanted, languages_being_made
from policies.queries.family import (
    FamilyPage,
    Relation,
    family_page,
    invitation_of_link,
    invitation_to_end,
    is_invited,
    may_make,
    relation_to,
)
from policies.queries.looks import looks_at
from policies.queries.passwords import facts_about, words_of_account
from policies.queries.people import other_parties, policies_of
from policies.queries.products import current_product, current_products, opens_another_programme
from policies.queries.registers import registers_at_work
from policies.queries.search import found_by

__all__ = [
    "Consent",
    "FamilyPage",
    "Offer",
    "PolicyCard",
    "PolicyPage",
    "Relation",
    "brand_for_account",
    "brand_of",
    "consent_of",
    "consent_texts",
    "consents_of",
    "contacts_on_paper",
    "cover_for",
    "covers_for",
    "current_product",
    "current_products",
    "document_of",
    "documents_wanted",
    "face_of_host",
    "facts_about",
    "family_page",
    "found_by",
    "has_consents",
    "help_lines",
    "help_of_everybody",
    "home_facts",
    "host_of",
    "insured_by_iin",
    "insurer_for",
    "invitation_of_link",
    "invitation_to_end",
    "is_another_person",
    "is_invited",
    "languages_being_made",
    "looks_at",
    "may_make",
    "offers_at_door",
    "offers_of",
    "opens_another_programme",
    "other_parties",
    "policies_of",
    "policy_cards",
    "policy_in_full",
    "policy_page",
    "policy_with_insured",
    "registers_at_work",
    "relation_to",
    "words_of_account",
]
