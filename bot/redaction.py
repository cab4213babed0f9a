"""What must not be told is blanked: identity codes, accounts, cards, addresses and phone numbers.

Codes are recognised by form and checksum, never by guessing. Whatever keeps a person's free words
blanks them first: transcripts, the inbox of messaging apps, advance information. A talk with a
caseworker is kept as it was written, sealed: there a phone number is what the talk is about.
What a person tells about illness, flight or violence is blanked by topic in advance information:
see ``blank_topics`` in data/assessment/questionnaire.yml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import iban, luhn
from stdnum.fi import hetu

from bot.i18n.digits import digits

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w-])")
MOST_TRIES = 200  # groups of digits that are no phone number: more stand in no honest message
HOME = "FI"  # where a phone number without + is one of
BLANK = "[…]"
IDENTITY_CODE, BANK_ACCOUNT, CONTACT = "identity_code", "bank_account", "contact"
# A mistyped identity code is still one: its form is enough, no other thing has it.
HETU = re.compile(r"(?<!\d)\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Za-z](?!\w)")
# Cards of the networks that are taken in Finland begin with 2 to 6 (ISO/IEC 7812).
CARD = re.compile(r"(?<![\w+-])[2-6](?:[ -]?\d){12,18}(?![\w-])")
IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?!\w)")

Span = tuple[int, int]


def redact(text: str, *, contacts_too: bool = True) -> tuple[str, tuple[str, ...]]:
    """The text with such parts blanked, and the kinds that were found."""
    kinds: list[str] = []
    for kind, finder in _FINDERS.items():
        if kind == CONTACT and not contacts_too:
            continue
        for start, end in sorted(finder(digits(text)), reverse=True):
            text = text[:start] + BLANK + text[end:]
            kinds.append(kind)
    return text, tuple(dict.fromkeys(kinds))


def _identity_codes(text: str) -> Iterator[Span]:
    for match in HETU.finditer(text):
        found = match.group().upper()
        day, month = int(found[:2]), int(found[2:4])
        if hetu.is_valid(found) or (1 <= day <= 31 and 1 <= month <= 12):  # noqa: PLR2004  # a date
            yield match.span()


def _bank_accounts(text: str) -> Iterator[Span]:
    for match in IBAN.finditer(text):
        start, longest = match.span()
        ends = (e for e in range(longest, start, -1) if not text[e : e + 1].isalnum())
        end = next((e for e in ends if iban.is_valid(text[start:e])), None)
        if end:
            yield start, end


def _cards(text: str) -> Iterator[Span]:
    for match in CARD.finditer(text):
        if luhn.is_valid(re.sub("[ -]", "", match.group())):
            yield match.span()


def _accounts_and_cards(text: str) -> Iterator[Span]:
    """Both open somebody's money; none stands within the other."""
    accounts = list(_bank_accounts(text))
    yield from accounts
    for start, end in _cards(text):
        if not any(start < other_end and end > other for other, other_end in accounts):
            yield start, end


def _contacts(text: str) -> Iterator[Span]:
    for email in EMAIL.finditer(text):
        yield email.span()
    for phone in phonenumbers.PhoneNumberMatcher(text, HOME, max_tries=MOST_TRIES):
        yield phone.start, phone.end


_FINDERS: dict[str, Callable[[str], Iterator[Span]]] = {
    IDENTITY_CODE: _identity_codes,
    BANK_ACCOUNT: _accounts_and_cards,
    CONTACT: _contacts,
}
