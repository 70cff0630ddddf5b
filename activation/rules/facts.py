"""What a person types at a door, and whether it fits what the insurer has on file. Values in, values out."""

import hmac
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from activation.rules.doors import Proof
from core.identity import parse_iin
from core.names import same_name


@dataclass(frozen=True)
class OnFile:
    """The insured person of a policy, or NOBODY of an ID that nobody has."""

    birth_date: date
    name: str
    iin: str | None
    code_fits: bool  # the activation code that was typed is this policy's living one


NOBODY = OnFile(date.min, "", None, False)


@dataclass(frozen=True)
class IdAndBirthDate:
    """NSK-07: exactly two facts. Both may be known to others, so they find the policy and prove little."""

    insured_id: str
    birth_date: date
    code: ClassVar[str] = ""
    proof: ClassVar[Proof] = Proof.FACTS

    def fit(self, known: OnFile) -> bool:
        """Takes the same time whether they do or not."""
        return hmac.compare_digest(self.birth_date.isoformat(), known.birth_date.isoformat())


@dataclass(frozen=True)
class NumberIinAndName:
    """What identifies the insured of a policy with an activation code, without the code: an operator's takes its place."""

    insured_id: str
    iin: str  # well formed: forms.NumberIinAndNameForm
    name: str
    code: str = ""
    proof: ClassVar[Proof] = Proof.FACTS

    def fit(self, known: OnFile) -> bool:
        """KIH-24. Both are compared, whatever the first answer was."""
        return all([self._iin_fits(known), same_name(self.name, known.name)])

    def _iin_fits(self, known: OnFile) -> bool:
        """A register without the IIN has the birth date, which the first digits repeat unless it is a foreigner's."""
        if known.iin:
            return hmac.compare_digest(self.iin, known.iin)
        born = parse_iin(self.iin).birth_date
        return born is None or born == known.birth_date


@dataclass(frozen=True)
class PolicyCode(NumberIinAndName):
    """KIH-01: the policy's number, its activation code, and who is insured. The code is the secret among them."""

    proof: ClassVar[Proof] = Proof.ACTIVATION_CODE

    def fit(self, known: OnFile) -> bool:
        return all([known.code_fits, super().fit(known)])


Facts = IdAndBirthDate | NumberIinAndName
