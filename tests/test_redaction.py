"""What must not be told is not kept: recognised by form and checksum, blanked, named by kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import ROOT
from bot.messaging.incoming import Incoming, Kind
from bot.redaction import redact


@pytest.mark.parametrize(
    ("text", "kept", "kinds"),
    [
        ("tunnus 131052-308T kiitos", "tunnus […] kiitos", ("identity_code",)),
        ("131052-308t", "[…]", ("identity_code",)),
        ("١٣١٠٥٢-308T", "[…]", ("identity_code",)),
        ("131052-3099", "[…]", ("identity_code",)),  # a slip of the pen is blanked too
        ("FI21 1234 5600 0007 85 on tilini", "[…] on tilini", ("bank_account",)),
        ("FI2112345600000785", "[…]", ("bank_account",)),
        ("soita 040 559 6732", "soita […]", ("contact",)),
        ("salma@example.org", "[…]", ("contact",)),
        ("kortti 4111 1111 1111 1111, 12/27", "kortti […], 12/27", ("bank_account",)),
        ("5500-0055-5555-5559", "[…]", ("bank_account",)),
        ("٤١١١١١١١١١١١١١١١", "[…]", ("bank_account",)),
        ("4111 1111 1111 1112", None, ()),  # no card has this checksum
        ("viite 4829-1730-5126", None, ()),  # our own reference
        ("soitin 112 ja 116 117", None, ()),  # short numbers are everybody's
        ("I was born in 1990 and have 2 children, 2015 and 2017", None, ()),
        ("FI21 1234 5600 0007 86", None, ()),  # no account has this checksum
        ("I want to learn Finnish", None, ()),
    ],
)
def test_it_is_blanked(text: str, kept: str | None, kinds: tuple[str, ...]) -> None:
    assert redact(text) == (text if kept is None else kept, kinds)


def test_a_phone_number_is_kept_where_it_was_asked() -> None:
    assert redact("040 559 6732", contacts_too=False) == ("040 559 6732", ())


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_whatever_stands_around_it(before: str, after: str) -> None:
    text, kinds = redact(f"{before} 131052-308T {after}")
    assert "131052-308T" not in text
    assert "identity_code" in kinds


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.EDITED])
def test_a_message_from_an_app_waits_without_it(kind: Kind) -> None:
    """Own words are blanked before they are kept; the danger beside them stays."""
    incoming = Incoming("1", "77", kind, "he has a knife, call me 040 559 6732, 131052-308T")
    assert incoming.body()["text"] == "he has a knife, call me […], […]"


def test_what_a_button_or_a_link_brings_is_as_it_was() -> None:
    payload = '/ask{"topic": "health_services"}'
    assert Incoming("1", "77", Kind.BUTTON, payload).body()["text"] == payload


def test_what_people_ask_is_understood_as_before() -> None:
    """No message of the evaluation, in any language, loses a word by it."""
    for path in (ROOT / "tests" / "evaluation").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            assert redact(text) == (text, ())
