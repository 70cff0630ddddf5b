"""A side in a process of its own: `python -m tests.bench.worker module:Class`. One line in, one JSON line out.

It knows prepare, work and check; a WrongAnswer goes back as text.
"""

import importlib
import json
import os
import sys

import django

from tests.bench.contest import Task, Work, WrongAnswer


def main(target: str) -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the log and whatever prints stay out of the conversation
    django.setup()
    from core.rows.viewers import working

    module, _colon, name = target.partition(":")
    task: Task = getattr(importlib.import_module(module), name)()
    with working("house"):
        for line in sys.stdin:
            try:
                answer = getattr(task, line.strip())()
            except WrongAnswer as wrong:
                reply: dict[str, object] = {"wrong": str(wrong)}
            else:
                reply = {"operations": answer.operations, "seconds": answer.seconds} if isinstance(answer, Work) else {}
            print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
