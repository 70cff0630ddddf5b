"""A worker's round over the registers in a process of its own, to be killed: `python -m tests.faults.register_worker`."""

import django


def main() -> None:
    django.setup()
    from policies.tasks import work_on_registers

    work_on_registers()


if __name__ == "__main__":
    main()
