"""``audit``: is the log whole; who read a record; close what is old."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the commands."""
    parser = commands.add_parser("audit", help="check the log of the caseworkers' desk")
    kinds = parser.add_subparsers(required=True, metavar="what")
    verify = kinds.add_parser("verify", help="check every entry and print the head")
    verify.add_argument("--noted", help="a head that an earlier check printed")
    verify.add_argument(
        "--closed", nargs="+", type=Path, default=[], help="files of closed parts, oldest first"
    )
    verify.set_defaults(run=_verify)
    who = kinds.add_parser("who", help="who read or changed a record, for the person concerned")
    who.add_argument("reference")
    who.add_argument("--closed", nargs="+", type=Path, default=[], help="files of closed parts")
    who.set_defaults(run=_who)
    close = kinds.add_parser("close", help="move entries older than SILTA_LOG_YEARS to a file")
    close.add_argument("file", type=Path)
    close.set_defaults(run=_close)


def _verify(options: argparse.Namespace) -> int:
    from bot.records.audit import Head, LogBroken

    try:
        noted = Head.parse(options.noted) if options.noted else None
        start, head = _proven(options.closed, noted)
    except (LogBroken, ValueError, OSError) as error:
        return _fail(str(error))
    if noted and noted.number < start.number and not options.closed:
        print("The noted head lies in a part that was closed: name its files with --closed.")
    if start.number:
        seen = "whole too" if options.closed else "not looked at"
        print(f"Entries 1 to {start.number} were closed: {seen}.")
    kept = head.number - start.number
    print(f"{kept} entries, whole. Note the head down, away from this machine:\n{head}")
    return 0


def _who(options: argparse.Namespace) -> int:
    from bot.records.audit import LogBroken
    from bot.records.audit_archive import entries_in
    from bot.records.references import tidy_reference

    reference = tidy_reference(options.reference)
    try:
        _proven(options.closed)  # nobody is told from a log that is not what was written
        found = [entry for file in options.closed for entry in entries_in(file, reference)]
        found += _audit().trail(reference)
    except (LogBroken, ValueError, OSError) as error:
        return _fail(str(error))
    if not found:
        return _fail(f"the log holds nothing about {reference}")
    for entry in found:
        at = entry.at.astimezone(dt.timezone.utc).isoformat(timespec="minutes")
        print(f"{at}  {entry.who:30} {entry.what:24} {entry.detail}".rstrip())
    return 0


def _proven(closed: list[Path], noted: Any = None) -> tuple[Any, Any]:
    """Where the log in the database begins, and its head. Raises ``LogBroken``, ``OSError``."""
    from bot.records.audit import LogBroken
    from bot.records.audit_archive import proven_files

    start = _audit().checkpoint()
    if closed and proven_files(closed, noted) != start:
        raise LogBroken("the files do not lead to where the log begins")
    return start, _audit().verify(noted)


def _close(options: argparse.Namespace) -> int:
    from bot.composition import settings
    from bot.records.audit import LogBroken
    from bot.records.audit_archive import NothingToClose, close
    from bot.records.database import open_database

    chosen = settings()
    if not chosen.log_years:
        return _fail("SILTA_LOG_YEARS is 0: nothing is ever closed")
    today = dt.datetime.now(dt.timezone.utc)
    before = today - dt.timedelta(days=round(365.25 * chosen.log_years))
    try:
        head = close(open_database(chosen.database), before, options.file, chosen.municipality)
    except (LogBroken, NothingToClose, OSError) as error:
        return _fail(str(error))
    print(f"Entries up to {head.number} are in {options.file}, proven, and out of the database.")
    print(f"Keep the file as long as the log must be kept. Its head:\n{head}")
    return 0


def _audit() -> Any:
    from bot.composition import settings
    from bot.records.audit import Audit
    from bot.records.database import open_database

    return Audit(open_database(settings().database))


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1
