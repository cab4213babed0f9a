"""What was deleted is not left in SQLite's journal beside the database."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.records.database import open_database, transcripts
from bot.records.journal import empty_journal
from bot.records.periods import Periods
from bot.records.retention import purge_all
from bot.records.transcripts import Transcripts


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "test.db-wal"


@pytest.fixture
def file(tmp_path: Path) -> sa.engine.Engine:
    return open_database(f"sqlite:///{tmp_path / 'test.db'}")


def test_a_deletion_empties_it(file: sa.engine.Engine, journal: Path) -> None:
    kept = Transcripts(file)
    kept.append("a", "1", "kukkuluuruu", [])
    assert b"kukkuluuruu" in journal.read_bytes()
    kept.delete("a")
    assert journal.read_bytes() == b""


def test_who_reads_is_not_waited_for_and_the_next_round_does_it(
    file: sa.engine.Engine, journal: Path
) -> None:
    kept = Transcripts(file)
    kept.append("a", "1", "kukkuluuruu", [])
    with file.connect() as reading:
        reading.exec_driver_sql("BEGIN")
        reading.execute(sa.select(transcripts)).all()
        kept.delete("a")
        assert not empty_journal(file)
    assert b"kukkuluuruu" in journal.read_bytes()
    purge_all(file, Periods())
    assert journal.read_bytes() == b""


def test_other_databases_keep_none_of_ours(database: sa.engine.Engine) -> None:
    assert empty_journal(database)
