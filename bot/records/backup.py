"""A copy of the database in one file, while the service runs; and the way back from it.

The keys are not in the copy: what is sealed stays sealed, and a copy apart needs them (ADR 0007).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.url import URL, make_url

from bot.records.database import DatabaseUnreachable
from bot.records.vault import OWNER_ONLY

SQLITE = "sqlite"


class BackupFailed(Exception):
    """No copy was made, or nothing was restored. The message says why and what to do."""


def back_up(url: str, file: Path) -> None:
    """Write a copy of the database: the whole file or none. Raises ``BackupFailed``."""
    source = make_url(url)
    with _whole(file) as beside:
        if source.get_backend_name() == SQLITE:
            _copy_sqlite(Path(str(source.database)), beside)
        else:
            _run("pg_dump", source, "--format=custom", "--no-owner", f"--file={beside}")


def restore(file: Path, url: str) -> None:
    """Fill an empty place from a copy. What is there is never written over.

    Raises ``BackupFailed``, ``DatabaseUnreachable``.
    """
    target = make_url(url)
    if not file.is_file():
        raise BackupFailed(f"there is no file {file}")
    if target.get_backend_name() == SQLITE:
        place = Path(str(target.database))
        # A log left behind by another database would be written into this one.
        for there in (place, *(Path(f"{place}-{rest}") for rest in ("wal", "shm", "journal"))):
            if there.exists():
                raise BackupFailed(f"{there} is there already: move it away first")
        with _whole(place) as beside:
            _copy_sqlite(file, beside)
        return
    _must_be_empty(target)
    options = ("--no-owner", "--exit-on-error", "--single-transaction")
    _run("pg_restore", target, *options, str(file))


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's own means: a copied file would lack what still stands in the write-ahead log."""
    if not source.is_file():
        raise BackupFailed(f"there is no database {source}")
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing)
            (verdict,) = writing.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(f"{source} cannot be copied: {error}") from error
    if verdict != "ok":
        raise BackupFailed(f"{source} is damaged: {verdict}")


def _must_be_empty(target: URL) -> None:
    engine = sa.create_engine(target, future=True)
    try:
        found = sa.inspect(engine).get_table_names()
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachable(target, str(error.orig).partition("\n")[0]) from error
    finally:
        engine.dispose()
    if found:
        shown = target.render_as_string(hide_password=True)
        raise BackupFailed(f"{shown} is not empty: restore into a new database")


def _run(program: str, database: URL, *arguments: str) -> None:
    """One of PostgreSQL's own programs. The password goes where no list of processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"{program} is not on this machine (Debian: postgresql-client)")
    environment = {**os.environ, "PGPASSWORD": database.password} if database.password else None
    name = database.set(password=None).render_as_string()
    done = subprocess.run(  # noqa: S603  # a program of the PATH, and no shell
        [found, f"--dbname={name}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise BackupFailed(f"{program} failed: {reason}")


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A place beside the file, for its owner alone; it becomes the file when all went well."""
    if file.exists():
        raise BackupFailed(f"{file} is there already: choose another name")
    beside = file.with_name(f"{file.name}.unfinished")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
