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
    from bot.files import ROOT
    from bot.safety.facts import facts_of
    from bot.safety.rules import UNSAFE, judge, load_rules

    facts = facts_of(settings())
    found = judge(load_rules(ROOT / "data" / "safety.yml", facts), facts)
    for finding in found:
        print(f"{finding.level}: {finding.what}\n  {finding.do}")
    unsafe = sum(finding.level == UNSAFE for finding in found)
    print(f"{unsafe} unsafe, {len(found) - unsafe} to be considered")
    return 1 if unsafe else 0
