"""Taking a confirmed register over: a constant number of statements in one transaction, whatever the rows.

All or nothing. Repeating a register changes nothing. What a row leaves out stays as it is.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_noop

from core import audit
from core.names import search_key, sort_key
from policies.models import Insurer, Person, Register
from policies.rules.registers import Event
from policies.services.register_check import OUTCOME, count_rows
from policies.services.register_matching import (
    ACTIVATED,
    CONFIRMED,
    CONTACTS,
    PERSON_FACTS,
    POLICY_FACTS,
    match,
    new_value,
    prepare,
)
from policies.services.registers import move


def apply_register(*, register: Register, now: datetime) -> None:
    """In the worker's transaction, which holds the register's lock."""
    # Two registers of one insurer would both find an ID missing and both insert it: one after the other.
    Insurer.objects.select_for_update(no_key=True).get(pk=register.product.insurer_id)
    with connection.cursor() as cursor:
        prepare(cursor)
        match(cursor, register, rows=CONFIRMED, numbering=True)
        _write(cursor, register, now)
        cursor.execute(MOVED)
        register.moved = cursor.rowcount
        if register.moved:
            cursor.execute(RESTAGE, {"register": register.pk})
        count_rows(cursor, register, moved=bool(register.moved))
    move(register, Event.APPLY, by=register.confirmed_by, now=now)
    counts = {name: getattr(register, name) for name in ("rows", "new", "changed", "unchanged", "refused", "differing")}
    audit.record(
        gettext_noop("applied a register"), on=register, by=register.confirmed_by, scope=register.insurer.slug, **counts
    )


def _write(cursor: CursorWrapper, register: Register, now: datetime) -> None:
    facts: dict[str, Any] = {
        "insurer": register.product.insurer_id,
        "version": register.product.newest_version.pk,
        "register": register.pk,
        "register_id": str(register.public_id),
        "by": register.confirmed_by_id,
        "now": now,
    }
    for statement in (NEW_EMPLOYERS, NAMED_EMPLOYERS, NEW_PEOPLE, CHANGED_PEOPLE):
        cursor.execute(statement, facts)
    _write_keys_of_merged_names()
    for statement in (NEW_POLICIES, CHANGED_POLICIES, NEW_PARTIES, CHANGED_HOLDERS, EVENTS, DIFFERENCES):
        cursor.execute(statement, facts)


def _write_keys_of_merged_names() -> None:
    """A changed name of which a part was left out and kept: its keys are neither the old ones nor the row's."""
    people = list(Person.objects.raw(MERGED_NAMES))
    for person in people:
        person.search_key, person.sort_key = search_key(person.full_name), sort_key(person.full_name)
    Person.objects.bulk_update(people, ["search_key", "sort_key"], batch_size=10_000)


NEW_EMPLOYERS = """
INSERT INTO policies_organisation (id, insurer_id, name, bin)
SELECT id, %(insurer)s, name, bin FROM employers
WHERE is_new AND id IN (SELECT employer_id FROM matched WHERE errors = '')
"""

NAMED_EMPLOYERS = """
UPDATE policies_organisation SET name = employers.name
FROM employers
WHERE employers.id = policies_organisation.id
    AND policies_organisation.name = policies_organisation.bin AND employers.name <> employers.bin
"""

NEW_PEOPLE = f"""
INSERT INTO policies_person
    (id, public_id, insurer_id, {", ".join(PERSON_FACTS)}, {", ".join(CONTACTS)}, search_key, sort_key)
SELECT
    person_id, gen_random_uuid(), %(insurer)s,
    {", ".join((*PERSON_FACTS, *CONTACTS))}, search_key, sort_key
FROM matched WHERE errors = '' AND person_is_new AND speaks
"""

CHANGED_PEOPLE = f"""
UPDATE policies_person AS person SET
    {", ".join(f"{field} = {new_value('person', field)}" for field in PERSON_FACTS)},
    {
    ", ".join(
        f"{field} = CASE WHEN {ACTIVATED} THEN person.{field} ELSE {new_value('person', field)} END"
        for field in CONTACTS
    )
},
    search_key = incoming.search_key, sort_key = incoming.sort_key
FROM changed JOIN matched AS incoming USING (line)
WHERE of_person AND person.id = person_id
"""

