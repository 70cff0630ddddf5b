"""Every page that an insured person or a guest of a firm can meet, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from accounts.services import first_password_link, invite_guest
from activation.rules import REPORT, Proof
from activation.services.begin import Claimed
from activation.services.finish import attach_policy
from claims.models import Claim
from claims.rules.events import InsuredEvent
from claims.rules.people import ClaimantRole
from claims.services.accounts import ask_for_account
from claims.services.notice import Claimant, Told, give_notice
from claims.services.penalties import keep_rate
from claims.services.recertify import ask_next
from policies.models import ConsentAct, Policy
from policies.queries import brand_of, consent_texts
from policies.rules import AccessKind, AccessScope, ConsentCode, Rendering
from policies.services.access import grant_access
from policies.services.consents import give_consents
from policies.services.consultations import record_rendered
from policies.services.family import invite
from policies.services.policy_document import want_policy
from telemed.rules import State as TalkState
from tests.activation.mailings import a_mailing, a_worker_comes, insured
from tests.activation.own_number import NAMES
from tests.claims.factories import a_certificate
from tests.claims.paying import IBANS, decided, monthly, ordered
from tests.factories import TODAY, a_borrower, a_person, a_policy, a_policy_with_a_code, an_insurer
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD, dana, yerlan
from tests.people import a_person as an_account
from tests.telemed.factories import a_consultation, a_specialist, open_hours

START, DOOR = "/activate/sphera/", "/activate/life-with-telemedicine/"
BY_CODE, OWN = "/activate/personal-doctor/", "/activate/sogaz-health/"
BORROWERS, DANAS = "+77019990001", "+77059998877"
AIGUL, DANA, UNPROVED = "aigul@example.kz", "dana@example.kz", "new@example.kz"
INVITED, SPOUSE, HR, PATIENT = "gulnar@alma.kz", "erlan@example.kz", "hr@alma.kz", "patient@example.kz"
HEIR = "heir@example.kz"
NOBODYS = date(1990, 1, 1)


@dataclass
class Town:
    """A policy in every state, and Dana, who has a cabinet."""

    post: Post
    of_a_firm: Policy = field(default_factory=lambda: insured("Гүлнар", INVITED, 81))
    open: Policy = field(default_factory=a_policy)
    waiting: Policy = field(default_factory=lambda: a_policy("4410 0275 42", signed_on=TODAY))
    on_file: Policy = field(default_factory=lambda: a_policy("4410 0275 53", phone="+77012344567"))

    def __post_init__(self) -> None:
        an_insurer("kazakhinstrakh")  # so that there is a choice of programmes
        self.language = get_language()
        account = dana(language=self.language)
        an_account(UNPROVED, verified=False)
        a_borrower(phone=BORROWERS)
        self.with_a_code, self.code = a_policy_with_a_code()
        self.on_a_card = a_policy("1825 DM 0417", insurer=an_insurer("sogaz"))
        newcomer = User.objects.create_user("", phone="+77019990002")
        self.first_password = urlsplit(first_password_link(user=newcomer, now=timezone.now())).path
        mine = a_policy("4410 0275 64", person=a_person(surname="Ахметова", given_name="Дана"))
        born = date(2019, 6, 1)
        childs = a_policy("4410 0275 65", given_name="Болат", patronymic="", birth_date=born, cover_ends_on=None)
        for policy, proof, kind in (
            (mine, Proof.CONTACT_CODE, AccessKind.SELF),
            (childs, Proof.FACTS, AccessKind.GUARDIAN),
        ):
            attach_policy(
                claimed=Claimed(policy, proof, "dana"), kind=kind, user=account, language=self.language,
                now=timezone.now(),
            )  # fmt: skip
        self.doctor = a_specialist(yerlan())
        open_hours(self.doctor)
        self.consent = an_agreement(account, mine)
        self.consulted = a_policy_that_was_used(account)
        self.in_queue = a_consultation(account, self.consulted)
        self.claim = an_event_that_was_told(account, self.consulted)
        self.paid = a_claim_that_is_paid(account, self.consulted)
        self.unpaid = a_consultation(account, self.consulted, TalkState.UNPAID, close_one="Мама", price=5000)
        invite(person=mine.insured, email=SPOUSE, by=account, language=self.language, now=timezone.now())
        self._write_to_the_firm()

    def _write_to_the_firm(self) -> None:
        """A letter with a personal link to each of its people, and one to whoever may read who has activated."""
        mailing, now = a_mailing(), timezone.now()
        a_worker_comes()
        invite_guest(
            contact=HR, purpose=REPORT, subject=mailing.public_id, about="ТОО «Алма»", until=now + timedelta(days=30),
            by=mailing.started_by, language=self.language, brand=brand_of(self.open.insurer, self.language),
            scope="nsk", now=now,
        )  # fmt: skip


def an_agreement(account: User, policy: Policy) -> ConsentAct:
    texts = consent_texts(an_insurer("nomad-life"), [ConsentCode.PERSONAL_DATA])
    give_consents(user=account, texts=texts, person=policy.insured, language="ru", now=timezone.now())
    return ConsentAct.objects.get()


def a_policy_that_was_used(account: User) -> Policy:
    """With what a consultation took, and with a PDF that is being made."""
    policy, now = a_borrower("NL-0000077", given_name="Ақерке"), timezone.now()
    policy.sum_insured = Decimal(2_000_000)
    policy.save()
    grant_access(
        user=account, person=policy.insured, kind=AccessKind.REPRESENTATIVE, scope=AccessScope.FULL, proof="invitation",
        by=account, now=now,
    )  # fmt: skip
    record_rendered(
        person=policy.insured, policy=policy, reference=uuid4(), how=Rendering.NO_SHOW, rendered_on=TODAY, now=now
    )
    want_policy(policy=policy, language="kk", now=now)
    return policy


def an_event_that_was_told(account: User, policy: Policy) -> Claim:
    told = Told(InsuredEvent.DISABILITY, TODAY - timedelta(days=3), "KZ", "Алматы")
    claimant = Claimant(ClaimantRole.REPRESENTATIVE, "Ахметова Дана", email=DANA, language=get_language() or "ru")
    return give_notice(policy=policy, told=told, claimant=claimant, by=account, now=timezone.now())


def a_claim_that_is_paid(account: User, policy: Policy) -> Claim:
    """By three instalments, of which the first is late; the established term ends soon, and another account is asked for."""
    claim, now = an_event_that_was_told(account, policy), timezone.now()
    a_certificate(claim, until=TODAY + timedelta(days=21))
    decided(monthly(3), claim=claim, since=TODAY - timedelta(days=90))
    ordered(claim)
    keep_rate(since=TODAY - timedelta(days=365), percent=Decimal("16.5"), source="nationalbank.kz", by=None, now=now)
    ask_next(now=now)
    ask_for_account(payee=claim.payees.get(), iban=IBANS[1], by=account, guest=None, now=now)
    return claim


def what_is_covered(visitor: Visitor, town: Town) -> Visitor:
    visitor.opens(town.consulted.get_absolute_url()).reads("What is covered")
    visitor.main.locator("summary").click()
    return visitor.reads("While the cover is in force you pay nothing.").reads("Being made")


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


def borrower(visitor: Visitor, name: str) -> Visitor:
    visitor.types(name, into="Full name of the insured person")
    visitor.types("14", into="Day").types("03", into="Month").types("1961", into="Year")
    return visitor.presses("Continue")


def with_the_slip(visitor: Visitor, town: Town, code: str) -> Visitor:
    visitor.opens(BY_CODE).types(town.with_a_code.insured_id, into="Policy number").types(code, into="Activation code")
    visitor.types("610314400020", into="IIN of the insured person")
    return visitor.types("Садыкова Айгуль", into="Full name of the insured person").presses("Continue")


def declares(visitor: Visitor) -> Visitor:
    """Aigul's data, which her policy has."""
    for box, name in zip(("Surname", "Given name", "Patronymic"), NAMES.values(), strict=True):
        visitor.types(name, into=box)
    visitor.types("14", into="Day").types("03", into="Month").types("1961", into="Year")
    visitor.types("4510", into="Passport: the first four digits").types("123987", into="Passport: the other six digits")
    return visitor.picks("I have read this and agree").presses("Continue")


