"""The audit log: who did what to which record, and when. It can only grow.

Each entry carries a hash over itself and the entry before it, so that one that was changed,
removed or moved is found. What was cut off at the end is found by a head that was noted down
earlier: see docs/adr/0011-audit-log.md. The log holds no content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.desk_tables import audit_checkpoints, audit_log

BEGINNING = "0" * 64
CLOSED = "log_closed"  # what the log says of a part that was closed; the detail is its head
LOCK = 5_117_001  # any number that no other part of the product locks in PostgreSQL
PLAIN = re.compile(r"[\w.@:-]*", re.ASCII)  # what a reference or detail may be: no sentence fits


@dataclass(frozen=True)
class Entry:
    """One entry. ``detail`` is an id: an account, a format, a reason."""

    number: int
    at: dt.datetime
    municipality: str
    who: str
    what: str
    reference: str
    detail: str


@dataclass(frozen=True)
class Head:
    """The log's length and the hash of its last entry: what an auditor notes down."""

    number: int
    chain: str

    def __str__(self) -> str:
        return f"{self.number}:{self.chain}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read a head back. Raises ``ValueError``."""
        number, _, chain = text.partition(":")
        if not number.isdecimal() or not re.fullmatch("[0-9a-f]{64}", chain):
            raise ValueError("a head looks like 42:3f…, as `python -m bot audit verify` prints it")
        return cls(int(number), chain)


class LogBroken(Exception):
    """The log is not what was written. The message names the first entry that is wrong."""


class Audit:
    """Writes and reads the log."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(
        self, municipality: str, who: str, what: str, reference: str = "", detail: str = ""
    ) -> None:
        """Add an entry. Raises ``ValueError`` for anything but ids: content has no place here."""
        with self._engine.begin() as connection:
            self.add(connection, municipality, who, what, reference, detail)

    def add(
        self,
        connection: Connection,
        municipality: str,
        who: str,
        what: str,
        reference: str = "",
        detail: str = "",
    ) -> None:
        """Add an entry in a transaction that has done nothing yet.

        What is then done in it stands together with the entry, or neither does.
        """
        for value in (municipality, who, what, reference, detail):
            if not PLAIN.fullmatch(value):
                raise ValueError("the log takes ids, no text")
        at = utc_now().isoformat(timespec="milliseconds")
        head = self._locked_head(connection)
        values = (head.number + 1, at, municipality, who, what, reference, detail)
        row = dict(zip(audit_log.c.keys(), (*values, _chain(head.chain, values)), strict=True))
        connection.execute(sa.insert(audit_log).values(**row))

    def entries(
        self,
        municipality: str,
        reference: str = "",
        who: str = "",
        before: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """The newest entries of a municipality, before the given number."""
        where = audit_log.c.municipality == municipality
        if reference:
            where &= audit_log.c.reference == reference
        if who:
            where &= audit_log.c.who == who
        if before is not None:
            where &= audit_log.c.number < before
        query = sa.select(audit_log).where(where).order_by(audit_log.c.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def trail(self, reference: str) -> list[Entry]:
        """All that was done with a record, oldest first, also after it was deleted."""
        query = sa.select(audit_log).where(audit_log.c.reference == reference)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query.order_by(audit_log.c.number))]

    def verify(self, noted: Head | None = None) -> Head:
        """Check every entry; returns the head. Raises ``LogBroken``.

        ``noted`` is a head of an earlier check: the log must still lead through it. One that lies
        in a part that was closed is looked for in that part's file (``audit_archive.proven``).
        """
        head = start = self.checkpoint()
        attested = start.number == 0
        if noted and noted.number == start.number and noted != start:
            raise LogBroken(f"entry {start.number} is not the one that was noted")
        for row in self._rows():
            head = chained(head, tuple(row), noted)
            attested = attested or (row.what == CLOSED and row.detail == str(start))
        if not attested:
            raise LogBroken(f"entries 1 to {start.number} are missing, and no entry says why")
        if noted and noted.number > head.number:
            raise LogBroken(f"entry {head.number + 1} is missing")
        return head

    def checkpoint(self) -> Head:
        """The head of the part that was closed last; the beginning where none was."""
        query = sa.select(audit_checkpoints.c.number, audit_checkpoints.c.chain)
        with self._engine.connect() as connection:
            last = connection.execute(query.order_by(audit_checkpoints.c.number.desc())).first()
        return Head(*last) if last else Head(0, BEGINNING)

    def _rows(self) -> Iterator[Row]:
        query = sa.select(audit_log).order_by(audit_log.c.number)
        with self._engine.connect().execution_options(stream_results=True) as connection:
            yield from connection.execute(query)

    def _locked_head(self, connection: Connection) -> Head:
        """The head; nobody else adds an entry until the transaction ends."""
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        else:
            # SQLite locks for writing at the first write: this changes nothing and locks.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        query = sa.select(audit_log.c.number, audit_log.c.chain)
        last = connection.execute(query.order_by(audit_log.c.number.desc()).limit(1)).first()
        return Head(*last) if last else Head(0, BEGINNING)


def utc_now() -> dt.datetime:
    """This moment."""
    return dt.datetime.now(dt.timezone.utc)


def chained(head: Head, values: tuple[object, ...], noted: Head | None = None) -> Head:
    """The head after an entry, given its columns. Raises ``LogBroken`` if it does not follow."""
    number, chain = int(str(values[0])), str(values[-1])
    if number != head.number + 1:
        raise LogBroken(f"entry {head.number + 1} is missing")
    if chain != _chain(head.chain, values[:-1]):
        raise LogBroken(f"entry {number} was changed or moved")
    if noted and noted.number == number and noted.chain != chain:
        raise LogBroken(f"entry {number} is not the one that was noted")
    return Head(number, chain)


def _chain(before: str, values: tuple[object, ...]) -> str:
    text = json.dumps([before, *values], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_entry(values: tuple[object, ...]) -> Entry:
    """An entry from its columns in order."""
    number, at, *ids = (str(value) for value in values[:-1])
    municipality, who, what, reference, detail = ids
    when = dt.datetime.fromisoformat(at)
    return Entry(int(number), when, municipality, who, what, reference, detail)


def _entry(row: Row) -> Entry:
    return as_entry(tuple(row))
