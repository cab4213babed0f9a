"""``check``: what is unsafe in this set-up, and what to do about it."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="tell what is unsafe in this set-up")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings; fails where one of them is unsafe."""
    from bot.composition import settings
    from bot.safety.findings import count_unsafe, findings

    found, unsafe = findings(settings()), count_unsafe(settings())
    for finding in found:
        print(f"{finding.level}: {finding.what}\n  {finding.do}")
    print(f"{unsafe} unsafe, {len(found) - unsafe} to be considered")
    return 1 if unsafe else 0
