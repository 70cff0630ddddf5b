"""Which policies and people on file the rows of a register mean, and what they would change. Set-based, in PostgreSQL.

The same statements serve the preview and the apply, so that a confirmed preview says what happens; between the two the
file cabinet may have moved, and the apply asks again. A blank cell never changes anything.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from policies.models import Register
from policies.rules.register_rows import Reading

POLICY_FACTS = (
    "insured_id",
    "contract_kind",
    "contract_number",
    "card_number",
    "signed_on",
    "cover_starts_on",
    "cover_ends_on",
    "sum_insured",
)
PERSON_FACTS = ("surname", "given_name", "patronymic", "birth_date", "sex", "iin", "language")
CONTACTS = ("phone", "email")
NULLABLE = {"signed_on", "cover_starts_on", "cover_ends_on", "sum_insured", "birth_date", "iin"}


def prepare(cursor: CursorWrapper) -> None:
    """Empty tables that live until the end of the transaction, and a planner that knows what is coming.

    Foreign keys are looked up with each statement: put off to the commit, a million rows of them are held in memory.
    """
    for statement in (
        "SET CONSTRAINTS ALL IMMEDIATE",
        *PLANNING,
        *TABLES,
    ):  # one at a time, so that each can be prepared
        cursor.execute(statement)


def match(cursor: CursorWrapper, register: Register, *, rows: str, numbering: bool) -> None:
    """Fill `employers`, `matched`, `changed` and `differing` from READ or CONFIRMED rows; move conflicts to their errors.

    `matched` holds each row whole, so that no later statement joins it to itself. `numbering`: new people and policies
    are given the ids with which they will be inserted.
    """
    facts: dict[str, Any] = {
        "register": register.pk,
        "insurer": register.product.insurer_id,
        "versions": list(register.product.versions.values_list("pk", flat=True)),
        "numbering": numbering,
    }
    for statement in (EMPLOYERS.format(rows=rows), MATCHED.format(rows=rows), LOST_ZEROS, SEVERAL_IDS):
        cursor.execute(statement, facts)
    if cursor.rowcount:  # seldom: the next statement reads all rows again
        cursor.execute(SAME_IIN)
    cursor.execute(SEVERAL_ROWS)
    cursor.execute(DOUBTED)
    if cursor.rowcount:
        cursor.execute(CONTRADICTED)
    for statement in (REFUSED, SPEAKS, CHANGED, DIFFERING):
        cursor.execute(statement, facts)


FIELDS = ", ".join(Reading._fields)
READ = "incoming"
CONFIRMED = f"""(
    SELECT {FIELDS}, outcome, changes FROM policies_registerrow WHERE register_id = %(register)s AND errors = ''
) AS incoming"""


def given(field: str) -> str:
    return f"incoming.{field} IS NOT NULL" if field in NULLABLE else f"incoming.{field} <> ''"


def differs(table: str, field: str) -> str:
    return f"({given(field)} AND incoming.{field} IS DISTINCT FROM {table}.{field})"


def any_differs(table: str, fields: tuple[str, ...]) -> str:
    return " OR ".join(differs(table, field) for field in fields)


def new_value(table: str, field: str) -> str:
    """For an UPDATE: what the row gives, else what is on file."""
    return f"CASE WHEN {given(field)} THEN incoming.{field} ELSE {table}.{field} END"


def before_and_after(table: str, fields: tuple[str, ...], unless: str) -> str:
    return ", ".join(
        f"'{field}', CASE WHEN {differs(table, field)} AND NOT {unless}"
        f" THEN jsonb_build_array({table}.{field}::text, incoming.{field}::text) END"
        for field in fields
    )


ACTIVATED = "EXISTS (SELECT FROM policies_access WHERE person_id = person.id AND until IS NULL)"

# After a first register the statistics still say "no people, no policies" for a minute, and a loop over 100,000 rows
# times 100,000 rows looks cheap: measured 12 s instead of 0.1 s with 10,000. Hash joins have no such cliff.
PLANNING = ("SET LOCAL enable_nestloop = off", "SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'")

TABLES = (
    "DROP TABLE IF EXISTS"
    " pg_temp.incoming, pg_temp.several, pg_temp.shared, pg_temp.doubted, pg_temp.employers, pg_temp.matched,"
    " pg_temp.changed, pg_temp.moved, pg_temp.differing",
    f"""
    CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
        SELECT {FIELDS}, outcome, changes FROM policies_registerrow WITH NO DATA
    """,
    "CREATE TEMPORARY TABLE several (iin text) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE shared (person_id bigint) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE doubted (person_id bigint) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE moved (line integer, errors text, outcome text, changes jsonb) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE employers (key text, bin text, name text, id bigint, is_new boolean) ON COMMIT DROP",
    f"""
    CREATE TEMPORARY TABLE matched ON COMMIT DROP AS
        SELECT {FIELDS}, outcome, changes, 0::bigint AS policy_id, true AS is_new, 0::bigint AS person_id,
            true AS person_is_new, 0::bigint AS found_by_id, 0::bigint AS found_by_iin, 0::bigint AS employer_id,
            true AS speaks, '' AS conflict
        FROM policies_registerrow WITH NO DATA
    """,
    """
    CREATE TEMPORARY TABLE changed (
        line integer, of_policy boolean, of_person boolean, of_holder boolean, detail jsonb
    ) ON COMMIT DROP
    """,
    "CREATE TEMPORARY TABLE differing (person_id bigint, field text, on_file text, in_register text) ON COMMIT DROP",
)

# An employer is known by its BIN, else by its name. Of two spellings for one BIN the same one wins each time.
EMPLOYERS = """
WITH named AS (
    SELECT coalesce(employer_bin, employer_name) AS key, max(employer_bin) AS bin, max(employer_name) AS name
    FROM {rows}
    WHERE contract_kind = 'corporate' AND employer_name <> '' AND errors = ''
    GROUP BY 1
)
INSERT INTO employers
SELECT key, bin, name, coalesce(known.id, nextval('policies_organisation_id_seq')), known.id IS NULL
FROM named LEFT JOIN LATERAL (
    SELECT id FROM policies_organisation
    WHERE insurer_id = %(insurer)s
        AND (policies_organisation.bin = named.bin OR named.bin IS NULL AND policies_organisation.name = named.name)
    ORDER BY policies_organisation.bin NULLS FIRST, id
    LIMIT 1
) AS known ON true
"""

# By the ID, else by the IIN, else somebody new. A row is about another human than the one on file where two of birth
# date, IIN and name differ (a missing patronymic is no difference); where one differs, it is a correction.
MATCHED = """
INSERT INTO matched
SELECT
    incoming.*,
    CASE WHEN policy.id IS NULL AND %(numbering)s THEN nextval('policies_policy_id_seq') ELSE policy.id END,
    policy.id IS NULL,
    CASE WHEN person.id IS NULL AND %(numbering)s THEN nextval('policies_person_id_seq') ELSE person.id END,
    person.id IS NULL,
    insured.person_id,
    namesake.id,
    employers.id,
    true,
    concat_ws(' ',
        CASE WHEN policy.product_version_id <> ALL(%(versions)s) THEN 'insured_id:another_product' END,
        CASE WHEN namesake.id <> insured.person_id THEN 'iin:taken' END,
        CASE
            WHEN (person.birth_date <> incoming.birth_date)::int
                + coalesce(person.iin <> incoming.iin, false)::int
                + (NOT starts_with(person.search_key, incoming.search_key)
                    AND NOT starts_with(incoming.search_key, person.search_key))::int > 1
            THEN CASE WHEN policy.id IS NULL THEN 'iin:another_person' ELSE 'insured_id:another_person' END
        END,
        CASE
            WHEN incoming.cover_ends_on IS NULL AND policy.cover_ends_on < incoming.cover_starts_on
            THEN 'cover_ends_on:before_start_on_file'
        END
    )
