"""A firm in the house whose people are written to: `python -m tests.faults.firm NAME PEOPLE` starts the mailing."""

import sys

import django


def main(name: str, people: int) -> None:
    django.setup()
    from datetime import date, timedelta

    from django.utils import timezone

    from activation.services.mailings import start_mailing
    from policies.models import Organisation, Party
    from policies.rules import Role
    from tests.factories import a_policy, an_insurer
    from tests.people import a_person

    insurer, today = an_insurer(), date.today()  # noqa: DTZ011  by the machine's clock, as the house lives by it
    firm = Organisation.objects.create(insurer=insurer, name=name)
    for number in range(people):
        policy = a_policy(
            f"{name}{number}", insurer=insurer, email=f"{name}{number}@firm.example", signed_on=today - timedelta(days=60),
            cover_starts_on=today - timedelta(days=45), cover_ends_on=today + timedelta(days=320),
        )  # fmt: skip
        Party.objects.filter(policy=policy, role=Role.POLICYHOLDER).update(person=None, organisation=firm)
    start_mailing(
        product=policy.product_version.product, organisation=firm, pace=60_000, language="ru", now=timezone.now(),
        by=a_person(f"{name}@nsk.kz", is_staff=True),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
