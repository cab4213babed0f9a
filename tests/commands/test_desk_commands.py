"""What an operator types for the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands import main
from bot.composition import configure
from bot.records.accounts import Accounts
from bot.records.audit import Audit
from bot.records.audit_archive import close
from bot.records.database import open_database
from bot.settings import Settings


@pytest.fixture
def database(settings: Settings) -> Iterator[sa.engine.Engine]:
    configure(settings)
    opened = open_database(settings.database)
    yield opened
    opened.dispose()


def test_the_first_account(database: sa.engine.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """An administrator by default; the printed code works; the log knows the operator."""
    assert main(["accounts", "add", "maija.m"]) == 0
    code = capsys.readouterr().out.splitlines()[0].rpartition(": ")[2]
    account = Accounts(database).begin("maija.m", code, "kolme sinistä kuusta")
    assert account is not None
    assert (account.role, account.municipality) == ("administrator", "kajaani")
    assert main(["accounts", "list"]) == 0
    assert "maija.m" in capsys.readouterr().out
    assert main(["accounts", "reset", "maija.m"]) == 0
    assert Accounts(database).with_password("maija.m", "kolme sinistä kuusta") is None
    done = [(e.who, e.what) for e in Audit(database).entries("kajaani")]
    assert done == [("operator", "account_reset"), ("operator", "account_added")]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["add", "maija.m", "--municipality", "atlantis"], "no such municipality: atlantis"),
        (["add", "Maija Meikäläinen"], "is no account name"),
        (["reset", "nobody"], "there is no account nobody"),
    ],
)
def test_mistakes_are_one_clear_line(
    database: sa.engine.Engine,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    problem: str,
) -> None:
    assert main(["accounts", *arguments]) == 1
    printed = capsys.readouterr().err
    assert problem in printed
    assert len(printed.splitlines()) == 1
    assert Audit(database).verify().number == 0


def test_verifying_the_log(
    database: sa.engine.Engine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["accounts", "add", "maija.m"])
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    head = capsys.readouterr().out.splitlines()[-1]
    assert main(["audit", "verify", "--noted", head]) == 0
    with database.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER audit_log_no_DELETE"))
        connection.execute(sa.text("DELETE FROM audit_log"))
    assert main(["audit", "verify", "--noted", head]) == 1
    assert "entry 1 is missing" in capsys.readouterr().err
    assert main(["audit", "verify", "--noted", "1"]) == 1
    assert "a head looks like" in capsys.readouterr().err


def test_the_person_concerned_can_be_told_who_read_hers(
    database: sa.engine.Engine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Also after the record is deleted, and after that part of the log was closed."""
    audit, reference = Audit(database), "1234-5678-9012"
    for what in ("record_opened", "record_deleted"):
        audit.write("kajaani", "anna.virtanen", what, reference)
    assert main(["audit", "who", "123456789012"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[1:3] for line in told] == [
        ["anna.virtanen", "record_opened"],
        ["anna.virtanen", "record_deleted"],
    ]
    file = tmp_path / "old.jsonl"
    assert main(["audit", "close", str(file)]) == 1
    assert "SILTA_LOG_YEARS is 0" in capsys.readouterr().err
    close(database, dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1), file, "kajaani")
    assert main(["audit", "who", reference]) == 1
    assert main(["audit", "who", reference, "--closed", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == told


def test_nobody_is_told_from_a_log_that_was_changed(
    database: sa.engine.Engine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Neither from the database nor from a closed part: one line says where it is broken."""
    audit, reference = Audit(database), "1234-5678-9012"
    for _ in range(2):
        audit.write("kajaani", "anna.virtanen", "record_opened", reference)
    file = tmp_path / "old.jsonl"
    close(database, dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1), file, "kajaani")
    whole = file.read_text(encoding="utf-8")
    for broken in (whole.replace("anna", "eero", 1), "not an entry\n"):
        file.write_text(broken, encoding="utf-8")
        assert main(["audit", "who", reference, "--closed", str(file)]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
    audit.write("kajaani", "anna.virtanen", "record_opened", reference)
    with database.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER audit_log_no_UPDATE"))
        connection.execute(sa.text("UPDATE audit_log SET at = 'yesterday'"))
    assert main(["audit", "who", reference]) == 1
    told = capsys.readouterr()
    assert "was changed or moved" in told.err
    assert len(told.err.splitlines()) == 1


def test_closing_the_log_by_its_age(
    settings: Settings,
    database: sa.engine.Engine,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(replace(settings, log_years=2))
    audit, file = Audit(database), tmp_path / "old.jsonl"
    now = dt.datetime.now(dt.timezone.utc)
    with monkeypatch.context() as long_ago:
        long_ago.setattr("bot.records.audit.utc_now", lambda: now - dt.timedelta(days=800))
        audit.write("kajaani", "anna.virtanen", "record_opened", "1234-5678-9012")
    audit.write("kajaani", "anna.virtanen", "record_opened", "1234-5678-9013")
    assert main(["audit", "close", str(file)]) == 0
    head = capsys.readouterr().out.splitlines()[-1]
    assert head.startswith("1:")
    assert main(["audit", "verify"]) == 0
    assert "Entries 1 to 1 were closed: not looked at." in capsys.readouterr().out
    assert main(["audit", "verify", "--noted", head, "--closed", str(file)]) == 0
    assert "whole too" in capsys.readouterr().out
    assert main(["audit", "close", str(tmp_path / "again.jsonl")]) == 1
    assert "no entry is that old" in capsys.readouterr().err
    file.write_text(file.read_text().replace("anna", "eero"))
    assert main(["audit", "verify", "--closed", str(file)]) == 1
    assert "entry 1 was changed" in capsys.readouterr().err
