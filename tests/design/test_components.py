"""What the tags draw. The whole set is looked at in the gallery; here are the promises that the eye does not see."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.contacts import HelpLine, opening_sentence
from core.hours import OpenState
from core.ruler import day_ruler

ALMATY = ZoneInfo("Asia/Almaty")


def draw(source: str, **context: Any) -> str:
    with translation.override("en"):
        return Template(source).render(Context(context))


# ── Ruler ──
def test_a_ruler_has_a_segment_a_day_and_marks_today() -> None:
    html = draw("{% ruler term %}", term=day_ruler(date(2026, 11, 16), date(2026, 12, 1), date(2026, 11, 21)))
    assert 'viewBox="0 0 15 1"' in html
    assert '<path d="M0 .5h15"/><path class="done" d="M0 .5h5"/><path class="now" d="M5 .5h1"/>' in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("today", "done", "now"),
    [
        (date(2026, 11, 15), False, False),  # the day before it starts
        (date(2026, 11, 16), False, True),
        (date(2026, 11, 30), True, True),
        (date(2026, 12, 1), True, False),  # the day it is over
    ],
)
def test_a_ruler_before_its_start_is_grey_and_after_its_end_is_full(today: date, done: bool, now: bool) -> None:
    html = draw("{% ruler term %}", term=day_ruler(date(2026, 11, 16), date(2026, 12, 1), today))
    assert ('class="done"' in html, 'class="now"' in html) == (done, now)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (date(2026, 12, 2), ""),  # 31 days
        (date(2026, 12, 3), "one mark is a week"),
        (date(2027, 11, 1), "one mark is a month"),
    ],
)
def test_a_mark_longer_than_a_day_says_so(end: date, words: str) -> None:
    html = draw("{% ruler term %}", term=day_ruler(date(2026, 11, 1), end, date(2026, 11, 5)))
    assert ("one mark" in html) == bool(words)
    assert words in html


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 900), st.integers(-30, 1000))
def test_no_mark_of_a_ruler_lies_outside_it(start: date, days: int, offset: int) -> None:
    end, today = date.fromordinal(start.toordinal() + days), date.fromordinal(start.toordinal() + offset)
    term = day_ruler(start, end, today)
    html = draw("{% ruler term %}", term=term)
    assert f'd="M0 .5h{term.total}"' in html
    assert term.total <= 31 or term.unit == "month"
    assert term.now is None or f'd="M{term.now} .5h1"' in html


def test_the_numbers_of_an_svg_are_never_written_with_spaces() -> None:
    term = SimpleNamespace(total=1200, done=1100, now=1100, unit="month")
    assert "M0 .5h1200" in draw("{% ruler term %}", term=term)


# ── Words ──
@pytest.mark.parametrize(("days", "words"), [(1, "day left"), (2, "days left"), (21, "days left")])
def test_a_figure_agrees_with_its_noun(days: int, words: str) -> None:
    source = (
        "{% blocktranslate count n=days asvar noun %}day left{% plural %}days left{% endblocktranslate %}"
        "{% figure days noun %}"
    )
    assert f"<b>{days}</b> <span>{words}</span>" in draw(source, days=days)


def test_a_tag_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="none of"):
        draw('{% tag "green" "Done" %}')


def test_the_state_of_a_step_is_said_to_the_ear() -> None:
    html = draw(
        '{% step "here" "Now" "Waiting" %}{% endstep %}{% step "expected" "by 1 May" "Decision" %}{% endstep %}'
    )
    assert html.count('aria-current="step"') == 1


def test_a_process_names_its_step() -> None:
    assert draw('{% step_of 1 3 "Activation" %}') == "Activation, step 1 of 3"
    assert draw("{% step_of 2 3 %}") == "Step 2 of 3"


def test_what_people_typed_is_escaped_in_every_component() -> None:
    evil = "<script>"
    source = (
        '{% card t id="x" tag="ok" word=t %}{{ t }}{% endcard %}{% note "info" t %}{{ t }}{% endnote %}'
        '{% task t t t "ok" t %}{% answer t t t %}{% step "done" t t %}{{ t }}{% endstep %}{% empty t t t t %}'
        '{% figure t t %}{% button t "" t %}{% button t "" "" t t %}{% back_link t t %}{% more_link t t %}'
        '{% tag "" t %}'
        "{% answers %}{{ t }}{% endanswers %}{% table t %}{{ t }}{% endtable %}{% contacts lines %}{% step_of 1 2 t %}"
    )
    html = draw(source, t=evil, lines=[HelpLine(evil, evil, evil, evil, (evil,), evil)])
    assert evil not in html
    assert "&lt;script&gt;" in html


def test_a_card_with_an_id_is_a_named_landmark() -> None:
    html = draw('{% card "Your policies" id="policies" %}{% endcard %}')
    assert '<section class="card" id="policies" aria-labelledby="policies-h">' in html
    assert '<h2 id="policies-h">Your policies</h2>' in html


def test_the_link_to_change_an_answer_says_which() -> None:
    assert 'Change<span class="hide">: Policy number</span>' in draw('{% answer "Policy number" "7" "/back/" %}')


def test_a_section_that_is_not_installed_has_no_link() -> None:
    request = RequestFactory().get("/accounts/login/")
    html = draw('{% nav_link "nowhere" "Doctor" %}{% nav_link "account_login" "Sign in" %}', request=request)
    assert html == '<a href="/accounts/login/" aria-current="page">Sign in</a>'


def test_pages_have_neighbours_only_where_there_are_any() -> None:
    assert draw('{% pager "" "" %}').strip() == ""
    last = draw('{% pager "?before=1" "" %}')
    assert ("Previous" in last, "Next" in last) == (True, False)


# ── Help ──
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (OpenState(True, None, around_clock=True), "around the clock"),
        (OpenState(True, datetime(2026, 11, 21, 22, 0, tzinfo=ALMATY)), "open now until 22:00"),
        (OpenState(False, datetime(2026, 11, 21, 23, 59, tzinfo=ALMATY)), "closed now, opens today at 23:59"),
        (OpenState(False, datetime(2026, 11, 22, 0, 0, tzinfo=ALMATY)), "closed now, opens tomorrow at 0:00"),
        (OpenState(False, datetime(2026, 11, 23, 9, 0, tzinfo=ALMATY)), "closed now, opens on Monday at 9:00"),
        (OpenState(False, None), ""),
    ],
)
def test_a_help_line_says_whether_anybody_answers_now(state: OpenState, sentence: str) -> None:
    saturday_evening = datetime(2026, 11, 21, 18, 30, tzinfo=ALMATY)
    with translation.override("en"):
        assert opening_sentence(state, saturday_evening) == sentence


def test_a_short_number_is_dialled_as_it_is() -> None:
    html = draw("{% contacts lines %}", lines=[HelpLine("Call centre", "22-58", "2258", email="help@example.kz")])
    assert '<a class="tel" href="tel:2258">22-58</a>' in html
    assert 'href="mailto:help@example.kz"' in html


def test_without_contacts_the_page_still_says_where_the_number_is() -> None:
    assert "Call the number on your card or in your contract" in draw("{% contacts %}")


# ── Forms ──
class Answers(forms.Form):
    name = forms.CharField(help_text="As in the passport", widget=forms.TextInput({"placeholder": "Name"}))
    nick = forms.CharField(required=False)
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")

    def clean(self) -> None:
        raise forms.ValidationError("The two answers contradict each other")


def test_a_field_says_label_hint_error_and_control_in_that_order() -> None:
    html = draw("{{ form.name.as_field_group }}", form=Answers({}))
    order = [html.index(part) for part in ("<label", 'class="hint"', 'class="msg"', "<input")]
    assert order == sorted(order)


def test_a_wrong_field_is_described_to_the_ear() -> None:
    html = draw("{{ form.name.as_field_group }}", form=Answers({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_a_right_field_has_no_sign_of_error() -> None:
    html = draw("{{ form.nick.as_field_group }}", form=Answers({}))
    assert "aria-invalid" not in html
    assert "bad" not in html


def test_optional_is_said_in_words_and_required_is_not_starred() -> None:
    html = draw("{{ form }}", form=Answers())
    assert html.count("(optional)") == 1
    assert "*" not in html


def test_a_placeholder_of_a_library_is_left_out() -> None:
    assert "placeholder" not in draw("{{ form }}", form=Answers())


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = draw("{{ form.way.as_field_group }}", form=Answers({}))
    assert "<legend>Way" in html
    assert '<fieldset class="field bad" aria-describedby="id_way_error">' in html


def test_the_summary_leads_to_every_wrong_control_with_the_words_at_the_field() -> None:
    form = Answers({})
    html = draw("{{ form }}", form=form)
    assert "Check 3 answers" in html
    assert 'role="alert"' in html
    for target, words in (("id_name", "Name"), ("id_way_0", "Way"), ("id_agree", "I agree")):
        assert f'<a href="#{target}">Fill in “{words}”</a>' in html
        assert f'id="{target}"' in html
        assert html.count(f"Fill in “{words}”") == 2


def test_what_is_wrong_with_the_whole_form_is_in_the_summary() -> None:
    html = draw("{{ form }}", form=Answers({"name": "a", "way": "a", "agree": "on"}))
    assert "<h2>This did not work</h2>" in html
    assert html.count("The two answers contradict each other") == 1


def test_a_form_without_errors_has_no_summary() -> None:
    assert "errors" not in draw("{{ form }}{% error_summary form nothing %}", form=Answers())


def test_hidden_fields_are_drawn_once_and_without_a_label() -> None:
    class Hidden(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, initial="7")

    html = draw("{{ form }}", form=Hidden())
    assert html.count("<input") == 1
    assert "<label" not in html


def test_the_rules_of_a_password_are_told_before_it_is_typed() -> None:
    html = draw("{% password_rules 'id_password' lines %}", lines=[("[0-9]", "at least one digit")])
    assert 'data-rules-of="id_password"' in html
    assert '<li data-pattern="[0-9]">at least one digit</li>' in html
