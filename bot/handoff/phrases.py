"""Phrases in words: found by typing, filled in, said in two languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers
from babel.dates import format_date, format_time

from bot.content.phrases import Phrase, PhraseBook
from bot.i18n.catalogues import Catalogues, Text, Translator

COUNTRY = "FI"
BLANK = "…"  # stands for what is not filled in yet
LONGEST = 120  # characters of a place or a name


class SlotError(ValueError):
    """A slot is empty or cannot be read. ``slot`` is its name."""

    def __init__(self, slot: str) -> None:
        super().__init__(slot)
        self.slot = slot


@dataclass(frozen=True)
class Found:
    """A phrase as the desk lists it: in its own language and in the person's."""

    phrase: Phrase
    mine: str
    theirs: Text
    answers: tuple[str, ...]


class Phrases:
    """The phrase book, spoken."""

    def __init__(self, book: PhraseBook, catalogues: Catalogues) -> None:
        self.book = book
        self._catalogues = catalogues

    def search(self, words: str, category: str, mine: str, theirs: str) -> list[Found]:
        """The phrases in which every typed word stands, in the order of the book."""
        wanted = words.casefold().split()
        found = (
            self._found(phrase, mine, theirs)
            for phrase in self.book.phrases.values()
            if not category or phrase.category == category
        )
        return [f for f in found if all(word in f.mine.casefold() for word in wanted)]

    def found(self, phrase_id: str, mine: str, theirs: str) -> Found | None:
        """One phrase."""
        phrase = self.book.phrases.get(phrase_id)
        return self._found(phrase, mine, theirs) if phrase else None

    def documents(self, language: str) -> list[tuple[str, str]]:
        """The documents that a slot can name: id and name."""
        translate = self._catalogues.translator(language)
        return [(d.id, translate.plain(d.text)) for d in self.book.documents.values()]

    def read_slots(self, phrase: Phrase, given: Mapping[str, str]) -> dict[str, str]:
        """The slots as they are kept. Raises ``SlotError`` for the first that is wrong."""
        return {slot: self._read(slot, given.get(slot, "").strip()) for slot in phrase.slots}

    def say(self, phrase_id: str, slots: Mapping[str, str], language: str) -> Text:
        """The phrase in a language, with what was filled in."""
        phrase = self.book.phrases[phrase_id]
        translate = self._catalogues.translator(language)
        # A sentence that is not translated yet gets the dates of the language it is shown in.
        translate = self._catalogues.translator(translate(phrase.text).lang)
        values = {slot: self._shown(slot, value, translate) for slot, value in slots.items()}
        return translate(phrase.text, **values)

    def answer(self, phrase_id: str, answer_id: str, language: str) -> Text | None:
        """The words of an answer in a language."""
        phrase = self.book.phrases.get(phrase_id)
        choice = phrase.answer(answer_id) if phrase else None
        return self._catalogues.translator(language)(choice.text) if choice else None

    def _found(self, phrase: Phrase, mine: str, theirs: str) -> Found:
        translate = self._catalogues.translator(mine)
        answers = tuple(translate.plain(choice.text) for choice in phrase.answers)
        blank = dict.fromkeys(phrase.slots, BLANK)
        in_theirs = self._catalogues.translator(theirs)(phrase.text, **blank)
        return Found(phrase, translate.plain(phrase.text, **blank), in_theirs, answers)

    def _read(self, slot: str, value: str) -> str:
        if not value or len(value) > LONGEST:
            raise SlotError(slot)
        try:
            if slot == "date":
                return dt.date.fromisoformat(value).isoformat()
            if slot == "time":
                return dt.time.fromisoformat(value).strftime("%H:%M")
        except ValueError:
            raise SlotError(slot) from None
        if slot == "phone":
            return read_phone(value) or _wrong(slot)
        if slot == "document" and value not in self.book.documents:
            raise SlotError(slot)
        return value

    def _shown(self, slot: str, value: str, translate: Translator) -> str:
        locale = translate.language.locale
        if slot == "date":
            return format_date(dt.date.fromisoformat(value), "full", locale=locale)
        if slot == "time":
            return format_time(dt.time.fromisoformat(value), "short", locale=locale)
        if slot == "document":
            return translate.plain(self.book.documents[value].text)
        return value


def read_phone(text: str) -> str:
    """A phone number as it is dialled from Finland; empty if it cannot be one."""
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    home = number.country_code == phonenumbers.country_code_for_region(COUNTRY)
    kinds = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, kinds.NATIONAL if home else kinds.INTERNATIONAL))


def _wrong(slot: str) -> str:
    raise SlotError(slot)
