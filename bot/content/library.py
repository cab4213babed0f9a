"""The library: all content of one installation, checked as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.contacts import Contact, Municipality, load_contacts, load_municipality
from bot.content.freshness import Policy, load_policy
from bot.content.topics import Topic, load_topics
from bot.files import DataError, read_yaml


@dataclass(frozen=True)
class Urgent:
    """What is said to one kind of danger: sentences, numbers, the topic for afterwards."""

    kind: str
    say: tuple[str, ...]
    contacts: tuple[str, ...]
    topic: str


@dataclass(frozen=True)
class Library:
    """Everything that Silta can say about its subject, in the English source."""

    topics: dict[str, Topic]
    categories: dict[str, str]
    contacts: dict[str, Contact]
    local_roles: frozenset[str]
    municipality: Municipality
    urgent: dict[str, Urgent]
    labels: dict[str, str]
    policy: Policy

    def contact(self, contact_id: str) -> Contact | None:
        """A contact of the municipality, else of the country, else None."""
        return self.municipality.contacts.get(contact_id) or self.contacts.get(contact_id)

    def spoken(self, contact_ids: Iterable[str], today: dt.date) -> list[Contact]:
        """Those of the contacts that may be told today, in the order given."""
        found = (self.contact(contact_id) for contact_id in contact_ids)
        return [c for c in found if c is not None and self.policy.may_speak(c, today)]

    def in_category(self, category: str) -> list[Topic]:
        """The topics of a category, by id."""
        return [topic for topic in self.topics.values() if topic.category == category]

    def sentences(self) -> Iterator[tuple[str, str]]:
        """(where it stands, English sentence) for each string a translator is asked for."""
        for topic in self.topics.values():
            yield from ((f"data/content/{topic.id}.yml", s) for s in topic.sentences())
        yield from (("data/categories.yml", name) for name in self.categories.values())
        yield from (("data/interface.yml", label) for label in self.labels.values())
        for urgent in self.urgent.values():
            yield from (("data/urgent.yml", sentence) for sentence in urgent.say)
        for contact in self.contacts.values():
            yield from (("data/contacts.yml", s) for s in contact.sentences())
        local = f"data/municipalities/{self.municipality.id}.yml"
        for contact in self.municipality.contacts.values():
            yield from ((local, sentence) for sentence in contact.sentences())


def load_library(data: Path, municipality: str) -> Library:
    """Read and check all content under ``data``. Raises ``DataError``."""
    library = Library(
        topics=load_topics(data / "content"),
        categories=read_yaml(data / "categories.yml", "strings")["categories"],
        contacts=load_contacts(data / "contacts.yml"),
        local_roles=frozenset(read_yaml(data / "contacts.yml")["local_roles"]),
        municipality=load_municipality(data / "municipalities", municipality),
        urgent=_load_urgent(data / "urgent.yml"),
        labels=read_yaml(data / "interface.yml", "strings")["labels"],
        policy=load_policy(data / "policy.yml"),
    )
    _check_references(library, data)
    return library


def _load_urgent(path: Path) -> dict[str, Urgent]:
    kinds = read_yaml(path, "urgent")["urgent"]
    return {
        kind: Urgent(kind, tuple(d["say"]), tuple(d["contacts"]), d["topic"])
        for kind, d in kinds.items()
    }


def _check_references(library: Library, data: Path) -> None:
    for topic in library.topics.values():
        path = data / "content" / f"{topic.id}.yml"
        if topic.category not in library.categories:
            raise DataError(path, "category", f"no such category: {topic.category}")
        _check_contacts(topic.contacts, library, path)
    for urgent in library.urgent.values():
        path = data / "urgent.yml"
        _check_contacts(urgent.contacts, library, path)
        if urgent.topic not in library.topics:
            raise DataError(path, f"urgent/{urgent.kind}/topic", f"no such topic: {urgent.topic}")


def _check_contacts(contact_ids: Iterable[str], library: Library, path: Path) -> None:
    # A local contact may be missing in a municipality; a misspelt one is missing everywhere.
    known = set(library.contacts) | library.local_roles | set(library.municipality.contacts)
    for contact_id in contact_ids:
        if contact_id not in known:
            raise DataError(path, "contacts", f"no such contact: {contact_id}")
