"""The commands of ``python -m bot``, one module each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.engine.errors import ModelError
from bot.files import DataError
from bot.nlu.gathering import NotOurFolder
from bot.records.backup import BackupFailed
from bot.records.database import DatabaseUnreachable
from bot.records.migrating import DatabaseNewer
from bot.records.vault import VaultError
from bot.settings import SettingError

FAILED = 1
# What an operator can mend: told in one line.
EXPECTED = (
    DataError,
    SettingError,
    ModelError,
    VaultError,
    DatabaseNewer,
    DatabaseUnreachable,
    NotOurFolder,
    BackupFailed,
)


def main(arguments: Sequence[str]) -> int:
    """Run one command. A wrong setting or data file is one clear line, not a trace."""
    from bot.commands import (
        accounts,
        assessment,
        audit,
        backup,
        channels,
        chat,
        check,
        content,
        database,
        evaluate,
        i18n,
        keys,
        parse,
        privacy,
        serve,
        training,
    )

    parser = argparse.ArgumentParser(prog="python -m bot", description="Silta")
    commands = parser.add_subparsers(required=True, metavar="command")
    talking, written = (
        (serve, chat, parse, training, evaluate),
        (content, assessment, i18n, privacy),
    )
    for module in (*talking, *written, check, keys, database, backup, accounts, audit, channels):
        module.register(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except EXPECTED as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
