"""``parse``: one message a line in, its understanding as JSON out."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("parse", help="read one message a line, print each parse as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Parse standard input."""
    asyncio.run(_parse_lines())


async def _parse_lines() -> None:
    from bot.commands.running import engine_for_command

    async with engine_for_command() as engine:
        for line in sys.stdin:
            if line.strip():
                parse = await engine.parse(line.strip())
                print(json.dumps(parse, ensure_ascii=False, default=float), flush=True)
