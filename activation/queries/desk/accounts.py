"""The accounts that see the person, or did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from accounts.models import FactorLoss, User
from accounts.queries import SignIn, counters_of_address, counters_of_number, sign_ins_of
from activation.models import Activation
from activation.rules import Act, Factor, State, acts_on_account
from core.limits import Held
from policies.models import Access, Person

FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class AccountFile:
    """How one account came to the person, and how it signs in."""

    user: User
    accesses: list[Access]  # the newest first: a person may have been given twice
    sign_in: SignIn
    lock: Held | None  # of wrong passwords or codes, the one that holds longest; None: one may sign in
    has_activated: bool  # a policy of the person
    now: datetime

    @property
    def access(self) -> Access:
        return self.accesses[0]

    @cached_property
    def sees(self) -> bool:
        """Now: neither ended, nor of a guardian whose child has come of age."""
        person = self.access.person
        return self.access.until is None and not self.access.has_outgrown(person.insurer.today(self.now))

    @property
    def factor_loss(self) -> FactorLoss | None:
        return self.sign_in.loss

    @property
    def factor(self) -> Factor:
        if self.factor_loss:
            is_asked = self.factor_loss.state == FactorLoss.State.ASKED
            return Factor.SAID_LOST if is_asked else Factor.ON_ITS_WAY
        return Factor.SET_UP if self.sign_in.has_second_step else Factor.NONE

    @property
    def acts(self) -> list[Act]:
        """None on a colleague's, which an administrator looks after."""
        if self.user.is_staff:
            return []
        return acts_on_account(
            sees=self.sees,
            has_activated=self.has_activated,
            has_sessions=bool(self.sign_in.sessions),
            factor=self.factor,
        )


def accesses_of(person: Person) -> dict[User, list[Access]]:
    """By whom they are held, the newest first. One query."""
    accesses: dict[User, list[Access]] = {}
    for access in Access.objects.filter(person=person).select_related("user").order_by("-pk"):
        access.person = person
        accesses.setdefault(access.user, []).append(access)
    return accesses


def account_files(
    accesses: Mapping[User, list[Access]],
    activations: Iterable[Activation],
    *,
    held: Mapping[str, Held],
    now: datetime,
) -> list[AccountFile]:
    """Who sees the person now comes first. Six queries, however many accounts there are."""
    sign_ins = sign_ins_of(list(accesses), now=now)
    finished = {activation.user_id for activation in activations if activation.state == State.FINISHED}
    files = [
        AccountFile(user, rows, sign_ins[user.pk], lock_of(user, held), user.pk in finished, now)
        for user, rows in accesses.items()
    ]
    return sorted(files, key=lambda file: not file.sees)


def lock_of(user: User, held: Mapping[str, Held]) -> Held | None:
    names = [*counters_of_address(user.email), *counters_of_number(str(user.phone))]
    spent = [held[name] for name in names if name in held and held[name].is_exhausted]
    return max(spent, key=lambda one: one.ends_at or FOR_EVER, default=None)
