"""What screens of activation read: the door's pages, what happened there, the operator's page of a person (desk)."""

from activation.queries.declared import Known, known_to, words_of_declarations
from activation.queries.desk import AccountFile, PersonPage, PolicyFile, person_page
from activation.queries.doors import (
    WaitingPage,
    accounts_of,
    activation_with_policy,
    active_one,
    finished_for,
    has_outgrown,
    is_pending,
    letter_was_refused,
    opening_of,
    policies_without_a_code,
    reminder_of,
    waiting_page,
)
from activation.queries.locks import Locks, keys_at_door, locks_at
from activation.queries.steps import doors_tried, last_change, steps_at
from activation.queries.watch import finished_activations, open_activations, open_breakers

__all__ = [
    "AccountFile",
    "Known",
    "Locks",
    "PersonPage",
    "PolicyFile",
    "WaitingPage",
    "accounts_of",
    "activation_with_policy",
    "active_one",
    "doors_tried",
    "finished_activations",
    "finished_for",
    "has_outgrown",
    "is_pending",
    "keys_at_door",
    "known_to",
    "last_change",
    "letter_was_refused",
    "locks_at",
    "open_activations",
    "open_breakers",
    "opening_of",
    "person_page",
    "policies_without_a_code",
    "reminder_of",
    "steps_at",
    "waiting_page",
    "words_of_declarations",
]
