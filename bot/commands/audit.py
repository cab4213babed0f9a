"""``audit verify``: is the log whole, and does it lead through a head that was noted earlier?"""

from __future__ import annotations

import argparse
import sys
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("audit", help="check the log of the caseworkers' desk")
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("--noted", help="a head that an earlier check printed")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check every entry."""
    from bot.composition import settings
    from bot.records.audit import Audit, Head, LogBroken
    from bot.records.database import open_database

    try:
        noted = Head.parse(options.noted) if options.noted else None
        head = Audit(open_database(settings().database)).verify(noted)
    except (LogBroken, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{head.number} entries, whole. Note the head down, away from this machine:\n{head}")
    return 0
