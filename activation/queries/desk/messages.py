"""Letters and SMS that went to the person's contacts or to their accounts for this insurer."""

from collections.abc import Iterable

from accounts.models import User
from activation.models import Activation
from activation.queries.steps import MOST_LINES
from notices.models import Notice
from notices.queries import messages_to
from policies.models import Person, Policy


def messages_for(person: Person, policies: Iterable[Policy], users: Iterable[User]) -> list[Notice]:
    """The newest first. What an account gets about its own sign-in belongs to no insurer. Three queries."""
    of_accounts = {contact for user in users for contact in (user.email, str(user.phone))}
    begun = Activation.objects.filter(policy__in=list(policies)).values_list("email", "phone")
    given = {contact for contacts in begun for contact in contacts}
    return messages_to(
        {person.phone, person.email} | given | of_accounts, scope=person.insurer.slug, own=of_accounts, most=MOST_LINES
    )