FROM {rows}
LEFT JOIN policies_policy AS policy
    ON policy.insurer_id = %(insurer)s AND policy.insured_key = incoming.insured_key AND errors = ''
LEFT JOIN policies_party AS insured ON insured.policy_id = policy.id AND insured.role = 'insured'
LEFT JOIN policies_person AS namesake
    ON namesake.insurer_id = %(insurer)s AND namesake.iin = incoming.iin AND errors = ''
LEFT JOIN policies_person AS person ON person.id = coalesce(insured.person_id, namesake.id)
LEFT JOIN employers
    ON incoming.contract_kind = 'corporate' AND employers.key = coalesce(incoming.employer_bin, incoming.employer_name)
"""

# 0041002753 and 41002753 of one birth date: a spreadsheet took the ID for a number. As a new ID it would be a second
# policy of each person in the file.
LOST_ZEROS = """
UPDATE matched SET
    conflict = concat_ws(' ', nullif(conflict, ''), 'insured_id:zeros_lost:' || policy.insured_key),
    found_by_id = person.id
FROM policies_policy AS policy
JOIN policies_party AS insured ON insured.policy_id = policy.id AND insured.role = 'insured'
JOIN policies_person AS person ON person.id = insured.person_id
WHERE policy.insurer_id = %(insurer)s AND policy.insured_key LIKE '0%%' AND is_new AND errors = ''
    AND ltrim(policy.insured_key, '0') = matched.insured_key AND person.birth_date = matched.birth_date
