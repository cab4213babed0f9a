"""The messaging apps within the service: routes, queues, and the tasks that work them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web
from sqlalchemy.engine import Engine

from bot.answers.replies import Replies
from bot.keys import Turn
from bot.messaging.carrying import Carrier, Speak, message_of
from bot.messaging.channel import Channel
from bot.messaging.conversation import Conversation
from bot.messaging.metrics import PATH, metrics
from bot.messaging.office import OFFICE, Office
from bot.messaging.sending import Sender
from bot.records.inbox import Inbox
from bot.records.messaging_counts import Counts
from bot.records.messaging_people import People
from bot.records.outbox import Outbox
from bot.records.pseudonyms import Pseudonyms
from bot.records.talks import Talks
from bot.records.vault import Vault

MESSAGING: web.AppKey[Mapping[str, Channel]] = web.AppKey("messaging", Mapping)


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
    talks: Talks,
    speak: Speak,
) -> AsyncIterator[Office]:
    """An office at work. What waits in the database is taken up again.

    ``speak`` gives the words of what is said in ``talks``, which must be of the same database.
    """
    pseudonyms = Pseudonyms(database, vault)
    people, outbox = People(database, vault, pseudonyms), Outbox(database, vault, lease)
    inbox = Inbox(database, vault, pseudonyms, people, outbox, lease)
    conversation = Conversation(turn, replies, web_link)
    async with ClientSession() as http:
        counts = Counts(database)
        sender = Sender(channels, outbox, people, counts, http, lambda key: _handed(talks, key))
        office = Office(channels, conversation, inbox, outbox, people, counts, http, sender)
        stores = (conversation, people, outbox)
        carrier = Carrier(channels, talks.messages, speak, *stores, office.send_soon)
        tasks = [asyncio.create_task(work.run()) for work in (office, carrier)]
        try:
            yield office
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


def _handed(talks: Talks, key: str) -> None:
    """The worker sees that her message is with the app's company."""
    number = message_of(key)
    if number is not None:
        talks.attendance.handed_to_app(number)


__all__ = ["MESSAGING", "OFFICE", "add_routes", "running_office"]
