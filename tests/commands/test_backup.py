"""A record survives the loss of its database: backed up, restored elsewhere, read with its key."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.assessment.answers import Answer, Draft
from bot.commands import main
from bot.composition import advance_records, configure
from bot.records.audit import Audit
from bot.records.database import open_database
from bot.records.migrating import difference
from bot.records.vault import Key, write_keys
from bot.settings import Settings, load_settings

DRAFT = Draft("ar", "2026-11").with_answer(Answer("A4", value="Salma", said="سلمى", language="ar"))
Printed = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    def both() -> str:
        out, err = capsys.readouterr()
        return out + err

    return both


@pytest.fixture
def service(database: sa.engine.Engine, tmp_path: Path) -> Settings:
    chosen = Settings(
        database=database.url.render_as_string(hide_password=False), key_file=tmp_path / "keys"
    )
    configure(chosen)
    return chosen


def lose(database: sa.engine.Engine) -> None:
    """The disk is gone, or somebody dropped the database."""
    database.dispose()
    if database.dialect.name == "sqlite":
        for file in Path(str(database.url.database)).parent.glob("test.db*"):
            file.unlink()
    else:
        with database.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        database.dispose()


def salma() -> object:
    """What the draft of a conversation holds, by the database that is configured."""
    draft = advance_records().draft("web:1")
    return draft and draft.value("A4")


def anew(settings: Settings) -> None:
    """Another process begins: nothing is open that was."""
    configure(Settings(database="sqlite://", key_file=settings.key_file))
    configure(settings)


def test_what_was_sent_is_read_after_a_restore(
    database: sa.engine.Engine, service: Settings, tmp_path: Path, printed: Printed
) -> None:
    advance_records().save_draft("web:1", DRAFT)
    reference = advance_records().send("web:1", "kajaani", flags=["interpreter"])
    Audit(database).write("kajaani", "anna.virtanen", "record_opened", reference)
    copy = tmp_path / "copies" / "silta.backup"
    assert main(["backup", str(copy)]) == 0
    assert "keep a copy of them apart" in printed()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    assert b"Salma" not in copy.read_bytes()

    advance_records().delete(reference, "kajaani")
    lose(database)
    anew(service)
    assert main(["restore", str(copy)]) == 0
    assert "3 of 3 sealed texts can be opened" in printed()
    record = advance_records().opened(reference, "kajaani")
    assert record.answers["A4"].said == "سلمى"
    restored = open_database(service.database)
    assert difference(restored) == []
    assert Audit(restored).verify().number == 1
    with pytest.raises(sa.exc.DatabaseError), restored.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_log"))
    restored.dispose()


def test_a_copy_is_made_while_somebody_writes(
    database: sa.engine.Engine, service: Settings, tmp_path: Path
) -> None:
    """What is not finished is not in it, and nobody waits for anybody."""
    advance_records().save_draft("web:1", DRAFT)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE drafts SET sender = 'web:2'"))
        assert main(["backup", str(tmp_path / "copy")]) == 0
    lose(database)
    anew(service)
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert salma() == "Salma"


def test_without_the_keys_of_then_it_says_so(
    database: sa.engine.Engine, service: Settings, tmp_path: Path, printed: Printed
) -> None:
    advance_records().save_draft("web:1", DRAFT)
    main(["backup", str(tmp_path / "copy")])
    lose(database)
    write_keys(service.key_file, [Key.new()])
    anew(service)
    printed()
    assert main(["restore", str(tmp_path / "copy")]) == 1
    assert "0 of 1 sealed texts" in (told := printed())
    assert "keys of then" in told


def test_nothing_is_written_over(service: Settings, tmp_path: Path, printed: Printed) -> None:
    """Neither an older copy, nor a database that is in use."""
    advance_records().save_draft("web:1", DRAFT)
    copy = tmp_path / "copy"
    assert main(["backup", str(copy)]) == 0
    assert main(["backup", str(copy)]) == 1
    assert "choose another name" in printed()
    assert main(["restore", str(copy)]) == 1
    assert "already" in (told := printed()) or "not empty" in told
    assert salma() == "Salma"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_log_left_behind_is_not_mixed_with_a_copy(
    database: sa.engine.Engine, service: Settings, tmp_path: Path, printed: Printed
) -> None:
    main(["backup", str(tmp_path / "copy")])
    lose(database)
    (tmp_path / "test.db-wal").write_bytes(b"of another database")
    assert main(["restore", str(tmp_path / "copy")]) == 1
    assert "test.db-wal is there already" in printed()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_copy_leaves_nothing_behind(
    database: sa.engine.Engine, service: Settings, tmp_path: Path, printed: Printed
) -> None:
    lose(database)
    (tmp_path / "copy").write_text("a shopping list, long enough to look like something" * 20)
    assert main(["restore", str(tmp_path / "copy")]) == 1
    assert "cannot be copied: file is not a database" in printed()
    assert main(["restore", str(tmp_path / "none")]) == 1
    assert "there is no file" in printed()
    assert main(["backup", "/proc/silta"]) == 1
    assert not list(tmp_path.glob("test.db*"))


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_without_the_programs_of_postgresql_it_is_one_line(
    service: Settings, tmp_path: Path, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["backup", str(tmp_path / "copy")]) == 1
    assert printed() == "error: pg_dump is not on this machine (Debian: postgresql-client)\n"
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_the_password_is_in_no_list_of_processes(
    service: Settings, tmp_path: Path, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pg_dump that tells how it was called."""
    told = tmp_path / "told"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$PGPASSWORD" "$@" > {told}\necho no >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    configure(Settings(database="postgresql://silta:very@127.0.0.1/silta"))
    assert main(["backup", str(tmp_path / "copy")]) == 1
    assert printed() == "error: pg_dump failed: no\n"
    password, *arguments = told.read_text().split()
    assert password == "very"
    assert "very" not in " ".join(arguments)


def test_the_address_with_its_password_may_stand_in_a_file(tmp_path: Path) -> None:
    address = "postgresql://silta:very@database/silta"
    (tmp_path / "address").write_text(address + "\n")
    read = load_settings({"SILTA_DATABASE_FILE": str(tmp_path / "address")})
    assert read.database == address
    assert "very" not in repr(read)