"""

SEVERAL_IDS = """
INSERT INTO several SELECT iin FROM matched WHERE iin IS NOT NULL AND errors = '' GROUP BY iin HAVING count(*) > 1
"""

# Several IDs of one human in one file: one person, unless the rows describe two. A row in conflict may have found
# somebody else by its ID: whom it found is nobody's person here.
SAME_IIN = """
WITH people AS (
    SELECT
        iin,
        min(person_id) FILTER (WHERE conflict = '' AND NOT person_is_new) AS on_file,
        max(person_id) FILTER (WHERE conflict = '' AND NOT person_is_new) AS also_on_file,
        min(person_id) FILTER (WHERE conflict = '') AS fresh,
        min(birth_date) <> max(birth_date)
            OR min(nullif(lower(given_name), '')) <> max(nullif(lower(given_name), '')) AS differ
    FROM several JOIN matched USING (iin)
    WHERE errors = ''
    GROUP BY iin
)
UPDATE matched SET
    person_id = coalesce(on_file, fresh),
    person_is_new = on_file IS NULL,
    conflict = concat_ws(
        ' ', nullif(conflict, ''), CASE WHEN differ OR on_file <> also_on_file THEN 'iin:two_people' END
    )
FROM people
WHERE matched.iin = people.iin AND errors = ''
"""

SEVERAL_ROWS = """
INSERT INTO shared
SELECT person_id FROM matched WHERE errors = '' AND NOT person_is_new GROUP BY person_id HAVING count(*) > 1
"""

# Whom a row in conflict is about, and who is two humans by the measure of MATCHED when several rows are put together.
DOUBTED = """
INSERT INTO doubted
SELECT unnest(ARRAY[found_by_id, found_by_iin]) FROM matched WHERE conflict <> '' AND errors = ''
UNION
SELECT person_id
FROM (
    SELECT person_id, birth_date, iin, search_key, max(search_key) OVER (PARTITION BY person_id) AS fullest_name
    FROM shared JOIN matched USING (person_id)
    WHERE conflict = '' AND errors = ''
) AS said
GROUP BY person_id
HAVING (min(birth_date) <> max(birth_date))::int + coalesce(min(iin) <> max(iin), false)::int
    + (NOT bool_and(starts_with(fullest_name, search_key)))::int > 1
