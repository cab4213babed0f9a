"""Lengths of time and rows of words, as each language writes them."""

from __future__ import annotations

import re

import pytest

from bot.composition import languages
from bot.i18n.formats import comma, duration, hours, minutes


@pytest.mark.parametrize("code", [c for c, k in languages().items() if k.script != "Latn"])
def test_no_length_of_time_falls_back_to_latin_letters(code: str) -> None:
    language = languages()[code]
    for text in (minutes(14, language), hours(24, language), duration(30, language)):
        assert re.search(r"\w", text)
        assert not re.search(r"[A-Za-z]", text), text


@pytest.mark.parametrize(
    ("code", "mark"), [("fi", ", "), ("ckb", "، "), ("ar", "، "), ("zh", "、"), ("ti", "፣ ")]
)
def test_rows_have_the_comma_of_their_script(code: str, mark: str) -> None:
    assert comma(languages()[code].locale) == mark
