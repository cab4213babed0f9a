"""``privacy write``: the data map into docs/privacy.md.  ``privacy check``: is it there?"""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("privacy", help="write the data map into docs/privacy.md")
    parser.add_argument("what", choices=["write", "check"])
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write or check."""
    from bot.files import ROOT
    from bot.privacy import document, load_map

    path = ROOT / "docs" / "privacy.md"
    text = path.read_text(encoding="utf-8")
    wanted = document(text, load_map(ROOT / "data" / "privacy.yml"))
    if options.what == "write":
        path.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        print("docs/privacy.md is not what data/privacy.yml says: run python -m bot privacy write")
        return 1
    return 0
