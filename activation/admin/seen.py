"""«What the client sees»: the client's own pages, drawn by the same queries, forms and templates, as a picture.

Nobody signs in as the client: the operator's request only gives the address, and core.still takes out all that acts.
"""

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from activation.forms import FORMS, AddressForm, IdAndBirthDateForm, ProofForm
from activation.queries import AccountFile, PolicyFile, letter_was_refused, waiting_page
from activation.rules import Situation
from core.phones import mask_email, mask_phone
from core.still import still
from policies.models import Person
from policies.queries import help_lines, home_facts, policy_cards

Page = tuple[str, dict[str, Any]]  # a template and what it names


def cabinet_as_seen(request: HttpRequest, file: AccountFile) -> HttpResponse:
    """The home page, without what the account has at other insurers."""
    person = file.access.person
    with translation.override(file.user.language):
        cards = [card for card in policy_cards(file.user, now=file.now) if card.policy.insurer == person.insurer]
        facts = {**home_facts(cards, now=file.now), "user": file.user}
        return _picture(request, "portal/home.html", facts, person=person)


def activation_as_seen(request: HttpRequest, file: PolicyFile) -> HttpResponse:
    """The page of the door that the person meets now, once the right facts are typed."""
    language = file.activation.language if file.activation else file.person.language
    with translation.override(language or translation.get_language()):
        template, facts = PAGES.get(file.situation, _start)(file)
        facts = {"product": file.policy.product_version, "policy": file.policy, **facts}
        return _picture(request, template, facts, person=file.person)


def _start(file: PolicyFile) -> Page:
    """Whom the door refuses reads that as well, in words that say nothing about the ID."""
    form = FORMS[file.policy.product_version.terms.door].facts()
    return "activation/start.html", {"form": form, "refused": file.situation in (Situation.LOCKED, Situation.ACTIVE)}


def _waiting(file: PolicyFile) -> Page:
    found = {"insured_id": file.policy.insured_id, "birth_date": file.person.birth_date}
    return "activation/waiting.html", {
        "page": waiting_page(file.policy, today=file.today),
        "form": AddressForm(),
        "reminder": file.reminder,
        "find_form": IdAndBirthDateForm(initial=found),
    }


def _proof(file: PolicyFile) -> Page:
    person = file.person
    contact = mask_phone(person.phone) if person.phone else mask_email(person.email) if person.email else ""
    return "activation/proof.html", {"form": ProofForm(), "contact": contact}


def _letter(file: PolicyFile) -> Page:
    """The address is masked, as everywhere at the desk."""
    activation = copy(file.activation)
    if activation is None:
        raise ValueError("a letter waits without an activation")
    is_returned, activation.email = letter_was_refused(activation), mask_email(activation.email)
    form = AddressForm(initial={"email": activation.email})
    return "activation/letter.html", {"activation": activation, "form": form, "is_returned": is_returned}


def _ready(file: PolicyFile) -> Page:
    return "activation/ready.html", {}


PAGES = {
    Situation.WAITING: _waiting,
    Situation.PROOF_ASKED: _proof,
    Situation.LETTER_SENT: _letter,
    Situation.CONFIRMED: _ready,
}


def _picture(request: HttpRequest, template: str, facts: dict[str, Any], *, person: Person) -> HttpResponse:
    lines = help_lines(person.insurer, now=timezone.now())
    context = {"request": request, "seen": template, "person": person, "help": lines, **facts}
    return HttpResponse(still(render_to_string("admin/activation/seen.html", context)))