def confirms_the_number(visitor: Visitor, town: Town) -> Visitor:
    visitor.types(town.post.code_to(DANAS), into="Code from the SMS").presses("Confirm")
    return visitor.is_at("Mobile number")


def misaddressed(visitor: Visitor, button: str) -> Visitor:
    return visitor.types("aigul", into="E-mail").presses(button)


def every_reason(visitor: Visitor, town: Town) -> Visitor:
    """Of each payment, and of what its delay costs."""
    visitor.opens(f"{town.paid.get_absolute_url()}payouts/").is_at("Payouts")
    for summary in visitor.main.locator("#payments summary").all():
        summary.click()
    return visitor.reads("Its penalty grows until it is paid.")


# In the order of a visit: a page may begin where the one before it ended.
GUESTS: dict[str, Way] = {
    "front": lambda visitor, town: visitor.opens("/").is_at("Your insurance in one place"),
    "help": lambda visitor, town: visitor.opens("/help/").is_at("Help and contacts"),
    "doctors": lambda visitor, town: visitor.opens("/doctors/").is_at("Doctors"),
    "a doctor": lambda visitor, town: visitor.follows_text(town.doctor.surname).reads("Next free time:"),
    "a doctor, withdrawn": lambda visitor, town: visitor.opens(f"{town.doctor.get_absolute_url()[:-1]}-gone/").is_at(
        "There is no such doctor here"
    ),
    "organisations": lambda visitor, town: visitor.follows("Medical organisations").is_at("Medical organisations"),
    "an organisation": lambda visitor, town: visitor.follows_text(town.doctor.organisation.name).reads("Licence"),
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
    "door by code": lambda visitor, town: visitor.opens(BY_CODE).reads("Where do I find them?"),
    "door by code, refused": lambda visitor, town: with_the_slip(visitor, town, "0000-0000").reads(
        "We could not go on with these details"
    ),
    "door by code, recovery": lambda visitor, town: visitor.opens(f"{BY_CODE}recovery/").is_at("Prove it another way"),
    "e-mail for the letters": lambda visitor, town: with_the_slip(visitor, town, town.code).is_at(
        "Which e-mail is yours?"
    ),
    "two letters": lambda visitor, town: (
        visitor.types(PATIENT, into="E-mail").presses("Send the letter").is_at("We have sent you two letters")
    ),
    "password behind the letter": lambda visitor, town: visitor.opens(town.post.link_to(PATIENT)).is_at(
        "Choose a password"
    ),
    "before the registration": lambda visitor, town: visitor.opens(OWN).reads("Your passport"),
    "registration": lambda visitor, town: visitor.opens(f"{OWN}registration/").is_at("Register"),
    "registration with errors": lambda visitor, town: visitor.presses("Register").reads(
        "Enter the patronymic, or tick that there is none"
    ),
    "personal link": lambda visitor, town: visitor.opens(town.post.link_to(INVITED)).reads_text("Гүлнар С."),
    "personal link, dead": lambda visitor, town: visitor.opens("/activate/invited/old/").is_at(
        "This link no longer works"
    ),
    "invitation": lambda visitor, town: visitor.opens(town.post.link_to(SPOUSE)).is_at("An invitation for you"),
    "invited, no cabinet": lambda visitor, town: visitor.follows("I have no cabinet yet").is_at("Choose a password"),
    "invitation, dead": lambda visitor, town: visitor.opens("/policies/family/invitation/old/").is_at(
        "This invitation no longer works"
    ),
    "guest": lambda visitor, town: visitor.opens(town.post.link_to(HR)).reads(
        "The link opens in one browser only. Press the button on the device where you want to read."
    ),
    "guest, the code": lambda visitor, town: visitor.presses("Send me the code").is_at("Type the code"),
    "guest, the report": lambda visitor, town: (
        visitor.types(town.post.code_in_letter_to(HR), into="Code from our message")
        .presses("Continue")
        .is_at("Who is enrolled")
    ),
    "guest, finished": lambda visitor, town: visitor.presses("Finish").is_at("You have finished"),
    "door by number": lambda visitor, town: visitor.opens(DOOR).reads("What does it cost?"),
    "door by number, the code": lambda visitor, town: (
        visitor.types(BORROWERS, into="Mobile number").presses("Send the code").is_at("Type the code")
    ),
    "door by number, who is insured": lambda visitor, town: (
        visitor.types(town.post.code_to(BORROWERS), into="Code from the SMS")
        .presses("Continue")
        .reads(
            "The number is confirmed. Now the name and the birth date of the insured person, as the insurer has them."
        )
    ),
    "door by number, refused": lambda visitor, town: borrower(visitor, "Некто").reads(
        "We could not go on with these details"
    ),
    "door by number, recovery": lambda visitor, town: visitor.opens(f"{DOOR}recovery/").is_at("Prove it another way"),
    "door by number, found": lambda visitor, town: borrower(visitor.opens(DOOR), "Садыкова Айгуль").is_at(
        "We have found your policy"
    ),
    "door by number, no consents": lambda visitor, town: visitor.presses("Open the cabinet").is_at(
        "We have found your policy"
    ),
    "first password": lambda visitor, town: visitor.opens(town.first_password).is_at("Choose a password"),
    "first password, dead link": lambda visitor, town: visitor.opens("/accounts/first/old/").is_at(
        "This link no longer works"
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
    "an event, no account": lambda visitor, town: visitor.opens("/claims/").is_at("Tell of an insured event"),
    "an event, the contact": lambda visitor, town: visitor.follows("Tell without an account").is_at(
        "Where can we reach you?"
    ),
    "an event, the code": lambda visitor, town: (
        visitor.types(HEIR, into="E-mail or mobile number").presses("Send the code").is_at("Type the code")
    ),
    "an event, the form": lambda visitor, town: (
        visitor.types(town.post.code_in_letter_to(HEIR), into="Code from our message")
        .presses("Continue")
        .is_at("What happened, and to whom?")
    ),
    "an event with errors": lambda visitor, town: visitor.presses("Register").reads(
        "Enter the day, the month and the year"
    ),
    "a claim, the way back": lambda visitor, town: visitor.opens("/claims/return/").is_at("Open my claim"),
}

MEMBERS: dict[str, Way] = {
    "home": lambda visitor, town: visitor.signs_in(DANA).is_at("Your policies"),
    "policy": lambda visitor, town: visitor.follows_text(town.open.product_version.name).reads("The contract"),
    "what is covered": what_is_covered,
    "doctor": lambda visitor, town: visitor.turns_to("Doctor").reads("Your consultations"),
    "doctor, in the queue": lambda visitor, town: visitor.opens(town.in_queue.get_absolute_url()).is_at(
        "You are in the queue"
    ),
    "doctor, a file": lambda visitor, town: visitor.opens(f"{town.in_queue.get_absolute_url()}files/new/").is_at(
        "Send a photo or a document"
    ),
    "doctor, cancel": lambda visitor, town: (
        visitor.opens(town.in_queue.get_absolute_url()).follows("Cancel the request").is_at("Cancel the consultation?")
    ),
    "doctor, cancelled": lambda visitor, town: visitor.presses("Cancel the consultation").is_at(
        "The consultation is cancelled"
    ),
    "doctor, to be paid": lambda visitor, town: visitor.opens(town.unpaid.get_absolute_url()).is_at(
        "Your request waits for the payment"
    ),
    "claims": lambda visitor, town: visitor.turns_to("Claims").is_at("Claims").reads("Your claims"),
    "an event": lambda visitor, town: visitor.follows("Tell of an insured event").is_at("Tell of an insured event"),
    "an event with errors": lambda visitor, town: visitor.presses("Register").reads(
        "Enter the day, the month and the year"
    ),
    "a claim": lambda visitor, town: visitor.opens(town.claim.get_absolute_url()).reads("Needed from you"),
    "a claim, a document": lambda visitor, town: visitor.follows_text(says("Identity card of the beneficiary")).reads(
        "Send for checking"
    ),
    "a claim, the letter": lambda visitor, town: (
        visitor.opens(town.claim.get_absolute_url())
        .follows_text(town.claim.letters.get().subject)
        .reads("Proof that it left")
    ),
    "a claim, known earlier": lambda visitor, town: visitor.opens(
        f"{town.claim.get_absolute_url()}earlier-knowledge/"
    ).is_at("You knew earlier"),
    "a claim that is paid": lambda visitor, town: visitor.opens(town.paid.get_absolute_url()).reads("is still to come"),
    "payouts": every_reason,
    "re-certification": lambda visitor, town: visitor.opens(f"{town.paid.get_absolute_url()}recertification/").is_at(
        "Re-certification"
    ),
    "re-certification with errors": lambda visitor, town: visitor.presses("Send the certificate").reads(
        "Enter the day, the month and the year"
    ),
    "attach": lambda visitor, town: visitor.finds(town.open).is_at("Add this policy to your cabinet"),
    "profile": lambda visitor, town: visitor.opens("/accounts/profile/").is_at("Profile"),
    "programmes": lambda visitor, town: visitor.opens("/activate/").is_at("Which programme is yours?"),
    "declaration": lambda visitor, town: visitor.opens(f"{OWN}declaration/").is_at("Your personal data"),
    "own number": lambda visitor, town: declares(visitor).is_at("Add a policy by its number"),
    "own number, refused": lambda visitor, town: (
        visitor.types("1825 DM 9999", into="Policy number")
        .presses("Send")
        .reads("We could not go on with these details")
    ),
    "child": lambda visitor, town: visitor.follows("It is my child’s policy").is_at("Add a child’s policy"),
    "own number, found": lambda visitor, town: (
        visitor.opens(f"{OWN}number/")
        .types(town.on_a_card.insured_id, into="Policy number")
        .presses("Send")
        .is_at("Add this policy to your cabinet")
    ),
    "close ones": lambda visitor, town: visitor.opens("/policies/family/").is_at("Close ones").reads_text(SPOUSE),
    "who looked": lambda visitor, town: visitor.opens("/policies/looks/").is_at("Who looked at your cabinet"),
    "e-mail": lambda visitor, town: visitor.opens("/accounts/email/").is_at("Your e-mail"),
    "consents": lambda visitor, town: visitor.opens("/policies/consents/").is_at("Consents"),
    "a consent": lambda visitor, town: visitor.opens(town.consent.get_absolute_url()).reads("Withdraw the consent"),
    "withdrawal": lambda visitor, town: visitor.follows("Withdraw the consent").is_at("Withdraw the consent?"),
    "a withdrawn consent": lambda visitor, town: (
        visitor.presses("Withdraw the consent").opens(town.consent.get_absolute_url()).reads("Give it again")
    ),
    "password": lambda visitor, town: visitor.opens("/accounts/password/change/").reads("At least 6 characters"),
    "mobile number": lambda visitor, town: (
        visitor.opens("/accounts/mobile/").types(PASSWORD, into="Password").presses("Confirm").is_at("Mobile number")
    ),
    "mobile number, the code": lambda visitor, town: (
        visitor.types(DANAS, into="Mobile number").presses("Send the code").is_at("Type the code")
    ),
    "mobile number, confirmed": confirms_the_number,
    "another mobile number": lambda visitor, town: (
        visitor.types("+77059998878", into="Mobile number").presses("Send the code").is_at("Type the code")
    ),
    "another account": lambda visitor, town: (
        every_reason(visitor, town).follows("Another account").is_at("Another account")
    ),
    "another account with errors": lambda visitor, town: (
        visitor.types("KZ00", into="New account (IBAN)").presses("Ask for this account").reads("What happens next")
    ),
    "a claim, the application": lambda visitor, town: visitor.opens(
        f"{town.claim.get_absolute_url()}application/"
    ).is_at("Application for the payout"),
    "a claim, the application with errors": lambda visitor, town: visitor.presses("Send the application").reads_text(
        "IBAN"
    ),
    "a claim, withdrawal": lambda visitor, town: visitor.opens(f"{town.claim.get_absolute_url()}withdrawal/").is_at(
        "Withdraw the claim"
    ),
    "a claim, withdrawn": lambda visitor, town: visitor.presses("Withdraw").reads("Take the claim up again"),
    "letting somebody in": lambda visitor, town: (
        visitor.opens("/policies/family/").follows("Let somebody help me").is_at("Let somebody see and act")
    ),
    "PIN": lambda visitor, town: visitor.opens("/accounts/pin/").is_at("PIN"),
    "whose device": lambda visitor, town: (
        visitor.types("407182", into="PIN")
        .types("407182", into="The same PIN again")
        .presses("Keep this PIN")
        .is_at("Is this device yours?")
    ),
    "a device of one’s own": lambda visitor, town: visitor.presses("Mine: open it with the PIN").reads(
        "From now on this device opens with the PIN."
    ),
    "second step": lambda visitor, town: visitor.opens("/accounts/2fa/"),
    "authenticator app": lambda visitor, town: visitor.opens("/accounts/2fa/totp/activate/"),
    "passkeys": lambda visitor, town: visitor.opens("/accounts/2fa/webauthn/"),
    "new passkey": lambda visitor, town: visitor.opens("/accounts/2fa/webauthn/add/"),
    "devices": lambda visitor, town: visitor.opens("/accounts/sessions/").is_at("Where you are signed in"),
    "sign-out": lambda visitor, town: visitor.opens("/accounts/logout/"),
    "sign-in with the PIN": lambda visitor, town: visitor.presses("Sign out").reads("With the PIN"),
}

# Judged at every width, in the dark, with large letters and on paper.
KEY: dict[str, Way] = {
    name: (GUESTS | MEMBERS)[name] for name in ("front", "start with errors", "waiting", "account with errors", "home")
}
