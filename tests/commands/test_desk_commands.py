"""What an operator types for the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands import main
from bot.composition import configure
from bot.records.accounts import Accounts
from bot.records.audit import Audit
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
