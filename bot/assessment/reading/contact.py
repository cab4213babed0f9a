"""A phone number or an e-mail address."""

from __future__ import annotations

import phonenumbers

from bot.i18n.digits import digits
from bot.redaction import EMAIL, HOME


def read_contact(text: str) -> dict[str, str] | None:
    """``{"phone": E.164}`` and/or ``{"email": …}``, or None. A number without + is Finnish."""
    plain = digits(text)
    found: dict[str, str] = {}
    email = EMAIL.search(plain)
    if email:
        found["email"] = email.group()
    for match in phonenumbers.PhoneNumberMatcher(plain, HOME):
        found["phone"] = phonenumbers.format_number(
            match.number, phonenumbers.PhoneNumberFormat.E164
        )
        break
    return found or None


def shown_phone(number: str) -> str:
    """A stored number as people read it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))
