"""What people write is understood: in their words, digits and calendars, or asked again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from babel import Locale
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assessment.questionnaire import Questionnaire
from bot.assessment.reading.numbers import numbers
from bot.assessment.reading.reader import Reader
from bot.assessment.reading.text import normalise
from bot.composition import languages
from bot.i18n.digits import digits

Readers = Callable[[str], Reader]


@pytest.mark.parametrize(
    ("language", "question", "words", "value"),
    [
        # yes, no and options in words
        ("fi", "E3", "ei osaa lukea", "no"),
        ("en", "E3", "Yes!", "yes"),
        ("en", "A7", "only send text messages please", "sms_only"),
        ("en", "A2", "maybe", None),
        ("en", "H1", "cooking, sewing and sport", ["cook", "sew", "sport"]),
        ("en", "K1", "weather", None),
        # numbers
        ("fa", "F1", "۱۲ سال", 12),
        ("ar", "F1", "٩ سنوات", 9),
        ("en", "F1", "nine years", 9),
        ("so", "F1", "saddex sano", 3),
        ("zh", "F1", "六年", 6),
        ("en", "F1", "26", None),
        ("en", "F1", "between 5 and 9", None),
        ("en", "C2", "2015, 2017 and 2017", [2015, 2017, 2017]),
        ("fa", "C2", "۲۰۱۵ و ۲۰۱۷", [2015, 2017]),
        ("en", "C2", "5 and 7 years old", None),
        ("en", "C2", "2031", None),
        # months
        ("en", "A5", "May 1990", "1990-05"),
        ("fi", "A5", "toukokuu 1990", "1990-05"),
        ("fi", "A5", "5/1990", "1990-05"),
        ("fi", "A5", "14.5.1990", "1990-05"),
        ("fa", "A5", "۱۹۹۰/۵", "1990-05"),
        ("ar", "A5", "مايو ١٩٩٠", "1990-05"),
        ("zh", "A5", "1990年5月", "1990-05"),
        ("ru", "A5", "май 1990", "1990-05"),
        ("fa", "B1", "ماه گذشته", "2026-10"),
        ("en", "B1", "last month", "2026-10"),
        ("fa", "A5", "۱۳۶۹/۲", None),  # another calendar is asked again, never guessed
        ("en", "A5", "13/1990", None),
        ("en", "A5", "May 2031", None),
        ("en", "A5", "1990", None),
        # days
        ("fi", "R2_date", "30.11.", "2026-11-30"),
        ("fi", "R2_date", "1.2.", "2027-02-01"),
        ("en", "R2_date", "30 November", "2026-11-30"),
        ("en", "R2_date", "2026-12-05", "2026-12-05"),
        ("so", "R2_date", "berri", "2026-11-25"),
        ("en", "R2_date", "31.2.2027", None),
        # languages and countries, in any language
        ("en", "E1", "Arabic and Kurdish", ["ar", "ku"]),
        ("fi", "E1", "arabiaa ja venäjää", ["ar", "ru"]),
        ("ar", "E1", "العربية، الكردية", ["ar", "ku"]),
        ("ckb", "E1", "سۆرانی", ["ckb"]),
        ("fa", "E1", "دری", ["fa"]),
        ("ti", "E1", "ትግርኛ", ["ti"]),
        ("zh", "E1", "索马里语", ["so"]),
        ("en", "E1", "the one that my mother speaks", None),
        ("so", "F3_country", "Soomaaliya", "SO"),
        ("fi", "F3_country", "Irakissa", "IQ"),
        ("en", "F3_country", "the moon", None),
        # contact
        ("en", "A6", "040 559 6732", {"phone": "+358405596732"}),
        ("fa", "A6", "۰۴۰ ۵۵۹ ۶۷۳۲", {"phone": "+358405596732"}),
        ("en", "A6", "mail me: salma@example.org", {"email": "salma@example.org"}),
        ("en", "A6", "ask my neighbour", None),
        # own words
        ("en", "A4", "  Salma \n Ali ", "Salma Ali"),
        ("en", "A4", "x" * 81, None),
    ],
)
def test_words_are_understood_or_not(
    reader: Readers,
    questionnaire: Questionnaire,
    language: str,
    question: str,
    words: str,
    value: object,
) -> None:
    asked = questionnaire.questions[question]
    assert reader(language).words(words, asked).value == value


def test_a_misspelt_language_is_suggested(reader: Readers, questionnaire: Questionnaire) -> None:
    found = reader("en").words("Tigrigna-like", questionnaire.questions["E1"])
    assert found.value is None or "ti" in found.value
    found = reader("en").words("Arabik", questionnaire.questions["E1"])
    assert "ar" in (found.suggestions or found.value)


def test_yes_and_no_come_from_the_language_model_where_words_do_not_tell(
    reader: Readers, questionnaire: Questionnaire
) -> None:
    asked = questionnaire.questions["A2"]
    assert reader("so").words("haa, waan rabaa", asked, intent="affirm").value == "yes"
    assert reader("so").words("maya", asked, intent="deny").value == "no"
    assert reader("so").words("maya", questionnaire.questions["N2"], intent="deny").value is None


@pytest.mark.parametrize(
    ("question", "sent", "value"),
    [
        ("A7", "sms_only", "sms_only"),
        ("A7", "shout", None),
        ("G5", "car-none", ["car"]),
        ("G5", "none", ["none"]),
        ("G5", "car-tank", None),
        ("J1", "job-school-learn_fi", ["learn_fi", "job", "school"]),
        ("J1", "job-school-learn_fi-family", None),
        ("E2_levels", "speak_daily-read_none", {"speak": "daily", "read": "none"}),
        ("E2_levels", "fly_well", None),
        ("E1", "ar-ckb", ["ar", "ckb"]),
        ("E1", "klingon", None),
        ("A5", "1990-05", "1990-05"),
        ("F3_country", "IQ", "IQ"),
        ("F3_country", "XX", None),
        ("R2_date", "2026-11-30", "2026-11-30"),
    ],
)
def test_what_the_page_sends_is_checked(
    reader: Readers, questionnaire: Questionnaire, question: str, sent: str, value: object
) -> None:
    """Anybody can send anything."""
    assert reader("en").buttons(sent, questionnaire.questions[question]) == value


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 9999), code=st.sampled_from(sorted(languages())))
def test_digits_of_every_script_are_read(number: int, code: str) -> None:
    """As CLDR writes them in the language's own digits."""
    locale = languages()[code].locale
    systems = {locale.default_numbering_system, "latn"}
    for system in systems:
        written = format_decimal(number, "0", locale=locale, numbering_system=system)
        assert numbers(written, code) == [number]


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
def test_no_text_breaks_a_reader(text: str, questionnaire: Questionnaire, reader: Readers) -> None:
    assert len(digits(text)) == len(text)
    normalise(text)
    for question in questionnaire.questions.values():
        if question.kind != "group":
            reader("ar").words(text, question)
            reader("ar").buttons(text, question)


def test_every_month_name_of_every_language_is_read(
    reader: Readers, questionnaire: Questionnaire
) -> None:
    asked = questionnaire.questions["A5"]
    for code, language in languages().items():
        names = Locale.parse(str(language.locale)).months["format"]["wide"]
        for month, name in names.items():
            written = f"1990年{name}" if code == "zh" else f"{name} 1990"
            assert reader(code).words(written, asked).value == f"1990-{month:02}", (code, name)
