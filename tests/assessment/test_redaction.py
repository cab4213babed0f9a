"""What must not be told is not kept: recognised by form and checksum, blanked, named by kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assessment.redaction import redact


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
