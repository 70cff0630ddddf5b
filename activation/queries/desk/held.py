"""What is counted against the person right now, and when each count ends. Nothing tells where tries came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import counters_of_address, counters_of_number
from activation.models import Activation
from activation.queries.locks import keys_at_door
from activation.rules import codes_to_contact, failures_of_id, guesses_of_id, letters_of
from core.limits import Held
from core.phones import mask_contact, mask_email, mask_phone
from policies.models import Person, Policy

Named = dict[str, tuple[str, str]]  # counter → what it counts, at what (masked)


@dataclass(frozen=True)
class Hold:
    what: str
    of: str
    held: Held


def counters(
    person: Person, policies: Iterable[Policy], activations: Iterable[Activation], users: Iterable[User]
) -> Named:
    """Every counter that may stand against the person, in the order of the page. No query."""
    found: Named = {}
    for policy in policies:
        found |= _of_policy(person.insurer.slug, policy)
    for activation in activations:
        found[letters_of(activation.pk)] = (_("activation letters within a day"), mask_contact(activation.contact))
    for address in {user.email for user in users if user.email}:
        found |= {key: (str(what), mask_email(address)) for key, what in counters_of_address(address).items()}
    for number in {person.phone, *(str(user.phone) for user in users)} - {""}:
        found |= {key: (str(what), mask_phone(number)) for key, what in counters_of_number(number).items()}
    return found


def _of_policy(insurer: str, policy: Policy) -> Named:
    minute, day = codes_to_contact(insurer, policy.insured_key)
    words = {
        minute: _("pause before the next code to the contact on file"),
        day: _("codes to the contact on file within a day"),
    }
    for key in keys_at_door(policy):
        today, lasting = failures_of_id(insurer, key)
        words |= {
            today: _("wrong attempts within a day"),
            lasting: _("wrong attempts since the last second proof"),
            guesses_of_id(insurer, key): _("guesses at the second proof within a day"),
        }
    return {key: (what, policy.insured_id) for key, what in words.items()}


def holds(named: Named, held: Mapping[str, Held]) -> list[Hold]:
    """What has no try left stands first."""
    found = [Hold(what, of, held[key]) for key, (what, of) in named.items() if key in held and held[key].spent]
    return sorted(found, key=lambda hold: not hold.held.is_exhausted)
