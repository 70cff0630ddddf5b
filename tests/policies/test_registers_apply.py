"""From the file to people and policies: what is new, changed, the same, refused; what is never overwritten."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import User
from core.names import search_key
from policies.models import Difference, Organisation, Person, Policy, PolicyEvent, Register
from policies.rules import AccessKind, AccessScope, Role
from policies.services.access import end_access, grant_access
from policies.services.register_work import work_on_next
from policies.services.registers import confirm_register
from tests import people
from tests.factories import a_policy, a_product, an_insurer, another_insurer
from tests.policies.registers import (
    NOW,
    OF_EMPLOYER,
    OTHER,
    ROW,
    a_row,
    applied,
    as_csv,
    checked,
    digest,
    outcomes,
    problems,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_a_person_and_a_policy_come_out_of_one_row() -> None:
    assert outcomes(applied(as_csv(ROW))) == {"new": 1}
    policy = Policy.objects.get()
    assert (policy.insured_id, policy.insured_key, policy.contract_number) == ("4410027531", "4410027531", "Д-2026/117")
    assert (policy.signed_on, policy.cover_starts_on, policy.cover_ends_on) == (
        date(2026, 11, 2), date(2026, 11, 17), date(2027, 11, 16),
    )  # fmt: skip
    assert policy.product_version == a_product()
    aigul = policy.insured
    assert (str(aigul), aigul.birth_date, aigul.sex, aigul.iin) == (
        "Садыкова Айгуль Сериковна", date(1961, 3, 14), "f", "610314400010",
    )  # fmt: skip
    assert aigul.search_key == search_key(aigul.full_name)
    assert policy.parties.get(role=Role.POLICYHOLDER).person == aigul
    event = policy.events.get()
    assert (event.kind, event.by, event.detail) == (
        PolicyEvent.Kind.ISSUED, Register.objects.get().confirmed_by, {"register": str(Register.objects.get().public_id)},
    )  # fmt: skip


def test_a_corporate_contract_belongs_to_the_employer() -> None:
    applied(as_csv(ROW | OF_EMPLOYER, OTHER | OF_EMPLOYER | {"Номер карты": "7000000002"}))
    employer = Organisation.objects.get()
    assert (employer.name, employer.bin) == ("ТОО «Алма»", "120140012348")
    assert {policy.parties.get(role=Role.POLICYHOLDER).organisation for policy in Policy.objects.all()} == {employer}


def test_a_card_without_an_employer_leaves_the_policyholder_open() -> None:
    applied(as_csv(ROW | OF_EMPLOYER | {"Работодатель": "", "БИН работодателя": ""}))
    assert [party.role for party in Policy.objects.get().parties.all()] == [Role.INSURED]


def test_the_preview_changes_nothing_and_says_what_the_confirmation_will_do() -> None:
    applied(as_csv(ROW))
    before = digest()
    preview = checked(as_csv(ROW | {"Окончание действия": "16.11.2028"}, OTHER, a_row(ID="")))
    assert (preview.state, outcomes(preview)) == ("checked", {"new": 1, "changed": 1, "refused": 1})
    assert digest() == before
    confirm_register(register=preview, by=preview.uploaded_by, now=NOW)
    work_on_next(now=NOW)
    preview.refresh_from_db()
    assert (preview.state, outcomes(preview)) == ("applied", {"new": 1, "changed": 1, "refused": 1})


def test_a_repeat_changes_nothing() -> None:
    data = as_csv(ROW, OTHER | OF_EMPLOYER | {"Телефон": "8 701 234 45 67"}, a_row(ID="9", ИИН=""))
    assert outcomes(applied(data)) == {"new": 3}
    before = digest()
    assert outcomes(applied(data)) == {"unchanged": 3}
    assert digest() == before
    assert outcomes(applied(data + b"4410027599;")) == {"unchanged": 3, "refused": 1}
    assert digest() == before


def test_a_row_that_is_missing_later_changes_nothing() -> None:
    applied(as_csv(ROW, OTHER))
    before = digest()
    applied(as_csv(ROW))
    assert digest() == before


def test_a_correction_keeps_both_values() -> None:
    applied(as_csv(ROW))
    register = applied(as_csv(ROW | {"Окончание действия": "31.12.2026", "Фамилия": "Оспанова"}))
    event = Policy.objects.get().events.last()
    assert event
    assert (event.kind, event.detail) == (
        PolicyEvent.Kind.CORRECTED,
        {
            "register": str(register.public_id),
            "cover_ends_on": ["2027-11-16", "2026-12-31"],
            "surname": ["Садыкова", "Оспанова"],
        },
    )
    assert Policy.objects.get().cover_ends_on == date(2026, 12, 31)
    assert Person.objects.get().search_key == "оспанова айгуль сериковна"


def test_the_sum_insured_comes_with_a_register_is_corrected_by_one_and_kept_by_a_blank_cell() -> None:
    """NL-7.1."""
    for cell, amount in (("2 000 000", 2_000_000), ("", 2_000_000), ("1500000,50", Decimal("1500000.50"))):
        applied(as_csv(ROW | {"Страховая сумма": cell}))
        assert Policy.objects.get().sum_insured == amount
    event = Policy.objects.get().events.last()
    assert event
    assert event.detail["sum_insured"] == ["2000000.00", "1500000.50"]


def test_a_blank_cell_changes_nothing_and_the_kept_name_is_found_by_its_keys() -> None:
    applied(as_csv(ROW | {"Телефон": "+77012344567"}))
    applied(as_csv(a_row(Фамилия="Оспанова", Отчество="", ИИН="", Пол="", Телефон="", **{"Окончание действия": ""})))
    aigul = Person.objects.get()
    assert (aigul.full_name, aigul.iin, aigul.sex, aigul.phone) == (
        "Оспанова Айгуль Сериковна", "610314400010", "f", "+77012344567",
    )  # fmt: skip
    assert aigul.search_key == "оспанова айгуль сериковна"
    assert Policy.objects.get().cover_ends_on == date(2027, 11, 16)


def test_a_second_id_of_the_same_iin_is_the_same_person() -> None:
    applied(as_csv(ROW))
    applied(as_csv(a_row(ID="4410027540")))
    assert Person.objects.count() == 1
    assert Policy.objects.count() == 2


def test_two_ids_of_one_iin_in_one_file_are_one_person_whose_last_row_speaks() -> None:
    data = as_csv(ROW, a_row(ID="4410027540", Телефон="+77012344567"), a_row(ID="4410027541", Отчество=""))
    assert outcomes(applied(data)) == {"new": 3}
    assert (Person.objects.count(), Person.objects.get().phone) == (1, "")
    before = digest()
    assert outcomes(applied(data)) == {"unchanged": 3}
    assert digest() == before


def test_one_iin_for_two_people_refuses_both() -> None:
    register = checked(as_csv(ROW, OTHER | {"ИИН": ROW["ИИН"]}))
    assert problems(register) == ["iin:two_people", "iin:two_people"]


def test_a_row_refused_for_the_person_behind_its_id_leaves_the_other_rows_of_its_iin_alone() -> None:
    applied(as_csv(OTHER))
    data = as_csv(a_row(ID=OTHER["ID"]), ROW)
    assert outcomes(applied(data)) == {"new": 1, "refused": 1}
    repeat = checked(data)
    assert outcomes(repeat) == {"unchanged": 1, "refused": 1}
    assert problems(repeat) == ["iin:taken", "insured_id:another_person"]


def test_an_id_given_away_between_preview_and_apply_gives_its_person_to_nobody() -> None:
    register = checked(as_csv(a_row(ID=OTHER["ID"]), ROW))
    applied(as_csv(OTHER))
    confirm_register(register=register, by=register.uploaded_by, now=NOW)
    assert work_on_next(now=NOW)
    assert set(Policy.objects.values_list("insured_id", "parties__person__iin")) == {
        (OTHER["ID"], OTHER["ИИН"]), (ROW["ID"], ROW["ИИН"]),
    }  # fmt: skip


def test_people_without_an_iin_are_told_apart_by_their_ids() -> None:
    applied(as_csv(a_row(ИИН=""), a_row(ИИН="", ID="4410027540")))
    assert Person.objects.count() == 2


def test_a_report_says_that_the_preview_had_grown_old() -> None:
    first, second = checked(as_csv(ROW, OTHER)), checked(as_csv(ROW, OTHER | {"Имя": "Ерлан"}))
    for register in (first, second):
        confirm_register(register=register, by=register.uploaded_by, now=NOW)
        work_on_next(now=NOW)
        register.refresh_from_db()
    assert (first.moved, outcomes(first)) == (0, {"new": 2})
    assert (second.moved, outcomes(second)) == (2, {"unchanged": 1, "changed": 1})
    page = people.staff_browser(people.marat(is_superuser=True, language="en")).get(second.get_absolute_url()).text
    assert "2 rows did something else than the preview said" in page


def test_an_iin_that_belongs_to_somebody_else_is_not_moved() -> None:
    applied(as_csv(a_row(ИИН=""), OTHER))
    assert problems(checked(as_csv(a_row(ИИН=OTHER["ИИН"])))) == ["iin:taken"]


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"Дата рождения": "14.03.1962"}, False),
        ({"Фамилия": "Оспанова"}, False),
        ({"ИИН": "900101300811"}, False),
        ({"Дата рождения": "14.03.1962", "Фамилия": "Оспанова"}, True),
        ({"Дата рождения": "14.03.1962", "ИИН": "900101300811"}, True),
        ({"Фамилия": "Оспанова", "ИИН": "900101300811"}, True),
        ({"Дата рождения": "14.03.1962", "Отчество": ""}, False),
    ],
)
def test_an_id_passes_to_nobody_else_but_one_fact_may_be_corrected(facts: dict[str, str], refused: bool) -> None:
    applied(as_csv(ROW))
    register = checked(as_csv(ROW | facts))
    assert problems(register) == (["insured_id:another_person"] if refused else [])


def test_an_id_of_another_programme_is_refused() -> None:
    kih = an_insurer("kazakhinstrakh")
    first, second = kih.products.order_by("pk")[0], kih.products.create(code="second")
    second.versions.create(number=1, digest="2", content=a_product(an_insurer()).content)
    applied(as_csv(ROW), product=first)
    assert problems(checked(as_csv(ROW), product=second)) == ["insured_id:another_product"]


def test_insurers_do_not_see_each_others_ids_and_iins() -> None:
    other = another_insurer()
    applied(as_csv(ROW))
    assert outcomes(applied(as_csv(ROW), product=other.products.get())) == {"new": 1}
    assert Person.objects.count() == Policy.objects.count() == 2


def test_an_id_that_stands_twice_is_taken_from_neither_row() -> None:
    register = checked(as_csv(ROW, OTHER, a_row(ID="441 002 75-31", ИИН="")))
    assert problems(register) == ["insured_id:duplicate:2,4"] * 2
    assert outcomes(register) == {"new": 1, "refused": 2}


def test_an_end_on_file_before_the_new_start_asks_for_a_new_end() -> None:
    applied(as_csv(ROW))
    renewed = a_row(**{"Начало действия": "17.11.2027", "Окончание действия": ""})
    assert problems(checked(as_csv(renewed))) == ["cover_ends_on:before_start_on_file"]
    assert outcomes(checked(as_csv(renewed | {"Окончание действия": "16.11.2028"}))) == {"changed": 1}


def test_a_policy_keeps_the_version_of_its_product_with_which_it_was_issued() -> None:
    applied(as_csv(ROW))
    issued = a_product()
    newer = issued.product.versions.create(number=2, digest="2", content=issued.content)
    applied(as_csv(ROW | {"Окончание действия": "31.12.2027"}, OTHER), product=issued.product)
    versions = {policy.insured_id: policy.product_version for policy in Policy.objects.all()}
    assert versions == {ROW["ID"]: issued, OTHER["ID"]: newer}


def test_another_employer_takes_the_policy_over() -> None:
    applied(as_csv(ROW | OF_EMPLOYER))
    applied(as_csv(ROW | OF_EMPLOYER | {"Работодатель": "АО «Қазына»", "БИН работодателя": ""}))
    policy = Policy.objects.get()
    assert str(policy.parties.get(role=Role.POLICYHOLDER)).endswith("АО «Қазына»")
    assert policy.events.latest("pk").detail["policyholder"] == ["ТОО «Алма»", "АО «Қазына»"]


def test_an_employer_called_by_its_number_gets_its_name_later() -> None:
    applied(as_csv(ROW | OF_EMPLOYER | {"Работодатель": ""}))
    assert Organisation.objects.get().name == "120140012348"
    applied(as_csv(ROW | OF_EMPLOYER))
    assert Organisation.objects.get().name == "ТОО «Алма»"


def test_what_the_factories_made_is_found_by_a_register() -> None:
    a_policy(ROW["ID"], contract_number=ROW["Номер договора"], iin=ROW["ИИН"], sex="f")
    assert outcomes(checked(as_csv(ROW))) == {"changed": 1}


# ── Contacts of activated people ────────────────────────────────────────────
def activated(person: Person) -> User:
    user = people.aigul()
    grant_access(
        user=user, person=person, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract", by=None, now=NOW
    )
    return user


CONTACTS = {"Телефон": "+77012344567", "E-mail": "aigul@old.kz"}
NEW_CONTACTS = {"Телефон": "+77059998877", "E-mail": "someone@else.kz"}


def test_contacts_of_an_activated_person_stay_and_the_difference_waits_for_a_decision() -> None:
    applied(as_csv(ROW | CONTACTS))
    aigul = Person.objects.get()
    user = activated(aigul)
    register = applied(as_csv(ROW | NEW_CONTACTS))
    aigul.refresh_from_db()
    user.refresh_from_db()
    assert (aigul.phone, aigul.email, user.email) == ("+77012344567", "aigul@old.kz", "aigul@example.kz")
    assert list(Difference.objects.order_by("field").values_list("field", "on_file", "in_register", "resolution")) == [
        ("email", "aigul@old.kz", "someone@else.kz", ""),
        ("phone", "+77012344567", "+77059998877", ""),
    ]
    assert (outcomes(register), register.differing) == ({"unchanged": 1}, 2)


def test_before_the_activation_the_register_is_right() -> None:
    applied(as_csv(ROW | CONTACTS))
    applied(as_csv(ROW | NEW_CONTACTS))
    assert Person.objects.get().phone == "+77059998877"
    assert not Difference.objects.exists()


def test_after_the_access_has_ended_too() -> None:
    applied(as_csv(ROW | CONTACTS))
    aigul = Person.objects.get()
    end_access(user=activated(aigul), person=aigul, by=None, reason="undone", now=NOW)
    applied(as_csv(ROW | NEW_CONTACTS))
    assert Person.objects.get().email == "someone@else.kz"


def test_other_facts_of_an_activated_person_are_corrected() -> None:
    applied(as_csv(ROW | CONTACTS))
    activated(Person.objects.get())
    assert outcomes(applied(as_csv(ROW | NEW_CONTACTS | {"Фамилия": "Оспанова"}))) == {"changed": 1}
    aigul = Person.objects.get()
    assert (aigul.surname, aigul.email) == ("Оспанова", "aigul@old.kz")


def test_a_difference_is_raised_once_and_follows_the_newest_register() -> None:
    applied(as_csv(ROW | CONTACTS))
    activated(Person.objects.get())
    applied(as_csv(ROW | NEW_CONTACTS))
    before = digest()
    assert applied(as_csv(ROW | NEW_CONTACTS)).differing == 0
    assert digest() == before
    applied(as_csv(ROW | {"Телефон": "+77071112233"}))
    assert Difference.objects.get(field="phone").in_register == "+77071112233"
