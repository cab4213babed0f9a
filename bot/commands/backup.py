"""``backup`` and ``restore``: a copy of the database in one file, and the way back from it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the two commands."""
    backup = commands.add_parser("backup", help="copy the database to a file, also while it runs")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="fill an empty database from such a file")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    from bot.composition import settings
    from bot.records.backup import back_up

    back_up(settings().database, options.file)
    size = options.file.stat().st_size / 1024
    print(f"{options.file}: {size:.0f} KiB. The keys are not in it: keep a copy of them apart.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    """Restore, bring the tables to this release, and see whether the keys open what is there."""
    from bot.composition import settings, vault
    from bot.records.backup import restore
    from bot.records.database import open_database
    from bot.records.resealing import opened

    restore(options.file, settings().database)
    there, good = opened(open_database(settings().database), vault())
    print(f"restored. {good} of {there} sealed texts can be opened with the keys that are here")
    if good < there:
        print("The others need the keys of then: put these into SILTA_KEYS or the key file.")
    return 0 if good == there else 1
