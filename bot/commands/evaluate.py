"""``evaluate``: how well messages are understood, by language, on messages never trained on."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from bot.nlu.evaluation import Case, Report, load_cases, report, table


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("evaluate", help="measure understanding on JSON lines")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--confusions", action="store_true", help="list what was mistaken")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the figures."""
    cases = [case for file in options.files for case in load_cases(file)]
    parses = asyncio.run(_parse_all(cases))
    figures: Report = report(cases, parses)
    print(json.dumps(figures, indent=2, ensure_ascii=False) if options.json else table(figures))
    if options.confusions:
        _print_confusions(cases, parses)


async def _parse_all(cases: list[Case]) -> list[dict[str, Any]]:
    from bot.commands.running import engine_for_command

    async with engine_for_command() as engine:
        return [await engine.parse(case.text) for case in cases]


def _print_confusions(cases: list[Case], parses: list[dict[str, Any]]) -> None:
    from bot.nlu.evaluation import confusions

    for line in confusions(cases, parses):
        print(line)
