"""Old parts of the log leave the database, and the chain is proven all the same."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import audit_archive
from bot.records.audit import BEGINNING, Audit, Head, LogBroken
from bot.records.audit_archive import NothingToClose, close, entries_in, proven, proven_files
from bot.records.desk_tables import audit_checkpoints, audit_log

TOMORROW = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1)
START = Head(0, BEGINNING)


@pytest.fixture
def audit(database: Engine) -> Audit:
    log = Audit(database)
    for number in range(1, 7):
        log.write("kajaani", "anna.virtanen", "record_opened", f"1234-5678-000{number}")
    return log


def _count(database: Engine) -> int:
    with database.connect() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(audit_log)).scalar_one()
        )


def test_a_closed_part_is_in_the_file_and_the_chain_goes_on(
    audit: Audit, database: Engine, tmp_path: Path
) -> None:
    first, second = tmp_path / "2026.jsonl", tmp_path / "2027.jsonl"
    noted_early = Head(3, _chain_of(database, 3))
    head = close(database, TOMORROW, first, "kajaani")
    assert head.number == 6
    assert proven(first, START) == head == audit.checkpoint()
    assert _count(database) == 1  # the entry that says so
    assert audit.verify().number == 7
    audit.write("kajaani", "anna.virtanen", "record_opened", "1234-5678-0007")
    assert audit.verify(head).number == 8
    later = close(database, TOMORROW, second, "kajaani")
    assert later.number == 8
    assert proven_files([first, second], noted_early) == later == audit.checkpoint()
    assert audit.verify().number == 9
    assert first.stat().st_mode & 0o077 == 0
    (entry,) = entries_in(first, "1234-5678-0003")
    assert (entry.number, entry.who, entry.what) == (3, "anna.virtanen", "record_opened")


def test_only_what_is_old_enough_goes(audit: Audit, database: Engine, tmp_path: Path) -> None:
    with pytest.raises(NothingToClose):
        close(database, dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc), tmp_path / "a", "kajaani")
    time.sleep(0.002)  # the log tells milliseconds
    audit.write("kajaani", "anna.virtanen", "record_opened", "1234-5678-0007")
    between = dt.datetime.fromisoformat(_at(database, 7))
    head = close(database, between, tmp_path / "b", "kajaani")
    assert head.number == 6
    assert [entry.number for entry in audit.trail("1234-5678-0007")] == [7]
    assert audit.verify(head).number == 8


def test_after_closing_the_database_still_refuses(
    audit: Audit, database: Engine, tmp_path: Path
) -> None:
    close(database, TOMORROW, tmp_path / "a", "kajaani")
    for statement in ("DELETE FROM audit_log", "UPDATE audit_log SET who = 'x'"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="can only grow"),
            database.begin() as connection,
        ):
            connection.execute(sa.text(statement))
    assert audit.verify().number == 7


def test_a_checkpoint_that_somebody_wrote_alone_is_found(audit: Audit, database: Engine) -> None:
    """The guards let go of what lies before it; the chain does not."""
    values = {"number": 4, "chain": _chain_of(database, 4)}
    with database.begin() as connection:
        connection.execute(sa.insert(audit_checkpoints).values(**values))
        connection.execute(sa.delete(audit_log).where(audit_log.c.number <= 4))
    with pytest.raises(LogBroken, match="entries 1 to 4 are missing, and no entry says why"):
        audit.verify()


def test_a_file_that_was_changed_is_found(audit: Audit, database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "a"
    head = close(database, TOMORROW, file, "kajaani")
    lines = file.read_text().splitlines()
    changed = json.dumps(json.loads(lines[2]) | {"who": "eero.other"})
    for spoilt, said in (
        ([*lines[:2], changed, *lines[3:]], "entry 3 was changed"),
        ([*lines[:2], *lines[3:]], "entry 3 is missing"),
        ([*lines, "{}"], "line 7 is no entry"),
    ):
        file.write_text("\n".join(spoilt))
        with pytest.raises(LogBroken, match=said):
            proven(file, START)
    file.write_text("\n".join(lines[:-1]))
    assert proven(file, START) != head
    with pytest.raises(LogBroken, match="not the one that was noted"):
        proven(file, START, Head(2, "f" * 64))


def test_nothing_is_deleted_before_the_file_is_proven(
    audit: Audit, database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("something else")
    with pytest.raises(FileExistsError):
        close(database, TOMORROW, taken, "kajaani")
    monkeypatch.setattr(audit_archive, "_rows", lambda engine, last: iter(()))  # a disk that lies
    with pytest.raises(LogBroken, match="nothing was closed"):
        close(database, TOMORROW, tmp_path / "a", "kajaani")
    assert _count(database) == 6
    assert audit.verify().number == 6


def _chain_of(database: Engine, number: int) -> str:
    query = sa.select(audit_log.c.chain).where(audit_log.c.number == number)
    with database.connect() as connection:
        return str(connection.execute(query).scalar_one())


def _at(database: Engine, number: int) -> str:
    query = sa.select(audit_log.c.at).where(audit_log.c.number == number)
    with database.connect() as connection:
        return str(connection.execute(query).scalar_one())
