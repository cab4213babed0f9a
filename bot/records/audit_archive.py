"""Closing old parts of the log: written to a file, proven, then taken out of the database.

What remains begins at a checkpoint, the head of the part that was closed. The checkpoint counts
only if the log itself says so: an entry ``log_closed`` that holds the same head stands in the
chain. The database's own guards let go of entries up to a checkpoint and of no others.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.accounts import OPERATOR
from bot.records.audit import BEGINNING, CLOSED, Audit, Entry, Head, LogBroken, as_entry, chained
from bot.records.desk_tables import audit_checkpoints, audit_log

OWNER_ONLY = 0o600
COLUMNS = tuple(column.name for column in audit_log.c)


class NothingToClose(Exception):
    """No entry is that old. The message says so."""


def close(engine: Engine, before: dt.datetime, file: Path, municipality: str) -> Head:
    """Move the entries before a moment to a new file; returns the checkpoint.

    Nothing leaves the database before the file was read back and proven. Raises ``LogBroken``,
    ``NothingToClose``, or ``OSError`` for a file that exists.
    """
    audit = Audit(engine)
    audit.verify()
    start = audit.checkpoint()
    last = _last_before(engine, before)
    if last is None:
        raise NothingToClose("no entry is that old")
    _write(file, _rows(engine, last.number))
    if proven(file, start) != last:
        raise LogBroken("the file does not hold what the log holds; nothing was closed")
    audit.write(municipality, OPERATOR, CLOSED, detail=str(last))
    with engine.begin() as connection:
        values = {"number": last.number, "chain": last.chain}
        connection.execute(sa.insert(audit_checkpoints).values(**values))
        connection.execute(sa.delete(audit_log).where(audit_log.c.number <= last.number))
    audit.verify()
    return last


def proven(file: Path, start: Head, noted: Head | None = None) -> Head:
    """The head of a file that continues ``start``. Raises ``LogBroken``.

    ``noted``: a head of an earlier check, through which the file must lead if it is in it.
    """
    head = start
    for values in _lines(file):
        head = chained(head, values, noted)
    return head


def proven_files(files: Iterable[Path], noted: Head | None = None) -> Head:
    """The head of all files together, from the very beginning. Raises ``LogBroken``."""
    head = Head(0, BEGINNING)
    for file in files:
        head = proven(file, head, noted)
    return head


def entries_in(file: Path, reference: str) -> list[Entry]:
    """The entries about a record in a file."""
    place = COLUMNS.index("reference")
    return [as_entry(values) for values in _lines(file) if values[place] == reference]


def _last_before(engine: Engine, before: dt.datetime) -> Head | None:
    """The last entry of the old part: the one before the first that is young enough to stay."""
    moment = before.astimezone(dt.timezone.utc).isoformat(timespec="milliseconds")
    columns = (audit_log.c.number, audit_log.c.chain)
    young = sa.select(sa.func.min(audit_log.c.number)).where(audit_log.c.at >= moment)
    with engine.connect() as connection:
        first = connection.execute(young).scalar()
        old = sa.select(*columns).order_by(audit_log.c.number.desc()).limit(1)
        if first is not None:
            old = old.where(audit_log.c.number < first)
        found = connection.execute(old).first()
    return Head(*found) if found else None


def _rows(engine: Engine, last: int) -> Iterator[tuple[object, ...]]:
    query = sa.select(audit_log).where(audit_log.c.number <= last).order_by(audit_log.c.number)
    with engine.connect().execution_options(stream_results=True) as connection:
        for row in connection.execute(query):
            yield tuple(row)


def _write(file: Path, rows: Iterable[tuple[object, ...]]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=True) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _lines(file: Path) -> Iterator[tuple[object, ...]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
                values = tuple(entry[column] for column in COLUMNS)
            except (ValueError, KeyError, TypeError):
                raise LogBroken(f"{file.name}: line {number} is no entry") from None
            yield values
