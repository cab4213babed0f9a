"""``channels``: are the messaging apps in order, what happens there, what could not be sent?"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import Mapping
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "channels", help="messaging apps: check, set-webhook, status, dead"
    )
    kinds = parser.add_subparsers(required=True, metavar="what")
    for name, run, text in (
        ("check", _check, "test tokens, webhook address and permissions"),
        ("set-webhook", _set_webhook, "tell the app's company our address"),
    ):
        kind = kinds.add_parser(name, help=text)
        kind.add_argument("channel", nargs="?", help="one channel; default: all that are on")
        kind.set_defaults(run=run)
    status = kinds.add_parser("status", help="what happened, how many wait, and for how long")
    status.set_defaults(run=_status)
    dead = kinds.add_parser("dead", help="what could not be sent; the content is not shown")
    dead.add_argument("--again", action="store_true", help="try all of it again")
    dead.set_defaults(run=_dead)


def _check(options: argparse.Namespace) -> int:
    return _ask(options, "check")


def _set_webhook(options: argparse.Namespace) -> int:
    return _ask(options, "set_webhook")


def _ask(options: argparse.Namespace, what: str) -> int:
    from bot.composition import settings
    from bot.messaging_channels import messaging_channels

    channels = messaging_channels(settings())
    chosen = options.channel
    if chosen and chosen not in channels:
        on = ", ".join(channels) or "none"
        print(f"error: {chosen} is not switched on; there are: {on}", file=sys.stderr)
        return 1
    if not channels:
        print("no messaging app is switched on; see docs/channels.md")
        return 0
    asked = {name: c for name, c in channels.items() if chosen in (None, name)}
    return asyncio.run(_all(asked, what, settings().public_url))


async def _all(channels: Mapping[str, Any], what: str, public_url: str) -> int:
    from aiohttp import ClientSession

    from bot.messaging.channel import Finding
    from bot.messaging.failures import SendFailed

    wrong = 0
    if what == "check" and any(c.routes() for c in channels.values()):
        secure = public_url.startswith("https://")
        advice = "the companies call https addresses only: set SILTA_PUBLIC_URL to one"
        print(_line("all", Finding(secure, f"our address is {public_url}", advice)))
        wrong += not secure
    async with ClientSession() as http:
        for name, channel in channels.items():
            try:
                found = await getattr(channel, what)(http, public_url)
            except SendFailed as failure:
                advice = "let this machine reach the app's company by https"
                found = Finding(False, f"no answer from the app's company ({failure.code})", advice)
            for finding in found if isinstance(found, list) else [found]:
                print(_line(name, finding))
                wrong += not finding.ok
    return 1 if wrong else 0


def _line(name: str, finding: Any) -> str:
    hint = f"\n{'':14}{finding.advice}" if finding.advice and not finding.ok else ""
    return f"{'ok ' if finding.ok else 'NOT'} {name:10} {finding.what}{hint}"


def _status(options: argparse.Namespace) -> int:
    from bot.composition import settings
    from bot.records.database import open_database
    from bot.records.messaging_counts import Counts, Outcome

    counts = Counts(open_database(settings().database))
    totals = counts.totals()
    print(f"{'so far':10}", *(f"{outcome.value:>10}" for outcome in Outcome))
    for channel in sorted({channel for channel, _ in totals}):
        numbers = (totals.get((channel, outcome.value), 0) for outcome in Outcome)
        print(f"{channel:10}", *(f"{number:>10}" for number in numbers))
    print(f"\n{'now':10} {'queue':10} {'messages':>10} oldest")
    for queue in counts.queues():
        waited = dt.timedelta(seconds=int(queue.oldest))
        print(f"{queue.channel:10} {queue.name:10} {queue.length:>10} {waited}")
    return 0


def _dead(options: argparse.Namespace) -> int:
    outbox = _outbox()
    for letter in outbox.dead():
        created = dt.datetime.fromtimestamp(letter.created, dt.timezone.utc)
        when = f"{created:%Y-%m-%d %H:%M} UTC"
        print(
            f"{letter.key[:16]}  {letter.channel:10} {when}  {letter.failure}, {letter.attempts}×"
        )
    if options.again:
        print(f"{outbox.revive()} are tried again")
    return 0


def _outbox() -> Any:
    from bot.composition import settings, vault
    from bot.records.database import open_database
    from bot.records.outbox import Outbox

    return Outbox(open_database(settings().database), vault())