MERGED_NAMES = """
SELECT person.*
FROM changed JOIN matched AS incoming USING (line) JOIN policies_person AS person ON person.id = person_id
WHERE of_person AND (person.surname, person.given_name, person.patronymic)
    IS DISTINCT FROM (incoming.surname, incoming.given_name, incoming.patronymic)
"""

NEW_POLICIES = """
INSERT INTO policies_policy (
    id, public_id, insurer_id, product_version_id, insured_id, insured_key, contract_kind, contract_number, contract_key,
    card_number, card_key, signed_on, cover_starts_on, cover_ends_on, sum_insured
)
SELECT
    policy_id, gen_random_uuid(), %(insurer)s, %(version)s, insured_id, insured_key, contract_kind, contract_number,
    contract_key, card_number, card_key, signed_on, cover_starts_on, cover_ends_on, sum_insured
FROM matched WHERE errors = '' AND is_new
"""

CHANGED_POLICIES = f"""
UPDATE policies_policy AS policy SET
    {", ".join(f"{field} = {new_value('policy', field)}" for field in (*POLICY_FACTS, "contract_key", "card_key"))}
FROM changed JOIN matched AS incoming USING (line)
WHERE of_policy AND policy.id = policy_id
"""

# Whoever has an individual contract of their own is its policyholder; of a corporate one it is the employer, if named.
NEW_PARTIES = """
INSERT INTO policies_party (policy_id, person_id, organisation_id, role)
SELECT policy_id, person_id, NULL, 'insured' FROM matched WHERE errors = '' AND is_new
UNION ALL
SELECT policy_id, CASE WHEN employer_id IS NULL THEN person_id END, employer_id, 'policyholder'
FROM matched
WHERE errors = '' AND is_new AND (employer_id IS NOT NULL OR contract_kind = 'individual')
"""

CHANGED_HOLDERS = """
INSERT INTO policies_party (policy_id, organisation_id, role)
SELECT policy_id, employer_id, 'policyholder' FROM changed JOIN matched USING (line) WHERE of_holder
ON CONFLICT (policy_id) WHERE role = 'policyholder'
DO UPDATE SET organisation_id = excluded.organisation_id, person_id = NULL
"""

EVENTS = """
INSERT INTO policies_policyevent (policy_id, at, kind, by_id, detail)
SELECT
    policy_id, %(now)s, CASE WHEN is_new THEN 'issued' ELSE 'corrected' END, %(by)s,
    jsonb_build_object('register', %(register_id)s::text) || coalesce(detail, '{}')
FROM matched LEFT JOIN changed USING (line)
WHERE errors = '' AND (is_new OR changed.line IS NOT NULL)
"""

DIFFERENCES = """
INSERT INTO policies_difference
    (public_id, person_id, register_id, field, on_file, in_register, found_at, resolution, reason)
SELECT gen_random_uuid(), person_id, %(register)s, field, on_file, in_register, %(now)s, '', '' FROM differing
ON CONFLICT (person_id, field) WHERE resolution = ''
DO UPDATE SET register_id = excluded.register_id, on_file = excluded.on_file, in_register = excluded.in_register,
    found_at = excluded.found_at
"""

# What the preview said and has changed since: few rows, or none.
MOVED = f"""
INSERT INTO moved
SELECT line, errors, {OUTCOME}, coalesce(detail, '{{}}')
FROM matched LEFT JOIN changed USING (line)
WHERE {OUTCOME} <> matched.outcome OR coalesce(detail, '{{}}') <> matched.changes
"""

RESTAGE = """
UPDATE policies_registerrow AS staged SET errors = moved.errors, outcome = moved.outcome, changes = moved.changes
FROM moved WHERE staged.register_id = %(register)s AND staged.line = moved.line
"""
