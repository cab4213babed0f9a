"""The post office of the messaging apps: accepts, answers and sends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from aiohttp import ClientSession, web

from bot.messages import TooBusy, TurnFailed
from bot.messaging.channel import Channel
from bot.messaging.conversation import Answer, Conversation
from bot.messaging.failures import pause
from bot.messaging.incoming import Confirmation, Incoming
from bot.messaging.pump import Pump
from bot.messaging.sending import Sender
from bot.messaging.stopping import always_heard
from bot.records.database import now
from bot.records.inbox import Inbox, Received
from bot.records.messaging_counts import Counts, Outcome
from bot.records.messaging_people import People
from bot.records.outbox import Outbox

log = logging.getLogger(__name__)
MOST_TURNS = 5  # attempts to answer a message before the person is told that it went wrong
BUSY_WAIT = 2.0  # seconds
# People served side by side. A turn works the processor, a part waits for the vendor: with as many
# turns as parts, what is answered would wait behind what is being answered.
ANSWERING, SENDING = 4, 16
# Seconds after a start in which nothing is answered: what vendors could not deliver while we were
# away comes first, in whatever order, and may have been sent before what waits here already.
RETURNING = 5.0


class Office:
    """Owns the queues while the service runs."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        conversation: Conversation,
        inbox: Inbox,
        outbox: Outbox,
        people: People,
        counts: Counts,
        http: ClientSession,
        sender: Sender,
    ) -> None:
        self._channels = channels
        self._conversation = conversation
        self._inbox = inbox
        self._outbox = outbox
        self._people = people
        self._counts = counts
        self._http = http
        settle = max((channel.limits.settle for channel in channels.values()), default=0.0)
        self._answering = Pump(self._to_answer, self._answer, ANSWERING)
        self._sending = Pump(sender.claim, sender.send, SENDING)
        self._settle = settle
        self._open_from = now() + RETURNING

    async def accept(self, channel: str, items: Sequence[Incoming | Confirmation]) -> None:
        """Keep what came. When this returns the vendor may be told that we have it."""
        for item in items:
            if isinstance(item, Confirmation):
                self._outbox.confirmed(item.key)
            else:
                self._keep(channel, item)
        asyncio.get_running_loop().call_later(self._settle, self._answering.call)

    def _keep(self, channel: str, item: Incoming) -> None:
        position = item.position or now()
        limited = not always_heard(item, self._channels[channel].limits)
        known = (channel, item.address, item.delivery, position, item.body())
        new = self._inbox.accept(*known, limited)
        self._counts.add(channel, Outcome.RECEIVED if new else Outcome.DUPLICATE)

    def figures(self) -> Counts:
        """What was counted until now."""
        self._counts.write()
        return self._counts

    def refused(self, channel: str) -> None:
        """Somebody delivered what the app has not signed."""
        self._counts.add(channel, Outcome.REFUSED)

    def send_soon(self) -> None:
        """There is something new in the outbox."""
        self._sending.call()

    async def run(self) -> None:
        """Answer, send and, where a channel asks its vendor, ask; until cancelled."""
        polls = [self._poll(channel) for channel in self._channels.values()]
        own = (self._answering.run(), self._sending.run(), self._counts.write_regularly())
        tasks = [asyncio.create_task(work) for work in (*own, *polls)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._counts.write()

    async def _poll(self, channel: Channel) -> None:
        while True:
            try:
                await channel.poll(self._http, lambda items: self.accept(channel.name, items))
            except Exception as error:  # noqa: BLE001  # whatever came: those behind it count too
                log.error("%s: asking failed, tried again: %s", channel.name, type(error).__name__)
                await asyncio.sleep(pause(1))
            else:
                return

    def _to_answer(self, free: int) -> list[Received]:
        if now() < self._open_from:
            return []
        return self._inbox.claim(list(self._channels), free, self._settle)

    async def _answer(self, received: Received) -> None:
        channel = self._channels[received.channel]
        person = self._people.get(received.person)
        state = person.state if person else {}
        try:
            answer = await self._conversation.answer(received, state, channel.limits)
        except TooBusy:
            self._inbox.postpone(received, BUSY_WAIT, failed=False)
            return
        except TurnFailed:
            if received.attempts + 1 < MOST_TURNS:
                self._inbox.postpone(received, pause(received.attempts + 1), failed=True)
                return
            answer = self._conversation.sorry(state, channel.limits)
        self._finish(received, answer)

    def _finish(self, received: Received, answer: Answer) -> None:
        if answer.drop_waiting:
            self._outbox.drop(received.person)
        if self._inbox.finish(received, [part.body() for part in answer.parts], answer.state):
            self._counts.add(received.channel, Outcome.ANSWERED)
        self.send_soon()


OFFICE = web.AppKey("office", Office)
