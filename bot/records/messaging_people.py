"""Who writes in a messaging app: a hashed name, a sealed address, a few sealed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.records.database import now
from bot.records.messaging_tables import outbox, people
from bot.records.pseudonyms import Pseudonyms
from bot.records.vault import Vault

FORGOTTEN = 0.0


@dataclass(frozen=True)
class Person:
    """Where a reply goes. ``heard``: when she wrote last, in seconds since the epoch."""

    name: str
    address: str
    heard: float
    state: Mapping[str, Any]


class People:
    """Knows people of all messaging channels."""

    def __init__(self, engine: Engine, vault: Vault, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self._vault = vault
        self._pseudonyms = pseudonyms

    def name(self, channel: str, address: str) -> str:
        """The conversation's name: the same for the same address, and not to be read back."""
        return f"{channel}:{self._pseudonyms.of(channel, address)}"

    def meet(self, channel: str, address: str) -> str:
        """Know somebody from now on; returns the conversation's name."""
        name, moment = self.name(channel, address), now()
        with self._engine.connect() as connection:
            query = sa.select(people.c.person).where(people.c.person == name)
            if connection.execute(query).first():
                return name
        sealed = self._vault.seal(address, f"address {name}")
        row = {"person": name, "channel": channel, "address": sealed}
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(people).values(**row, heard=moment, updated=moment))
        except sa.exc.IntegrityError:
            pass  # the same person wrote twice at once
        return name

    def heard(self, connection: Connection, name: str) -> bool:
        """Note that somebody wrote, within the caller's transaction; False if she is not known."""
        values = {"heard": now(), "updated": now()}
        same = sa.update(people).where(people.c.person == name).values(**values)
        return bool(connection.execute(same).rowcount)

    def get(self, name: str) -> Person | None:
        """The person, or None where nothing is kept any more."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(people).where(people.c.person == name)).first()
        if row is None:
            return None
        address = str(self._vault.open(row.address, f"address {name}"))
        state = self._vault.open(row.state, f"state {name}") if row.state else {}
        return Person(name, address, row.heard, state)

    def keep(self, connection: Connection, name: str, state: Mapping[str, Any]) -> None:
        """Store what is known of a person, within the caller's transaction."""
        sealed = self._vault.seal(dict(state), f"state {name}")
        values = {"state": sealed, "updated": now()}
        connection.execute(sa.update(people).where(people.c.person == name).values(**values))

    def note(self, name: str, state: Mapping[str, Any]) -> None:
        """Store what is known of a person, at once."""
        with self._engine.begin() as connection:
            self.keep(connection, name, state)

    def forget(self, connection: Connection, name: str) -> None:
        """Forget a person as soon as nothing waits to be sent to her."""
        values = {"state": None, "updated": FORGOTTEN}
        connection.execute(sa.update(people).where(people.c.person == name).values(**values))


def drop_forgotten(connection: Connection, name: str) -> None:
    """Delete the address of a person who is forgotten and to whom nothing is on its way."""
    waiting = sa.select(outbox.c.id).where(outbox.c.person == name).exists()
    gone = (people.c.person == name) & (people.c.updated == FORGOTTEN) & ~waiting
    connection.execute(sa.delete(people).where(gone))
