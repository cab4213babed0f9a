"""``database``: bring the tables to this release, compare them with the code, write a revision."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from bot.files import ROOT


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("database", help="bring the database to this release")
    parser.add_argument("what", choices=["upgrade", "check", "revision"])
    parser.add_argument("-m", "--message", default="", help="what a new revision does")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do what is asked. Starting the service upgrades, too; checking changes nothing."""
    from bot.composition import settings
    from bot.records.database import open_database, open_to_read
    from bot.records.migrating import difference, head

    if options.what == "revision":
        return _revision(options.message)
    opened = open_to_read if options.what == "check" else open_database
    lacking = difference(opened(settings().database))
    for each in lacking:
        print(each)
    where = "is as the code wants it" if not lacking else "differs from the code"
    print(f"revision {head()}: the database {where}")
    return 1 if lacking else 0


def _revision(message: str) -> int:
    """The next revision, by comparing a database made by the revisions so far with the code."""
    from bot.records.database import open_database
    from bot.records.migrating import difference, new_revision

    if not message:
        print("error: say what it does: python -m bot database revision -m 'appointments'")
        return 1
    with tempfile.TemporaryDirectory(prefix="silta-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'empty.db'}")
        if not difference(database):
            print("the tables in the code are those of the newest revision: nothing to write")
            return 0
        written = new_revision(database, message)
    print(f"{written.relative_to(ROOT)}: read it, then run tests/records/test_migrations.py")
    return 0
