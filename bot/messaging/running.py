"""The messaging apps within the service: routes, queues, and the tasks that work them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web
from sqlalchemy.engine import Engine

from bot.answers.replies import Replies
from bot.keys import Turn
from bot.messaging.channel import Channel
from bot.messaging.conversation import Conversation
from bot.messaging.metrics import PATH, metrics
from bot.messaging.office import OFFICE, Office
from bot.records.inbox import Inbox
from bot.records.messaging_counts import Counts
from bot.records.messaging_people import People
from bot.records.outbox import Outbox
from bot.records.pseudonyms import Pseudonyms
from bot.records.vault import Vault


def add_routes(
    app: web.Application, channels: Mapping[str, Channel], metrics_token: str = ""
) -> None:
    """Add the webhooks of the channels that have one, and the figures where a token is set."""
    for channel in channels.values():
        app.add_routes(channel.routes())
    if metrics_token:
        app.add_routes([web.get(PATH, metrics)])


@asynccontextmanager
async def running_office(
    channels: Mapping[str, Channel],
    database: Engine,
    vault: Vault,
    turn: Turn,
    replies: Replies,
    web_link: Callable[[str, str], str],
    lease: float,
) -> AsyncIterator[Office]:
    """An office at work. What waits in the database is taken up again."""
    pseudonyms = Pseudonyms(database, vault)
    people, outbox = People(database, vault, pseudonyms), Outbox(database, vault, lease)
    inbox = Inbox(database, vault, pseudonyms, people, outbox, lease)
    conversation = Conversation(turn, replies, web_link)
    async with ClientSession() as http:
        office = Office(channels, conversation, inbox, outbox, people, Counts(database), http)
        task = asyncio.create_task(office.run())
        try:
            yield office
        finally:
            task.cancel()
            await asyncio.wait([task])


__all__ = ["OFFICE", "add_routes", "running_office"]
