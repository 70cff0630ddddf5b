"""What a person types at a door, and whether it fits what the insurer has on file. Values in, values out."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from activation.rules.doors import Proof
from core.identity import parse_iin
from core.names import full_name, same_name


@dataclass(frozen=True)
class OnFile:
    """The insured person of a policy, or NOBODY of an ID that nobody has."""

    birth_date: date
    name: str
    iin: str | None
    code_fits: bool  # the activation code that was typed is this policy's living one
    policy: int = 0  # which one; its number in the database
    person: int = 0
    phone: str = ""  # E.164
    is_active: bool = False
    was_undone: bool = False


NOBODY = OnFile(date.min, "", None, False)


@dataclass(frozen=True)
class IdAndBirthDate:
    """NSK-07: exactly two facts. Both may be known to others, so they find the policy and prove little."""

    insured_id: str
    birth_date: date
    code: ClassVar[str] = ""
    phone: ClassVar[str] = ""

    def fit(self, known: OnFile) -> bool:
        """Takes the same time whether they do or not."""
        return hmac.compare_digest(self.birth_date.isoformat(), known.birth_date.isoformat())

    def prove(self, known: OnFile) -> Proof:
        return Proof.FACTS


@dataclass(frozen=True)
class NumberIinAndName:
    """What identifies the insured of a policy with an activation code, without the code: an operator's takes its place."""

    insured_id: str
    iin: str  # well formed: forms.NumberIinAndNameForm
    name: str
    code: str = ""
    phone: ClassVar[str] = ""

    def fit(self, known: OnFile) -> bool:
        """KIH-24. Both are compared, whatever the first answer was."""
        return all([self._iin_fits(known), same_name(self.name, known.name)])

    def prove(self, known: OnFile) -> Proof:
        return Proof.FACTS

    def _iin_fits(self, known: OnFile) -> bool:
        """A register without the IIN has the birth date, which the first digits repeat unless it is a foreigner's."""
        if known.iin:
            return hmac.compare_digest(self.iin, known.iin)
        born = parse_iin(self.iin).birth_date
        return born is None or born == known.birth_date


@dataclass(frozen=True)
class PolicyCode(NumberIinAndName):
    """KIH-01: the policy's number, its activation code, and who is insured. The code is the secret among them."""

    def fit(self, known: OnFile) -> bool:
        return all([known.code_fits, super().fit(known)])

    def prove(self, known: OnFile) -> Proof:
        return Proof.ACTIVATION_CODE


@dataclass(frozen=True)
class MobileNameAndBirthDate:
    """TM-21: the number that this browser has proved by a code, and who is insured."""

    phone: str  # E.164
    name: str
    birth_date: date
    code: ClassVar[str] = ""
    insured_id: ClassVar[str] = ""  # people are looked up by the birth date

    def fit(self, known: OnFile) -> bool:
        return fit_birth_date_and_name(self.birth_date, self.name, known)

    def prove(self, known: OnFile) -> Proof:
        """The code went to this number, so where the insurer has the same one on file it was sent to the contact on
        file. After an undoing it proves nothing: somebody wrong may have had this number."""
        is_on_file = hmac.compare_digest(self.phone, known.phone)
        return Proof.CONTACT_CODE if is_on_file and not known.was_undone else Proof.FACTS


@dataclass(frozen=True)
class Declared:
    """Who somebody says they are (SGZ-14)."""

    surname: str
    given_name: str  # nothing: one name is all
    patronymic: str  # nothing: there is none
    birth_date: date

    @property
    def name(self) -> str:
        return full_name(self.surname, self.given_name, self.patronymic)


@dataclass(frozen=True)
class NumberAndDeclared:
    """SGZ-15, SGZ-16: the policy's number, and the personal data that have to match it. No secret is among them."""

    insured_id: str
    declared: Declared
    code: ClassVar[str] = ""
    phone: ClassVar[str] = ""

    def fit(self, known: OnFile) -> bool:
        return fit_birth_date_and_name(self.declared.birth_date, self.declared.name, known)

    def prove(self, known: OnFile) -> Proof:
        return Proof.FACTS


@dataclass(frozen=True)
class NationalId:
    """SGZ-09: the state has said who somebody is. The IIN decides; whatever else it said may not contradict the register."""

    iin: str
    birth_date: date | None
    name: str
    proof: ClassVar[Proof] = Proof.NATIONAL_ID

    def fit(self, known: OnFile) -> bool:
        """A typing error in a register's IIN is somebody else's IIN: the birth date and the name catch it."""
        return (
            known.iin == self.iin
            and self.birth_date in (None, known.birth_date)
            and (not self.name or same_name(self.name, known.name))
        )


def fit_birth_date_and_name(birth_date: date, name: str, known: OnFile) -> bool:
    """Both are compared, whatever the first answer was."""
    born = hmac.compare_digest(birth_date.isoformat(), known.birth_date.isoformat())
    return all([born, same_name(name, known.name)])


Facts = IdAndBirthDate | NumberIinAndName | MobileNameAndBirthDate | NumberAndDeclared


def the_one(fitting: Sequence[OnFile], *, phone: str) -> OnFile | None:
    """Which of the policies whose facts fit is meant: of people with one name and one birth date the one whose number on
    file is `phone`. Where nothing decides, nobody. Of one person's policies the first that nobody has activated."""
    theirs = [known for known in fitting if phone and known.phone == phone]
    if not theirs and len({known.person for known in fitting}) == 1:
        theirs = list(fitting)
    return min(theirs, key=lambda known: (known.is_active, known.policy), default=None)
