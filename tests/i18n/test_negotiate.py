"""Which language a conversation goes on in."""

from __future__ import annotations

import pytest

from bot.i18n.negotiate import Identified, conversation_language, from_accept_language

KNOWN = {"fi", "en", "ar", "so", "ckb", "fa"}


@pytest.mark.parametrize(
    ("current", "chosen", "hint", "message", "expected"),
    [
        # She picked Arabic and writes a Finnish word: Arabic stays.
        ("ar", True, "fi", Identified("fi", 0.99, 1), "ar"),
        # The page is Finnish, nothing was picked, she writes Somali: Somali.
        (None, False, "fi", Identified("so", 0.95, 5), "so"),
        # One borrowed word is not enough to change the language.
        ("so", False, "fi", Identified("fi", 0.7, 1), "so"),
        # First message unsure: the page's language.
        (None, False, "fi", Identified("en", 0.3, 1), "fi"),
        # A language that Silta does not speak changes nothing.
        ("en", False, None, Identified("de", 0.99, 6), "en"),
        # No hint at all and an unsure guess: better than nothing.
        (None, False, None, Identified("fa", 0.4, 2), "fa"),
        (None, False, None, Identified("", 0.0, 0), None),
    ],
)
def test_conversation_language(
    current: str | None, chosen: bool, hint: str | None, message: Identified, expected: str | None
) -> None:
    assert conversation_language(current, chosen, hint, message, KNOWN) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("so,en;q=0.8", "so"),
        ("en-GB,en;q=0.9,fi;q=0.8", "en"),
        ("de-DE,de;q=0.9,ar-SY;q=0.5", "ar"),
        ("prs-AF", "fa"),
        ("de", None),
        ("", None),
        (";;;q=x,,", None),
    ],
)
def test_accept_language(header: str, expected: str | None) -> None:
    assert from_accept_language(header, dict.fromkeys(KNOWN)) == expected
