"""``evaluate``: how well messages are understood, by language, on messages never trained on."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from bot.nlu.evaluation import Case, Report, load_cases, report, table
from bot.nlu.harm import FIGURES as HARM_FIGURES
from bot.nlu.harm import harm_report, load_messages


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("evaluate", help="measure understanding on JSON lines")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--confusions", action="store_true", help="list what was mistaken")
    parser.add_argument(
        "--harm", action="store_true", help="the files are a harm set: danger alone"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the figures."""
    if options.harm:
        return _run_harm(options)
    cases = [case for file in options.files for case in load_cases(file)]
    parses = asyncio.run(_parse_all([case.text for case in cases]))
    figures = report(cases, parses)
    _print(figures, table(figures), options)
    if options.confusions:
        _print_confusions(cases, parses)


def _run_harm(options: argparse.Namespace) -> None:
    messages = [message for file in options.files for message in load_messages(file)]
    parses = asyncio.run(_parse_all([message.text for message in messages]))
    figures = harm_report(messages, parses)
    _print(figures, table(figures, HARM_FIGURES), options)


def _print(figures: Report, as_table: str, options: argparse.Namespace) -> None:
    print(json.dumps(figures, indent=2, ensure_ascii=False) if options.json else as_table)


async def _parse_all(texts: list[str]) -> list[dict[str, Any]]:
    from bot.commands.running import engine_for_command

    async with engine_for_command() as engine:
        return [await engine.parse(text) for text in texts]


def _print_confusions(cases: list[Case], parses: list[dict[str, Any]]) -> None:
    from bot.nlu.evaluation import confusions

    for line in confusions(cases, parses):
        print(line)
