"""``chat``: talk with Silta in the terminal."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from bot.messages import Inbound, Reply


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("chat", help="talk in the terminal; a number presses a button")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Talk until the end of input."""
    asyncio.run(_talk())


async def _talk() -> None:
    from bot.commands.running import engine_for_command

    async with engine_for_command() as engine:
        payloads = _show(await engine.turn(Inbound("chat", "/greet", "chat")))
        loop = asyncio.get_running_loop()
        while True:
            try:
                text = await loop.run_in_executor(None, input, "> ")
            except (EOFError, KeyboardInterrupt):
                return
            number = int(text) if text.isdecimal() else 0
            text = payloads[number - 1] if 0 < number <= len(payloads) else text
            if text.strip():
                payloads = _show(await engine.turn(Inbound("chat", text, "chat")))


def _show(replies: list[Reply]) -> list[str]:
    payloads: list[str] = []
    for reply in replies:
        print(f"\n{reply.text}\n")
        for button in reply.buttons:
            payloads.append(button.payload)
            print(f"  [{len(payloads)}] {button.title}")
    return payloads
