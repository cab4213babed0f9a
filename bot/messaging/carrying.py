"""What a worker says in a talk, on its way to the person's app: into the outbox, once, in order.

The mark «handed over», the parts in the outbox and what a typed number means now are one
transaction: a killed process loses no message of a worker and doubles none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from bot.messages import Reply
from bot.messaging.channel import Channel
from bot.messaging.conversation import Conversation
from bot.messaging.pump import Pump
from bot.records.messaging_people import People
from bot.records.outbox import Outbox
from bot.records.talk_messages import Message, TalkMessages

PREFIX = "talk-"  # of the keys of these parts; the number of the message follows


@dataclass(frozen=True)
class Spoken:
    """A message in the person's words. ``person`` names her conversation, ``channel`` her app."""

    person: str
    channel: str
    reply: Reply


@dataclass(frozen=True)
class _Said:
    """A message as the outbox knows it."""

    delivery: str
    person: str
    channel: str


Speak = Callable[[Message], Spoken | None]


class Carrier:
    """Carries messages. ``speak`` gives their words; ``soon`` tells that there is to be sent."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        messages: TalkMessages,
        speak: Speak,
        conversation: Conversation,
        people: People,
        outbox: Outbox,
        soon: Callable[[], None],
    ) -> None:
        self._channels = channels
        self._messages = messages
        self._speak = speak
        self._conversation = conversation
        self._people = people
        self._outbox = outbox
        self._soon = soon
        self._pump = Pump(messages.outgoing, self._carry, width=1)

    async def run(self) -> None:
        """Carry until cancelled."""
        await self._pump.run()

    async def _carry(self, message: Message) -> None:
        spoken = self._speak(message)
        person = self._people.get(spoken.person) if spoken else None
        if spoken is None or person is None or spoken.channel not in self._channels:
            self._messages.hand_out(message, lambda _: None)  # she is gone, or her app is off
            return
        limits = self._channels[spoken.channel].limits
        answer = self._conversation.told(spoken.reply, person.state, limits)
        said = _Said(f"{PREFIX}{message.id}", spoken.person, spoken.channel)
        parts = [part.body() for part in answer.parts]

        def hand(connection: Connection) -> None:
            self._outbox.add(connection, said, parts, held=answer.held)
            self._people.keep(connection, person.name, answer.state or {})

        if self._messages.hand_out(message, hand):
            self._soon()


def message_of(key: str) -> int | None:
    """The number of the message whose part has that key; None for any other part."""
    number = key.removeprefix(PREFIX).partition(".")[0]
    return int(number) if key.startswith(PREFIX) and number.isdecimal() else None
