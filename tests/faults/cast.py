"""What the house is filled with before its first test: the schema, the programmes, and people of whom each test takes one."""

from datetime import date, timedelta

import django

PEOPLE = 200


SAMPLE = "sample@example.kz"  # whoever needs many letters copies the one to this address
PHONES = 10  # of them have one on file, so that step 1 asks them for a code


def insured_id(number: int) -> str:
    return f"7700{number:06d}"


def phone_of(number: int) -> str:
    """The first have one."""
    return f"+7701{number:07d}" if number < PHONES else ""


def main() -> None:
    django.setup()
    from dev.static import collect_if_changed
    from tests.factories import a_policy, an_insurer
    from tests.migrated import migrate
    from tests.notices.conftest import write

    migrate()
    collect_if_changed()
    write(to=SAMPLE)
    insurer = an_insurer()
    today = date.today()  # noqa: DTZ011  by the machine's clock, as the house lives by it
    for number in range(PEOPLE):
        a_policy(
            insured_id(number), insurer=insurer, contract_number=f"Ф-{number}", signed_on=today - timedelta(days=60),
            cover_starts_on=today - timedelta(days=45), cover_ends_on=today + timedelta(days=320),
            phone=phone_of(number),
        )  # fmt: skip


if __name__ == "__main__":
    main()
