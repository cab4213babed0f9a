"""Foreign runs in right-to-left text keep their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.bidi import LRI, PDI, balanced, isolate


def test_terms_and_numbers_are_isolated() -> None:
    text = isolate("اتصل بالرقم 116 117 أو terveysasema اليوم")
    assert f"{LRI}116 117{PDI}" in text
    assert f"{LRI}terveysasema{PDI}" in text


def test_a_term_of_several_words_is_one_run() -> None:
    assert f"{LRI}toissijainen suojelu{PDI}" in isolate("الحماية (toissijainen suojelu) هي")


def test_the_full_stop_of_the_sentence_stays_outside() -> None:
    assert isolate("أنا Silta. مرحبا") == f"أنا {LRI}Silta{PDI}. مرحبا"
    assert f"{LRI}https://kela.fi/a/{PDI}." in isolate("انظر https://kela.fi/a/.")


@given(st.text())
def test_isolating_only_adds_marks_and_closes_them(text: str) -> None:
    """Whatever is isolated reads the same without the marks."""
    for mark in "\u2066\u2067\u2068\u2069":
        text = text.replace(mark, "")
    marked = isolate(text)
    assert balanced(marked)
    assert marked.replace(LRI, "").replace(PDI, "") == text


@given(st.text(alphabet="ab\u2066\u2068\u2069"))
def test_isolating_twice_changes_nothing(text: str) -> None:
    assert isolate(isolate(text)) == isolate(text)
