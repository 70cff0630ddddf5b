"""Products are files, published as immutable versions."""

import tomllib
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection

from core.models import AuditEvent, ImmutableRow
from core.money import Money
from policies.models import Insurer, ProductVersion
from policies.rules import ContractKind, Door, Service, Terms
from policies.services.products import publish_file
from tests.factories import PRODUCTS, a_borrower, a_policy, a_product

pytestmark = pytest.mark.django_db
FILES = sorted(PRODUCTS.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_published_text_exists_in_three_languages(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))

    def languages(value: object) -> None:
        if isinstance(value, dict):
            if "ru" in value:
                assert set(value) == {"ru", "kk", "en"}
                assert all(value.values())
            else:
                for inner in value.values():
                    languages(inner)
        elif isinstance(value, list):
            for inner in value:
                languages(inner)

    languages(data)


def test_publishing_again_publishes_nothing() -> None:
    call_command("publish_products", stdout=StringIO())
    before = ProductVersion.objects.count()
    for path in FILES:
        assert publish_file(path=path) == []
    assert ProductVersion.objects.count() == before == 5


def test_a_changed_rule_is_a_new_version_and_old_policies_keep_theirs(tmp_path: Path) -> None:
    policy = a_policy()
    changed = tmp_path / "nsk.toml"
    text = (PRODUCTS / "nsk.toml").read_text(encoding="utf-8")
    changed.write_text(text.replace("individual = 15", "individual = 20"), encoding="utf-8")
    [version] = publish_file(path=changed)
    assert version.number == 2
    policy.refresh_from_db()
    assert policy.product_version.terms.waiting_days[ContractKind.INDIVIDUAL] == 15
    assert a_product(policy.insurer).number in (2, 3)
    assert AuditEvent.objects.filter(verb="published a product version").count() >= 2


@pytest.mark.parametrize(
    ("found", "written"),
    [('door = "id_and_birth_date"', 'door = "window"'), ("waiting_days =", "wating_days ="), ("summary =", "sumary =")],
)
def test_a_misspelt_rule_publishes_nothing_at_all(tmp_path: Path, found: str, written: str) -> None:
    wrong = tmp_path / "nsk.toml"
    wrong.write_text((PRODUCTS / "nsk.toml").read_text(encoding="utf-8").replace(found, written), encoding="utf-8")
    with pytest.raises((KeyError, ValueError)):
        publish_file(path=wrong)
    assert not Insurer.objects.exists()


def test_a_version_is_never_edited() -> None:
    version = a_product()
    with pytest.raises(ImmutableRow):
        version.save()
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("UPDATE policies_productversion SET content = '{}'")


def test_the_contacts_are_those_of_the_document() -> None:
    """NSK-16, NSK-17: numbers, address and hours of the activation algorithm."""
    insurer = a_product().product.insurer
    assert [line["phone"] for line in insurer.contacts] == ["+7 (7172) 72-75-89", "+7 (727) 258-18-00", "22-58"]
    assert insurer.contacts[0]["email"] == "customerattention@spheraglobal.com"
    assert insurer.contacts[0]["hours"] == {"mon-fri": ["09:00", "21:00"], "sat": ["10:00", "16:00"]}


def test_terms_read_what_the_file_says() -> None:
    terms: Terms = a_product().terms
    assert terms.door == Door.ID_AND_BIRTH_DATE
    assert dict(terms.waiting_days) == {ContractKind.INDIVIDUAL: 15, ContractKind.CORPORATE: 3}


# ── Consultations: what a file may say ───────────────────────────────────────
@pytest.mark.parametrize(
    ("found", "written", "complaint"),
    [
        ('covers = ["duty_gp", ', 'covers = ["dentist", ', "'dentist' is not a valid Service"),
        ('covers = ["duty_gp", ', 'covers = ["duty_gp", "duty_gp", ', "each once"),
        ("relatives_included = false", 'relatives_included = "no"', "relatives_included is true or false"),
        ("relatives_included = false\n", "", "relatives_included"),
        ('specialist_time = "patient"', 'specialist_time = "nobody"', "'nobody' is not a valid SpecialistTime"),
        (
            "paid_meanwhile = true",
            "paid_meanwhile = true\npaid_later = true",
            "no such setting of consultations: paid_later",
        ),
        ('held = "3000.00"', 'held = "many"', "no sum of money: 'many'"),
        ('held = "3000.00"', "held = 3000.00", "no sum of money: 3000.0"),
        ('held = "3000.00"', 'held = "3000.001"', "no sum of money"),
        ('held = "3000.00"', 'held = "-1"', "a sum below 0"),
        ('held = "3000.00"', 'held = "0"', "above 0, and no other is higher"),
        ('no_show = "3000.00"', 'no_show = "3000.01"', "above 0, and no other is higher"),
        (', cancelled_late = "0.00"', "", "no sum for cancelled_late"),
        ('duty_gp = "5000.00"', 'duty_gp = "0"', "would read like a cover: duty_gp"),
        ('duty_gp = "5000.00"\n', "", "the price list has no duty_gp"),
        ('duty_gp = "5000.00"', 'massage = "5000.00"', "'massage' is not a valid Service"),
        ("illness_payment = { ru", "illness = { ru", "clauses of no such terms: illness"),
    ],
)
def test_nonsense_about_consultations_publishes_nothing_and_says_what_is_wrong(
    tmp_path: Path, found: str, written: str, complaint: str
) -> None:
    text = (PRODUCTS / "nomad-life.toml").read_text(encoding="utf-8")
    assert text.count(found) == 1
    wrong = tmp_path / "nomad-life.toml"
    wrong.write_text(text.replace(found, written), encoding="utf-8")
    with pytest.raises((KeyError, ValueError), match=complaint):
        publish_file(path=wrong)
    assert not Insurer.objects.exists()


def test_a_changed_price_list_counts_for_everybody_at_once_and_is_in_the_trail(tmp_path: Path) -> None:
    policy = a_borrower()
    changed = tmp_path / "nomad-life.toml"
    text = (PRODUCTS / "nomad-life.toml").read_text(encoding="utf-8")
    changed.write_text(text.replace('duty_gp = "5000.00"', 'duty_gp = "6000.00"'), encoding="utf-8")
    assert publish_file(path=changed) == []
    price = Insurer.objects.get(pk=policy.insurer_id).prices.of(Service.DUTY_GP)
    assert price == Money(Decimal(6000), "KZT")
    events = AuditEvent.objects.filter(verb="published a price list", scope="nomad-life").order_by("pk")
    assert [event.detail["prices"]["duty_gp"] for event in events] == ["5000.00", "6000.00"]


@pytest.mark.parametrize("wrong", [{"credentials": "link"}, {"door": "policy_code"}])
def test_a_door_by_number_that_makes_no_sense_is_not_published(wrong: dict[str, str]) -> None:
    content = a_borrower().product_version.content
    with pytest.raises(ValueError, match="credentials by SMS"):
        Terms.from_data(content | wrong)
