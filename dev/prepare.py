"""What lies between the servers' start and the first page, in one process: `make demo` runs it with the demo's environment.

Prints what invent_people prints, and nothing else.
"""

import io

import django
from django.core.management import call_command

from dev.static import collect_if_changed


def main() -> None:
    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    collect_if_changed()
    call_command("publish_products", stdout=io.StringIO())
    call_command("invent_people")


if __name__ == "__main__":
    main()
