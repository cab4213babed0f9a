"""Sending one part, and what follows when the vendor does not take it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from aiohttp import ClientSession

from bot.messaging.channel import Channel, Envelope
from bot.messaging.failures import (
    Blocked,
    RateLimited,
    SendFailed,
    Temporary,
    WindowClosed,
    pause,
)
from bot.messaging.fitting import Part
from bot.records.database import now
from bot.records.messaging_counts import Counts, Outcome
from bot.records.messaging_people import People, Person
from bot.records.outbox import Outbox, Outgoing

log = logging.getLogger(__name__)
HOUR = 3600


class Sender:
    """Takes parts from the outbox to the vendors of these channels."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        outbox: Outbox,
        people: People,
        counts: Counts,
        http: ClientSession,
        sent: Callable[[str], None],
    ) -> None:
        """``sent`` is told the key of each part that a vendor has."""
        self._channels = channels
        self._outbox = outbox
        self._people = people
        self._counts = counts
        self._http = http
        self._sent = sent
        self._paused: dict[str, float] = {}

    def claim(self, free: int) -> list[Outgoing]:
        """What may be sent now. A channel that is switched off keeps its parts until it is on."""
        moment = now()
        open_ones = [name for name in self._channels if self._paused.get(name, 0.0) <= moment]
        return self._outbox.claim(open_ones, free)

    async def send(self, outgoing: Outgoing) -> None:
        """Send a part, or decide what becomes of it."""
        person, channel = self._people.get(outgoing.person), self._channels[outgoing.channel]
        if person is None:
            self._bury(outgoing, "no address")
            return
        if outgoing.in_doubt:
            log.warning("%s: a part may arrive twice, the process ended meanwhile", channel.name)
        try:
            await self._send_in_window(channel, person, outgoing)
        except WindowClosed:
            await self._wait_for_the_person(channel, person, outgoing)
        except SendFailed as failure:
            self._failed(outgoing, person, failure)
        else:
            self._outbox.sent(outgoing.key)
            self._sent(outgoing.key)
            self._counts.add(channel.name, Outcome.SENT)

    async def _send_in_window(self, channel: Channel, person: Person, outgoing: Outgoing) -> None:
        hours = channel.limits.window
        if hours and now() - person.heard > hours * HOUR:
            raise WindowClosed
        to = Envelope(person.address, outgoing.key)
        await channel.send(self._http, to, Part.of(outgoing.body))

    async def _wait_for_the_person(
        self, channel: Channel, person: Person, outgoing: Outgoing
    ) -> None:
        """Keep the part until she writes, and ask her once to, by the message that is allowed."""
        if not person.state.get("template_sent"):
            to = Envelope(person.address, f"{outgoing.key}.template")
            try:
                if await channel.send_template(self._http, to):
                    self._people.note(person.name, {**person.state, "template_sent": True})
            except SendFailed as failure:
                log.warning("%s: template not sent, %s", channel.name, failure.code)
        self._outbox.hold(person.name)

    def _failed(self, outgoing: Outgoing, person: Person, failure: SendFailed) -> None:
        attempts = outgoing.attempts
        log.warning("%s: not sent, %s %s", outgoing.channel, failure.name, failure.code)
        if isinstance(failure, Blocked):
            self._outbox.drop(person.name)
        elif isinstance(failure, RateLimited):
            self._paused[outgoing.channel] = now() + failure.wait
            self._retry(outgoing, failure.wait)
        elif isinstance(failure, Temporary) and attempts < failure.most_attempts:
            self._retry(outgoing, pause(attempts))
        else:
            self._bury(outgoing, failure.name)

    def _retry(self, outgoing: Outgoing, seconds: float) -> None:
        self._outbox.retry(outgoing.key, seconds)
        self._counts.add(outgoing.channel, Outcome.RETRIED)

    def _bury(self, outgoing: Outgoing, why: str) -> None:
        self._outbox.bury(outgoing.key, why)
        self._counts.add(outgoing.channel, Outcome.DEAD)