"""

# Nobody corrects a person about whom another row of the file says something else. The correction would bring that row
# within one difference, and a repeat of the same file would then take what the first time refused.
CONTRADICTED = """
UPDATE matched SET conflict = 'insured_id:contradicted'
FROM policies_person AS person
WHERE person.id = matched.person_id AND NOT person_is_new AND conflict = '' AND errors = ''
    AND matched.person_id IN (SELECT person_id FROM doubted)
    AND (
        person.birth_date <> matched.birth_date OR person.iin IS DISTINCT FROM coalesce(matched.iin, person.iin)
        OR NOT starts_with(person.search_key, matched.search_key)
    )
"""

REFUSED = "UPDATE matched SET errors = conflict WHERE conflict <> ''"

# Of several rows about one person the last one gives the person's facts; each gives its own policy's.
SPEAKS = """
WITH several AS (
    SELECT person_id, max(line) AS last
    FROM matched
    WHERE errors = '' AND person_id IS NOT NULL
        AND (person_id IN (SELECT person_id FROM shared) OR iin IN (SELECT iin FROM several))
    GROUP BY 1 HAVING count(*) > 1
)
UPDATE matched SET speaks = false FROM several WHERE matched.person_id = several.person_id AND line < last
"""

# Only rows that change something; the details are put together for these alone.
CHANGED = f"""
INSERT INTO changed
SELECT line, of_policy, of_person, of_holder, jsonb_strip_nulls(jsonb_build_object(
    {before_and_after("policy", POLICY_FACTS, unless="policy.id IS NULL")},
    {before_and_after("person", PERSON_FACTS, unless="person.id IS NULL")},
    {before_and_after("person", CONTACTS, unless=f"(person.id IS NULL OR {ACTIVATED})")},
    'policyholder', CASE WHEN of_holder THEN jsonb_build_array(
        coalesce(
            (SELECT name FROM policies_organisation WHERE id = holder.organisation_id),
            (SELECT concat_ws(' ', surname, given_name, patronymic) FROM policies_person WHERE id = holder.person_id)
        ),
        incoming.employer_name
    ) END
))
FROM matched AS incoming
LEFT JOIN policies_policy AS policy ON policy.id = incoming.policy_id AND NOT is_new
LEFT JOIN policies_person AS person ON person.id = incoming.person_id AND NOT person_is_new AND speaks
LEFT JOIN policies_party AS holder ON holder.policy_id = policy.id AND holder.role = 'policyholder'
CROSS JOIN LATERAL (
    SELECT
        policy.id IS NOT NULL AND ({any_differs("policy", POLICY_FACTS)}) AS of_policy,
        person.id IS NOT NULL AND (
            {any_differs("person", PERSON_FACTS)} OR (({any_differs("person", CONTACTS)}) AND NOT {ACTIVATED})
        ) AS of_person,
        policy.id IS NOT NULL AND employer_id IS NOT NULL
            AND holder.organisation_id IS DISTINCT FROM employer_id AS of_holder
) AS found
WHERE errors = '' AND NOT (is_new AND person_is_new) AND (of_policy OR of_person OR of_holder)
"""

# E-mail and phone of an activated person are never overwritten (decisions.md). What was decided once stays decided.
DIFFERING = """
INSERT INTO differing
SELECT person.id, field, on_file, in_register
FROM (SELECT DISTINCT person_id FROM policies_access WHERE until IS NULL) AS activated
JOIN matched AS incoming USING (person_id)
JOIN policies_person AS person ON person.id = person_id
CROSS JOIN LATERAL (
    VALUES ('phone', person.phone, incoming.phone), ('email', person.email, incoming.email)
) AS contact (field, on_file, in_register)
WHERE errors = '' AND speaks AND NOT person_is_new AND in_register <> '' AND lower(in_register) <> lower(on_file)
    AND NOT EXISTS (
        SELECT FROM policies_difference AS known
        WHERE known.person_id = person.id AND known.field = contact.field AND known.in_register = contact.in_register
    )
"""
