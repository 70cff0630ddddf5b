"""Two cases at two insurers, one of an account and one of a guest, a row of everything that hangs on each; who looks at them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db.models import Model

from accounts.models import User
from claims.models import (
    AccountRequest,
    AnswerLine,
    Application,
    BankAnswer,
    BankLetter,
    BankLink,
    Check,
    Claim,
    Consent,
    Decision,
    EarlierKnowledge,
    Examination,
    Extension,
    Instalment,
    Item,
    Letter,
    LetterPaper,
    LoanSchedule,
    Note,
    Objection,
    OmbudsmanPack,
    Opening,
    Page,
    PaymentFile,
    PaymentOrder,
    Penalty,
    Recertification,
    Repayment,
    RequestPaper,
    Review,
    Step,
    Stop,
    Suspension,
)
from core.models import Upload, UploadStep
from core.rows.viewers import Viewer, seen_by
from core.rows.walls import walls
from policies.models import ConsentText, Insurer
from policies.rules import StaffRole
from tests.claims.factories import (
    NOW,
    a_certificate,
    a_checklist,
    a_claim,
    a_decision,
    a_guests_claim,
    a_payee,
    a_review,
    an_insured,
)
from tests.factories import TODAY, another_insurer
from tests.people import a_member, a_person, aigul

Rows = dict[type[Model], set[int]]
GUEST, STRANGER = uuid.UUID(int=7), uuid.UUID(int=8)


@dataclass
class Case:
    claim: Claim
    insurer: Insurer
    claimant: User | None
    item: Item
    decided: Decision
    proposed: Decision
    rows: Rows


def her_case() -> Case:
    user = aigul()
    policy = an_insured(user)
    return case(a_claim(user, policy, story="Секрет Айгуль"), user)


def guests_case(insurer: Insurer | None = None) -> Case:
    return case(a_guests_claim(insurer or another_insurer(), story="Секрет Раушан"), None)


def case(claim: Claim, claimant: User | None) -> Case:
    """One row at least of each walled table of claims; files of the claimant and of staff."""
    reviewer = a_person(f"r{claim.pk}@example.kz", is_staff=True)
    approver = a_person(f"a{claim.pk}@example.kz", is_staff=True)
    item, *_others = a_checklist(claim)
    review = a_review(claim)
    decided = a_decision(
        review, reviewer, state="approved", approved_by=approver, approved_at=NOW, decided_on=TODAY, outcome="approved",
        amount=Decimal(1000), derivation={"x": 1}, ground="", clause="", evidence="",
    )  # fmt: skip
    proposed = a_decision(review, reviewer)
    approved = {
        "claim": claim, "proposed_by": reviewer, "state": "approved", "approved_by": approver, "approved_at": NOW,
    }  # fmt: skip
    made = [
        claim, *claim.items.all(), review, decided, proposed, *papers(claim, item, claimant), *letters(claim),
        *under_review(review, decided, reviewer), *loan(claim, reviewer), *money(decided, reviewer, approved),
        *afterwards(claim, reviewer, approved), *looks(claim, reviewer),
    ]  # fmt: skip
    rows: Rows = {}
    for row in made:
        rows.setdefault(type(row), set()).add(row.pk)
    return Case(claim, claim.insurer, claimant, item, decided, proposed, rows)


Made = list[Any]  # rows of one subject


def papers(claim: Claim, item: Item, claimant: User | None) -> Made:
    upload = a_file(item, claimant)
    text, _created = ConsentText.objects.get_or_create(
        insurer=claim.insurer, code="personal_data", number=77, defaults={"digest": "x", "content": WORDS}
    )
    return [
        upload,
        a_certificate(claim, item=item),
        UploadStep.objects.create(upload=upload, event="receive", at=NOW),
        Page.objects.create(item=item, upload=upload, language="ru", sent_on=TODAY),
        BankLink.objects.create(item=item, access=uuid.uuid4(), bank="Банк", contact="b@example.kz", until=NOW),
        Check.objects.create(claim=claim, since=TODAY, latest=TODAY),
        Application.objects.create(claim=claim, address="Секрет"),
        Consent.objects.create(claim=claim, text=text, language="ru", guest=GUEST),
        EarlierKnowledge.objects.create(claim=claim, known_on=TODAY, source="call", evidence="Запись разговора"),
    ]


def letters(claim: Claim) -> Made:
    letter = Letter.objects.create(
        claim=claim, kind="receipt", language="ru", subject="…", body="Секрет", to="лично", handed_over_on=TODAY
    )
    return [letter, LetterPaper.objects.create(letter=letter, facts={"body": "Секрет"}, next_try_at=NOW)]


def under_review(review: Review, decided: Decision, reviewer: User) -> Made:
    month = TODAY + timedelta(days=30)
    stop = Suspension.objects.create(
        review=review, cause="authority", authority="Полиция", question="?", why="…", since=TODAY, by=reviewer
    )
    objection = Objection.objects.create(
        claim=review.claim, decision=decided, way="ombudsman", state="ready", filed_on=TODAY
    )
    secret = {"facts": {"body": "Секрет"}, "next_try_at": NOW}
    return [
        stop,
        RequestPaper.objects.create(suspension=stop, language="ru", **secret),
        Extension.objects.create(review=review, told_on=TODAY, until=month, why="…", by=reviewer),
        objection,
        OmbudsmanPack.objects.create(objection=objection, **secret),
    ]  # fmt: skip


def loan(claim: Claim, reviewer: User) -> Made:
    schedule = LoanSchedule.objects.create(claim=claim, source="typed", currency="KZT", entered_by=reviewer)
    return [
        schedule,
        Repayment.objects.create(schedule=schedule, due_on=TODAY, principal=Decimal(1000)),
        BankLetter.objects.create(claim=claim, as_of=TODAY, debt=Decimal(1000), currency="KZT", entered_by=reviewer),
    ]


def money(decided: Decision, reviewer: User, approved: dict[str, Any]) -> Made:
    """Planned, ordered, answered, late."""
    claim, a_thousand = decided.claim, {"amount": Decimal(1000)}
    payee = a_payee(claim)
    paid = Instalment.objects.create(claim=claim, decision=decided, payee=payee, number=1, currency="KZT", **a_thousand)
    file = PaymentFile.objects.create(
        insurer=claim.insurer, number=1, made_by=reviewer, count=1, total=Decimal(1000), currency="KZT"
    )
    order = PaymentOrder.objects.create(
        file=file, instalment=paid, pay_on=TODAY, payee_name="…", iban=payee.iban, purpose="…", **a_thousand
    )
    answer = BankAnswer.objects.create(insurer=claim.insurer, sha256="0" * 64, name="ответ.csv")
    line = AnswerLine.objects.create(
        answer=answer, order=order, line=2, number=order.number, said="paid", on=TODAY, effect="paid", **a_thousand
    )
    penalty = Penalty.objects.create(late=paid, amount=Decimal(10), currency="KZT", derivation={"x": 1}, **approved)
    asked = AccountRequest.objects.create(claim=claim, payee=payee, iban="KZ256017131000029119")
    return [payee, asked, paid, file, order, answer, line, penalty]


def afterwards(claim: Claim, reviewer: User, approved: dict[str, Any]) -> Made:
    return [
        Recertification.objects.create(claim=claim, term_until=TODAY),
        Examination.objects.create(claim=claim, institution="…", asked_on=TODAY, planned_on=TODAY, by=reviewer),
        Stop.objects.create(ceased_on=TODAY, evidence="Справка", **approved),
    ]


def looks(claim: Claim, reviewer: User) -> Made:
    """What happened, what staff wrote for each other, who opened the file."""
    return [
        Step.objects.create(claim=claim, part="claim", event="deliver", state="checking", actor="claimant", on=TODAY),
        Note.objects.create(claim=claim, by=reviewer, text="Секрет рецензента"),
        Opening.objects.create(claim=claim, by=reviewer, role="reviewer", reason="очередь", on=TODAY),
    ]


WORDS = dict.fromkeys(("titles", "texts", "after_withdrawal"), dict.fromkeys(("kk", "ru", "en"), "…"))


def a_file(item: Item, owner: User | None, guest: uuid.UUID = STRANGER) -> Upload:
    upload = Upload(
        scope=item.files.scope, collection=item.files.key, owner=owner, guest=None if owner else guest, name="с.jpg",
        size=1, sha256=uuid.uuid4().hex, next_try_at=NOW, received_at=NOW,
    )  # fmt: skip
    upload.original.save("", ContentFile(b"x"), save=False)
    upload.save()
    return upload


# ── Who looks ────────────────────────────────────────────────────────────────
ALL = {model for model in walls() if model._meta.app_label == "claims"} | {Upload, UploadStep}
NOTES, MONEY = {Note}, {PaymentFile, PaymentOrder, BankAnswer, AnswerLine}
PAPERS = {Item, Page, BankLink, Upload, UploadStep, Application, Consent, EarlierKnowledge}
CASE = ALL - NOTES - MONEY  # the claimant's
Looks = Callable[[Case], Viewer]


def the_claimant(case: Case) -> Viewer:
    return Viewer(lambda: case.claimant)


def somebody_insured(case: Case) -> Viewer:
    user = a_person("dana2@example.kz")
    return Viewer(lambda: user)


def the_guest(case: Case) -> Viewer:
    return Viewer(AnonymousUser, given={"claim_keys": [case.claim.public_id]})


def another_guest(case: Case) -> Viewer:
    return Viewer(AnonymousUser, given={"claim_keys": [uuid.uuid4()], "guest": [uuid.uuid4()]})


def the_bank(case: Case) -> Viewer:
    return Viewer(AnonymousUser, given={"item_keys": [case.item.public_id]})


def a_visitor(case: Case) -> Viewer:
    return Viewer(AnonymousUser)


def staff(role: StaffRole) -> Looks:
    def looks(case: Case) -> Viewer:
        member = a_member(role, case.insurer, f"{role}@example.kz")
        return Viewer(lambda: member)

    looks.__name__ = f"staff_{role}"
    return looks


def found_by(looks: Viewer) -> Rows:
    """By questions without any condition: as if every filter of ours were forgotten."""
    with seen_by(looks):
        return {model: set(model._base_manager.values_list("pk", flat=True)) for model in ALL}


def tables() -> set[type[Model]]:
    return {model for model in apps.get_models() if model._meta.app_label == "claims"}
