"""The second door: the number and the code of a slip, two letters, a password of one's own."""

from tests.factories import a_policy_with_a_code
from tests.journeys.conftest import Come, in_three_languages
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.people import PASSWORD
from tests.policies.conftest import originals  # noqa: F401  a fixture: files of this test lie in its own folder

AIGUL, IIN, NAME = "aigul@example.kz", "610314400020", "Садыкова Айгуль Сериковна"
pytestmark = in_three_languages


def finds(visitor: Visitor, code: str, *, number: str = "LV-0000117") -> Visitor:
    visitor.opens("/activate/personal-doctor/")
    visitor.types(number, into="Policy number").types(code, into="Activation code")
    visitor.types(IIN, into="IIN of the insured person").types(NAME, into="Full name of the insured person")
    return visitor.presses("Continue")


def test_from_the_slip_to_the_cabinet_with_a_password_chosen_behind_the_letter(come: Come, post: Post) -> None:
    # Given a policy whose slip lies on the table
    _policy, code = a_policy_with_a_code()
    aigul = finds(come(), code)
    # When she says where the letters are to go
    aigul.is_at("Which e-mail is yours?").types(AIGUL, into="E-mail").presses("Send the letter")
    aigul.is_at("We have sent you two letters").reads_text(AIGUL)
    # Then the letter leads, on any device, to a password of her own
    telephone = come().opens(post.link_to(AIGUL)).is_at("Choose a password")
    telephone.types(PASSWORD, into="Password").types(PASSWORD, into="The same password again")
    telephone.presses("Save and enter the cabinet").is_at("Your policies")
    # And the cabinet says from which day she is covered
    telephone.reads("Starts later").reads_text("LV-0000117")


def test_a_mistyped_code_is_told_apart_from_nothing(come: Come) -> None:
    # Given a code with one wrong letter
    a_policy_with_a_code()
    finds(come(), "0000-0000").reads("We could not go on with these details")
