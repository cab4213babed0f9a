"""Caseworkers' notes on a record: sealed, and gone with the record."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.desk_tables import record_notes
from bot.records.vault import Vault

LONGEST = 1000  # characters


@dataclass(frozen=True)
class Note:
    """What a colleague should know of the work on a record."""

    author: str
    written: dt.datetime
    text: str


class Notes:
    """Keeps notes."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def add(self, reference: str, municipality: str, author: str, text: str) -> None:
        """Add a note."""
        note = f"{reference}.{secrets.token_hex(8)}"
        values = {
            "id": note,
            "reference": reference,
            "municipality": municipality,
            "author": author,
            "written": now(),
            "body": self._vault.seal(text[:LONGEST], f"note {note}"),
        }
        with self._engine.begin() as connection:
            connection.execute(sa.insert(record_notes).values(**values))

    def of(self, reference: str, municipality: str) -> list[Note]:
        """The notes on a record, oldest first."""
        where = record_notes.c.municipality == municipality
        query = sa.select(record_notes).where(where & (record_notes.c.reference == reference))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(record_notes.c.written)).all()
        return [
            Note(
                row.author,
                dt.datetime.fromtimestamp(row.written, dt.timezone.utc),
                self._vault.open(row.body, f"note {row.id}"),
            )
            for row in rows
        ]

    def forget(self, reference: str, municipality: str) -> None:
        """Delete the notes on a record."""
        where = record_notes.c.municipality == municipality
        query = sa.delete(record_notes).where(where & (record_notes.c.reference == reference))
        with self._engine.begin() as connection:
            connection.execute(query)
