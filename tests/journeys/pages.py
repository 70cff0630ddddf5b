"""Every page that an insured person can meet, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from activation.rules import Proof
from activation.services.begin import Claimed
from activation.services.finish import attach_policy
from policies.models import Policy
from policies.rules import AccessKind
from tests.factories import TODAY, a_person, a_policy, an_insurer
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.people import PASSWORD, dana
from tests.people import a_person as an_account

START = "/activate/sphera/"
AIGUL, DANA, UNPROVED = "aigul@example.kz", "dana@example.kz", "new@example.kz"
NOBODYS = date(1990, 1, 1)


@dataclass
class Town:
    """A policy in every state, and Dana, who has a cabinet."""

    post: Post
    open: Policy = field(default_factory=a_policy)
    waiting: Policy = field(default_factory=lambda: a_policy("4410 0275 42", signed_on=TODAY))
    on_file: Policy = field(default_factory=lambda: a_policy("4410 0275 53", phone="+77012344567"))

    def __post_init__(self) -> None:
        an_insurer("kazakhinstrakh")  # so that there is a choice of programmes
        account = dana(language=get_language())
        an_account(UNPROVED, verified=False)
        mine = a_policy("4410 0275 64", person=a_person(surname="Ахметова", given_name="Дана"))
        attach_policy(
            claimed=Claimed(mine, Proof.FACTS, "dana"), kind=AccessKind.SELF, user=account,
            language=account.language, now=timezone.now(),
        )  # fmt: skip


Way = Callable[[Visitor, Town], Visitor]


def start_with_errors(visitor: Visitor, town: Town) -> Visitor:
    return visitor.opens(START).types("61", into="Year").presses("Continue").reads("Enter the day")


def account_with_errors(visitor: Visitor, town: Town) -> Visitor:
    visitor.finds(town.open).is_at("Choose an e-mail and a password")
    visitor.types("aigul", into="E-mail").types("пароль", into="Password").presses("Send the letter")
    return visitor.reads("Type the same password once more")


def refused_proof(visitor: Visitor, town: Town) -> Visitor:
    visitor.types("000000", into="Code, contract number or card number").presses("Continue")
    return visitor.reads("This does not match. Check the code or the number, or call us")


def refused_recovery(visitor: Visitor, town: Town) -> Visitor:
    visitor.gives_facts(born=NOBODYS).types("000000", into="Code, contract number or card number")
    return visitor.presses("Continue").reads("We could not go on with these details")


def misaddressed(visitor: Visitor, button: str) -> Visitor:
    return visitor.types("aigul", into="E-mail").presses(button)


# In the order of a visit: a page may begin where the one before it ended.
GUESTS: dict[str, Way] = {
    "front": lambda visitor, town: visitor.opens("/").is_at("Your insurance in one place"),
    "help": lambda visitor, town: visitor.opens("/help/").is_at("Help and contacts"),
    "programmes": lambda visitor, town: visitor.opens("/activate/").is_at("Which programme is yours?"),
    "start": lambda visitor, town: visitor.opens(START).reads("Where is the ID?"),
    "start with errors": start_with_errors,
    "start, refused": lambda visitor, town: visitor.finds(town.open, NOBODYS).reads(
        "We could not go on with these details"
    ),
    "recovery": lambda visitor, town: visitor.opens(f"{START}recovery/").is_at("Prove it another way"),
    "recovery, refused": refused_recovery,
    "proof": lambda visitor, town: visitor.finds(town.on_file).is_at("One more proof that it is you"),
    "proof, code sent": lambda visitor, town: visitor.presses("Send the code").reads(
        "The code is on its way. It is good for 10 minutes"
    ),
    "proof, refused": refused_proof,
    "waiting": lambda visitor, town: visitor.finds(town.waiting).reads("Add the day to your calendar"),
    "waiting with errors": lambda visitor, town: misaddressed(visitor, "Remind me").reads("Check another number"),
    "waiting, reminder promised": lambda visitor, town: (
        visitor.types(AIGUL, into="E-mail").presses("Remind me").reads_text("a•••l@example.kz")
    ),
    "account": lambda visitor, town: visitor.finds(town.open).is_at("Choose an e-mail and a password"),
    "account with errors": account_with_errors,
    "letter": lambda visitor, town: visitor.chooses(AIGUL).is_at("We have sent you a letter"),
    "letter, not confirmed": lambda visitor, town: visitor.presses("I have confirmed, continue").reads(
        "The address is not confirmed yet. Open the letter and press the button behind its link"
    ),
    "letter with errors": lambda visitor, town: misaddressed(visitor, "Correct and send again").reads(
        "Is the address wrong?"
    ),
    "confirm": lambda visitor, town: visitor.opens(town.post.link_to(AIGUL)).is_at("Confirm your e-mail"),
    "dead link": lambda visitor, town: visitor.opens("/activate/confirm/old/").is_at("This link no longer works"),
    "sign-in": lambda visitor, town: visitor.opens("/accounts/login/").is_at("Sign in"),
    "sign-in with errors": lambda visitor, town: visitor.signs_in(password="wrong").reads(
        "The e-mail or the password is not right. Check both and try again."
    ),
    "sign-in, unproved address": lambda visitor, town: visitor.signs_in(UNPROVED).is_at("Confirm your e-mail"),
    "sign-in by a code": lambda visitor, town: visitor.opens("/accounts/login/sms/").is_at("Sign in with a code"),
    "sign-in by a code, no mobile": lambda visitor, town: (
        visitor.types("22-58", into="Mobile number").presses("Send me a code by SMS").reads("Sign in with the password")
    ),
    "sign-in, the code": lambda visitor, town: (
        visitor.types("8 701 234 45 67", into="Mobile number").presses("Send me a code by SMS").is_at("Type the code")
    ),
    "sign-in, a wrong code": lambda visitor, town: (
        visitor.types("1", into="Code from the SMS")
        .presses("Sign in")
        .reads("This is not the code. Check the newest SMS")
    ),
    "stop a change": lambda visitor, town: visitor.opens("/accounts/stop/old/").is_at("Keep the number"),
    "nothing to stop": lambda visitor, town: visitor.presses("Keep the number").is_at("There is nothing to stop"),
    "password forgotten": lambda visitor, town: visitor.opens("/accounts/password/reset/").is_at(
        "Forgot the password?"
    ),
    "password, letter sent": lambda visitor, town: (
        visitor.types(DANA, into="E-mail or mobile number").presses("Continue").is_at("Look into your mail")
    ),
    "password, new": lambda visitor, town: visitor.opens(town.post.link_to(DANA)).is_at("Choose a new password"),
    "no such page": lambda visitor, town: visitor.opens("/nowhere/").is_at("There is no such page"),
}

MEMBERS: dict[str, Way] = {
    "home": lambda visitor, town: visitor.signs_in(DANA).is_at("Your policies"),
    "policy": lambda visitor, town: visitor.follows_text(town.open.product_version.name).reads("The contract"),
    "attach": lambda visitor, town: visitor.finds(town.open).is_at("Add this policy to your cabinet"),
    "profile": lambda visitor, town: visitor.opens("/accounts/profile/").is_at("Profile"),
    "e-mail": lambda visitor, town: visitor.opens("/accounts/email/").is_at("Your e-mail"),
    "password": lambda visitor, town: visitor.opens("/accounts/password/change/").reads("At least 6 characters"),
    "mobile number": lambda visitor, town: (
        visitor.opens("/accounts/mobile/").types(PASSWORD, into="Password").presses("Confirm").is_at("Mobile number")
    ),
    "mobile number, the code": lambda visitor, town: (
        visitor.types("8 705 999 88 77", into="Mobile number").presses("Send the code").is_at("Type the code")
    ),
    "second step": lambda visitor, town: visitor.opens("/accounts/2fa/"),
    "authenticator app": lambda visitor, town: visitor.opens("/accounts/2fa/totp/activate/"),
    "passkeys": lambda visitor, town: visitor.opens("/accounts/2fa/webauthn/"),
    "new passkey": lambda visitor, town: visitor.opens("/accounts/2fa/webauthn/add/"),
    "devices": lambda visitor, town: visitor.opens("/accounts/sessions/").is_at("Where you are signed in"),
    "sign-out": lambda visitor, town: visitor.opens("/accounts/logout/"),
}

# Judged at every width, in the dark, with large letters and on paper.
KEY: dict[str, Way] = {
    name: (GUESTS | MEMBERS)[name] for name in ("front", "start with errors", "waiting", "account with errors", "home")
}
