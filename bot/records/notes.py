"""Caseworkers' notes on a record: sealed, and gone with the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import advance_records, now
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
        values = {"reference": reference, "municipality": municipality, "author": author}
        body = self._vault.seal(text[:LONGEST], _place(reference))
        with self._engine.begin() as connection:
            connection.execute(sa.insert(record_notes).values(**values, written=now(), body=body))

    def of(self, reference: str, municipality: str) -> list[Note]:
        """The notes on a record, oldest first."""
        where = record_notes.c.municipality == municipality
        query = sa.select(record_notes).where(where & (record_notes.c.reference == reference))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(record_notes.c.id)).all()
        return [
            Note(
                row.author,
                dt.datetime.fromtimestamp(row.written, dt.timezone.utc),
                self._vault.open(row.body, _place(reference)),
            )
            for row in rows
        ]

    def reseal(self) -> int:
        """Seal every note with the first key; returns how many were sealed anew."""
        count = 0
        with self._engine.begin() as connection:
            for row in connection.execute(sa.select(record_notes).with_for_update()).all():
                if not self._vault.sealed_by_first(row.body):
                    place = _place(row.reference)
                    anew = self._vault.seal(self._vault.open(row.body, place), place)
                    this = sa.update(record_notes).where(record_notes.c.id == row.id)
                    connection.execute(this.values(body=anew))
                    count += 1
        return count


def purge_notes(engine: Engine) -> None:
    """Delete the notes of records that are gone, however they went."""
    kept = sa.select(advance_records.c.reference).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(sa.delete(record_notes).where(record_notes.c.reference.not_in(kept)))


def _place(reference: str) -> str:
    return f"note on {reference}"
