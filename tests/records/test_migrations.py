"""A database goes from any release to this one, whole or not at all, on SQLite and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands import main
from bot.composition import configure
from bot.files import ROOT
from bot.records import migrating
from bot.records.audit import Audit
from bot.records.database import open_database, open_to_read
from bot.records.migrating import DatabaseNewer, all_tables, difference, head, upgrade
from bot.settings import Settings

# The tables that came after the release which did not count revisions.
LATER = (
    "alert_wishes",
    "alerts",
    "audit_checkpoints",
    "meetings",
    "messaging_counts",
    "talk_messages",
    "talks",
)


def make_uncounted(connection: sa.engine.Connection) -> None:
    """A database as the release left it that did not count revisions yet."""
    for name in (*LATER, "alembic_version"):
        connection.execute(sa.text(f"DROP TABLE {name}"))


@pytest.fixture
def database(database: sa.engine.Engine) -> sa.engine.Engine:
    """A database whose tables the revisions made, from nothing."""
    found = sa.MetaData()
    found.reflect(database, only=lambda name, _: name != "sqlite_sequence")  # SQLite's own
    found.drop_all(database)
    upgrade(database)
    return database


def test_revisions_and_code_agree(database: sa.engine.Engine) -> None:
    """What the revisions make is what the code reads and writes; the log's guards are there."""
    assert difference(database) == []
    Audit(database).write("kajaani", "anna", "signed_in", "", "")
    with pytest.raises(sa.exc.DatabaseError), database.begin() as connection:
        connection.execute(sa.text("UPDATE audit_log SET who = 'nobody'"))


def test_a_database_of_the_last_release_is_recognised(database: sa.engine.Engine) -> None:
    """It has tables but counts no revisions; what it holds stays."""
    with database.begin() as connection:
        make_uncounted(connection)
        connection.execute(
            sa.text("INSERT INTO ratings (topic, language, verdict, day) VALUES (:t, :l, :v, :d)"),
            {"t": "kela", "l": "so", "v": "helpful", "d": "2026-11-24"},
        )
        connection.execute(sa.text("DROP TABLE web_links"))  # one from before the apps
    upgrade(database)
    assert difference(database) == []
    assert revision_of(database) == head()
    with database.connect() as connection:
        assert connection.execute(sa.text("SELECT language FROM ratings")).scalar() == "so"


def test_a_newer_database_is_refused(database: sa.engine.Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match=r"9999.*restore the back-up"):
        upgrade(database)
    assert revision_of(database) == "9999"


def test_a_revision_that_fails_leaves_nothing_behind(
    database: sa.engine.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and version in one transaction, on both databases."""
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE web_links"))
        make_uncounted(connection)

    def broken(config: object, revision: str) -> None:
        connection = config.attributes["connection"]
        connection.execute(sa.text("CREATE TABLE half (x INTEGER)"))
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(migrating.command, "upgrade", broken)
    with pytest.raises(RuntimeError):
        upgrade(database)
    monkeypatch.undo()
    assert not sa.inspect(database).has_table("half")
    upgrade(database)
    assert difference(database) == []


def test_two_that_start_at_once(database: sa.engine.Engine) -> None:
    """One runs the revisions, the other waits; both go on."""
    with database.begin() as connection:
        for table in reversed(all_tables().sorted_tables):
            connection.execute(sa.text(f"DROP TABLE {table.name}"))
        connection.execute(sa.text("DROP TABLE alembic_version"))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: upgrade(database), range(4))) == [None] * 4
    assert difference(database) == []


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(database=f"sqlite:///{tmp_path / 'silta.db'}", key_file=tmp_path / "keys"))
    assert main(["database", "upgrade"]) == 0
    assert f"revision {head()}" in capsys.readouterr().out
    assert main(["database", "revision", "-m", "nothing"]) == 0
    assert "nothing to write" in capsys.readouterr().out
    assert main(["database", "revision"]) == 1


def test_a_check_changes_nothing(
    database: sa.engine.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It tells what an older database lacks, and leaves it to lack that."""
    with database.begin() as connection:
        make_uncounted(connection)
    before = set(sa.inspect(database).get_table_names())
    address = database.url.render_as_string(hide_password=False)
    configure(Settings(database=address, key_file=tmp_path / "keys"))
    assert main(["database", "check"]) == 1
    assert "meetings" in capsys.readouterr().out
    assert set(sa.inspect(database).get_table_names()) == before
    assert main(["database", "upgrade"]) == 0
    assert main(["database", "check"]) == 0
    opened = open_to_read(address)
    with pytest.raises(sa.exc.DBAPIError), opened.begin() as connection:
        connection.execute(sa.text("DELETE FROM ratings"))
    opened.dispose()


def test_a_check_makes_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "there" / "silta.db"
    configure(Settings(database=f"sqlite:///{file}", key_file=tmp_path / "keys"))
    assert main(["database", "check"]) == 1
    assert "cannot be opened" in capsys.readouterr().err
    assert not file.parent.exists()


def test_a_new_table_is_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a developer adds one: a table in the code, the command, and the database has it."""
    copy = tmp_path / "migrations"
    script = f"""
import shutil, sqlalchemy as sa
from pathlib import Path
from bot.records import migrating
from bot.records.database import metadata
shutil.copytree(migrating.FOLDER, {str(copy)!r})
migrating.FOLDER = Path({str(copy)!r})
sa.Table("wishes", metadata, sa.Column("id", sa.Integer, primary_key=True))
from bot.records.database import open_database
base = open_database("sqlite:///{tmp_path}/a.db")
print(migrating.new_revision(base, "wishes").name)
print(migrating.difference(open_database("sqlite:///{tmp_path}/b.db")))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    name, difference_after = done.stdout.splitlines()[-2:]
    assert name.endswith("_wishes.py")
    assert difference_after == "[]"


def revision_of(database: sa.engine.Engine) -> str:
    with database.connect() as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())


def test_opening_is_cheap_once_it_is_done(tmp_path: Path) -> None:
    """The second opening runs no revision."""
    url = f"sqlite:///{tmp_path / 'silta.db'}"
    open_database(url).dispose()
    before = (tmp_path / "silta.db").stat().st_mtime_ns
    open_database(url).dispose()
    assert (tmp_path / "silta.db").stat().st_mtime_ns == before
