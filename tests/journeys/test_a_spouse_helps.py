"""Close ones: invited with consent, a cabinet opened by the letter, and ended by one button."""

import pytest
from django.utils import timezone, translation

from policies.rules import AccessKind, AccessScope
from policies.services.access import grant_access
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.words import says
from tests.people import PASSWORD, dana

SPOUSE = "erlan@example.kz"
CONSENT = "I agree that this person sees and does all of this until one of us ends it"


@pytest.mark.long
def test_from_the_consent_to_the_end(come: Come, post: Post) -> None:
    # Given somebody insured in their cabinet
    policy, user = a_policy(), dana(language=translation.get_language())
    grant_access(
        user=user, person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract_number", by=user,
        now=timezone.now(),
    )  # fmt: skip
    owner = come().signs_in(user.email).is_at("Your policies")
    # When the husband is let in
    owner.turns_to("Close ones").is_at("Close ones")
    owner.follows("Let somebody help me")
    owner.types(PASSWORD, into="Password").presses("Confirm").is_at("Let somebody see and act")
    owner.types(SPOUSE, into="Whose e-mail?").picks(CONSENT).presses("Send the invitation")
    owner.reads("The invitation is on its way to %(email)s.", email=SPOUSE)
    # Then the letter opens him a cabinet of his own
    erlan = come().opens(post.link_to(SPOUSE)).is_at("An invitation for you")
    erlan.follows("I have no cabinet yet")
    erlan.types(PASSWORD, into="Password").types(PASSWORD, into="The same password again")
    erlan.presses("Save and enter the cabinet").is_at("An invitation for you")
    # And after his answer he sees for whom he acts
    erlan.presses("Accept").is_at("Close ones")
    erlan.turns_to("Home").reads_text(policy.insured_id)
    # When it is ended
    owner.opens("/policies/family/").reads_text(SPOUSE).presses("End it").reads("It is ended.")
    # Then he sees nothing any more, and reads why
    erlan.opens("/").is_at("Your policies")
    assert erlan.main.get_by_text(policy.insured_id).count() == 0
    assert says("Close ones") in str(post.letter_to(SPOUSE).get_body(("plain",)).get_content())
