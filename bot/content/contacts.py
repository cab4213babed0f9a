"""Contact points of the country and of one municipality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.files import DataError, check, read_yaml


@dataclass(frozen=True)
class Phone:
    """A number as it is dialled in Finland, and the languages that are answered (codes)."""

    number: str
    languages: tuple[str, ...]

    @property
    def uri(self) -> str:
        """RFC 3966. National numbers get +358; short service numbers stay as they are."""
        digits = self.number.replace(" ", "")
        if digits.startswith("0") and not digits.startswith("080"):  # 080… is free, inland only
            return f"tel:+358{digits[1:]}"
        return f"tel:{digits}"


@dataclass(frozen=True)
class Hours:
    """The same opening time on several days; ``days`` are 0 (Monday) to 6."""

    days: tuple[int, ...]
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Contact:
    """One place to ask. ``official`` holds the name in Finnish and Swedish."""

    id: str
    name: str
    official: dict[str, str]
    phones: tuple[Phone, ...]
    address: str | None
    hours: tuple[Hours, ...]
    note: str | None
    url: str | None
    source_url: str
    publisher: str
    checked_on: dt.date
    confidence: str

    def sentences(self) -> Iterator[str]:
        """Every string that a translator is asked for."""
        yield self.name
        if self.note:
            yield self.note
        yield self.publisher


@dataclass(frozen=True)
class Municipality:
    """The municipality that the service speaks for.

    ``responsible`` is the id of the contact whose hours are the working hours; ``closed_on`` are
    days on which it is closed besides Finland's holidays.
    """

    id: str
    name: dict[str, str]
    county: dict[str, str]
    responsible: str
    contacts: dict[str, Contact]
    closed_on: tuple[dt.date, ...] = ()

    def named(self, language: str) -> str:
        """Its name in a language: the Finnish one where it has no other."""
        return self.name.get(language, self.name["fi"])


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load_contacts(path: Path) -> dict[str, Contact]:
    """Read the contacts of the whole country. Raises ``DataError``."""
    return _contacts(read_yaml(path).get("contacts", {}), path)


def load_municipality(folder: Path, municipality: str) -> Municipality:
    """Read one municipality's file. Raises ``DataError``, naming those there are."""
    path = folder / f"{municipality}.yml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yml")))
        raise DataError(path, "", f"no such municipality; there are: {known}")
    data = read_yaml(path, "municipality")
    contacts = _contacts(data["contacts"], path)
    if data["responsible"] not in contacts:
        raise DataError(path, "responsible", f"no such contact: {data['responsible']}")
    if not contacts[data["responsible"]].hours:
        raise DataError(path, "responsible", f"{data['responsible']} needs hours")
    closed_on = tuple(dt.date.fromisoformat(day) for day in data.get("closed_on", ()))
    names = (data["name"], data["county"])
    return Municipality(data["id"], *names, data["responsible"], contacts, closed_on)


def _contacts(data: dict[str, Any], path: Path) -> dict[str, Contact]:
    for key, value in data.items():
        check(value, "contact", path, f"contacts/{key}")
    return {key: _contact(key, value) for key, value in data.items()}


def _contact(key: str, data: dict[str, Any]) -> Contact:
    phones = [Phone(data["phone"], ())] if "phone" in data else []
    phones += [Phone(p["number"], tuple(p["languages"])) for p in data.get("phones", ())]
    return Contact(
        id=key,
        name=data["name"],
        official=data["official"],
        phones=tuple(phones),
        address=data.get("address"),
        hours=tuple(_hours(hours) for hours in data.get("hours", ())),
        note=data.get("note"),
        url=data.get("url"),
        source_url=data["source"]["url"],
        publisher=data["source"]["publisher"],
        checked_on=dt.date.fromisoformat(data["checked_on"]),
        confidence=data["confidence"],
    )


def _hours(data: dict[str, Any]) -> Hours:
    days = tuple(WEEKDAYS.index(day) for day in data["days"])
    return Hours(days, dt.time.fromisoformat(data["from"]), dt.time.fromisoformat(data["to"]))
