"""TM-17: what looks like a diagnosis or a prescription is shown to the doctor, and bars nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.rules import Sign, doubtful

DIAGNOSES = [
    "J06.9", "К29.5", "по МКБ-10", "ICD-11", "АХЖ-10", "Диагноз: гастрит", "диагностирован отит", "диагнозы қойылды",
    "diagnosed with asthma", "I10",
]  # fmt: skip
PRESCRIPTIONS = [
    "500 мг", "0,5 г", "10 ml", "по 2 таблетки", "15 капель", "1 таблеткадан", "20 тамшы", "три раза в день",
    "2 раза в сутки", "three times a day", "күніне 3 рет", "күніне екі рет", "назначаю", "назначено", "тағайындаймын",
    "I prescribe", "Rp. ", "принимать по одной", "пейте по стакану",
    "каждые 8 часов", "every 6 hours", "әр 8 сағат сайын", "тәулігіне 2 рет", "2 раза в неделю",
]  # fmt: skip
HARMLESS = [
    "Третий день болит горло, вечером температура 37,6", "Показаться терапевту и отоларингологу очно",
    "Общий анализ крови, УЗИ брюшной полости", "Витамин B12 в крови", "Если станет хуже, звоните 103",
    "Қан талдауын тапсыру, терапевтке бару", "Пить больше воды", "через 3 дня", "2 дня назад", "See a dermatologist in person",
    "давление 140/90", "в 2019 году", "+7 701 234 56 78",
]  # fmt: skip


@pytest.mark.parametrize("words", DIAGNOSES)
def test_a_diagnosis_is_noticed(words: str) -> None:
    assert {hit.sign for hit in doubtful({"methods": f"Итак, {words}"})} == {Sign.DIAGNOSIS}


@pytest.mark.parametrize("words", PRESCRIPTIONS)
def test_a_prescription_is_noticed(words: str) -> None:
    assert {hit.sign for hit in doubtful({"methods": f"Итак, {words}"})} == {Sign.PRESCRIPTION}


@pytest.mark.parametrize("words", HARMLESS)
def test_what_a_conclusion_may_say_is_left_alone(words: str) -> None:
    assert doubtful({"methods": words}) == []


def test_each_place_is_named_once_in_the_order_of_reading() -> None:
    hits = doubtful({"heard": "болит", "methods": "Диагноз K29.5, принимать по 1 таблетке 2 раза в день"})
    assert [(hit.section, hit.words) for hit in hits][:2] == [("methods", "Диагноз"), ("methods", "K29.5")]
    assert len(hits) == len({(hit.section, hit.words) for hit in hits})


@given(st.dictionaries(st.text(max_size=5), st.text()))
def test_no_text_breaks_it(texts: dict[str, str]) -> None:
    for hit in doubtful(texts):
        assert hit.words in texts[hit.section]


@given(st.text(), st.sampled_from(DIAGNOSES + PRESCRIPTIONS))
def test_whatever_stands_before_it_on_lines_of_their_own(before: str, words: str) -> None:
    assert doubtful({"risks": f"{before}\n{words}"})
