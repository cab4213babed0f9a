"""``keys``: make a key, seal everything with a new one, or drop those that seal nothing."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("keys", help="change the keys that seal advance information")
    parser.add_argument("what", choices=["new", "rotate", "retire"])
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do what is asked. A service that is running takes a changed key file by itself."""
    from bot.composition import settings, vault
    from bot.records.database import open_database
    from bot.records.resealing import reseal
    from bot.records.vault import Key, write_keys

    if options.what == "new":
        print(Key.new().written())
        return 0
    in_file = not settings().keys
    if in_file and options.what == "rotate":
        write_keys(settings().key_file, [Key.new(), *vault().keys])
    count = reseal(open_database(settings().database), vault())
    print(f"{count} texts sealed anew with key {vault().keys[0].id.hex()}")
    if in_file and options.what == "retire":
        write_keys(settings().key_file, vault().keys[:1])
        print("older keys removed from the key file")
    elif len(vault().keys) > 1:
        where = "run: python -m bot keys retire" if in_file else "take them out of SILTA_KEYS"
        print(f"older keys are still known; when all is well, {where}")
    return 0
