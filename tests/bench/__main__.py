"""Runs the benches that are named, or all; started by dev.bench, which has the servers ready."""

import importlib
import os
import sys
from pathlib import Path

import django
import psycopg
from django.core.management import call_command

from dev.static import collect_if_changed

# In the order of the README.
NAMES = (
    "activation", "doors", "register", "register_again", "outbox", "home", "login", "invite", "booking", "slots",
    "figures", "waiting", "rows", "queue", "deadlines", "notice",
)  # fmt: skip


def main(names: list[str]) -> None:
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"No such bench: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    django.setup()
    from core.rows.viewers import working
    from tests.bench import contest, report, town
    from tests.bench.measure import House

    call_command("migrate", database="owner", verbosity=0)
    collect_if_changed()
    town.settle()
    outcomes = []
    with (
        psycopg.connect(os.environ["BENCH_SUPERUSER_URL"], autocommit=True) as superuser,
        working("house"),
    ):
        superuser.execute("CREATE EXTENSION pg_stat_statements")
        superuser.execute("VACUUM ANALYZE")
        house = House(Path(os.environ["BENCH_STATE"]), int(os.environ["BENCH_POSTGRES"]), superuser)
        for name in names or NAMES:
            for one in importlib.import_module(f"tests.bench.{name}").CONTESTS:
                outcome = contest.run(one, house)
                print(f"\n{report.table(outcome)}\n{report.last_line(outcome)}", flush=True)
                outcomes.append(outcome)
    if not names:
        report.write_readme(outcomes)


if __name__ == "__main__":
    main(sys.argv[1:])
