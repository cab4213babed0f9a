"""``i18n``: collect sentences, compile catalogues, check translations."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("i18n", help="update, compile or check the catalogues")
    parser.add_argument("what", choices=["update", "compile", "check"])
    parser.add_argument("--domain", choices=["messages", "desk"], help="one domain only")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Update, compile or check."""
    from bot.composition import languages
    from bot.i18n import catalogue_files
    from bot.i18n.checks import Problem, problems_of_all

    chosen = [options.domain] if options.domain else list(catalogue_files.DOMAINS)
    problems: list[Problem] = []
    for domain in (catalogue_files.DOMAINS[name] for name in chosen):
        if options.what == "update":
            catalogue_files.update_all(languages(), domain)
        if options.what in ("update", "compile"):
            catalogue_files.compile_all(languages(), domain)
        else:
            problems += problems_of_all(languages(), domain)
    if options.what != "check":
        return 0
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {len(languages())} languages")
    return 1 if problems else 0
