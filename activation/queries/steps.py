"""What happened at the door of an ID, whether anybody has it or not."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from activation.models import Step
from activation.rules import Verdict
from policies.models import Insurer, Policy

MOST_LINES = 100  # of each list on an operator's page: an attack leaves thousands of steps
KNOCKS = [*Verdict.values, Step.Kind.NOT_PROVED]  # steps that change nothing: a guesser leaves thousands


def last_change(policy: Policy, *, not_by: Any) -> int:
    """Number of the newest step of somebody else that changed something at this policy's door; 0: none. One query."""
    steps = Step.objects.filter(policy=policy).exclude(kind__in=KNOCKS).exclude(by=not_by)
    return steps.aggregate(number=Max("pk"))["number"] or 0


def steps_at(insurer: Insurer, keys: Iterable[str]) -> dict[str, list[Step]]:
    """Of each ID the newest steps first: by the ID, for a locked one is not compared. One query."""
    line = Window(RowNumber(), partition_by="insured_key", order_by=[F("at").desc(), F("pk").desc()])
    steps: dict[str, list[Step]] = {key: [] for key in keys}
    rows = Step.objects.filter(insurer=insurer, insured_key__in=list(steps)).annotate(line=line)
    for step in rows.filter(line__lte=MOST_LINES).select_related("by").order_by("-at", "-pk"):
        steps[step.insured_key].append(step)
    return steps


def doors_tried(insurers: QuerySet[Insurer], key: str) -> list[Insurer]:
    """Those of `insurers` at which this ID was tried although nobody has it. One query."""
    tried = Exists(Step.objects.filter(insurer=OuterRef("pk"), insured_key=key))
    return list(insurers.filter(tried).exclude(policies__insured_key=key))
