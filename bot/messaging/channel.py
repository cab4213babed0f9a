"""The contract of a messaging channel: what a vendor's folder gives, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientSession, web

from bot.messaging.fitting import Part
from bot.messaging.incoming import Incoming
from bot.messaging.limits import Limits

Accept = Callable[[Sequence[Incoming]], Awaitable[None]]


@dataclass(frozen=True)
class Envelope:
    """To whom a part goes, and under which key: the same when it is sent again."""

    address: str
    key: str


@dataclass(frozen=True)
class Finding:
    """What a check found: in order, or wrong with what to do."""

    ok: bool
    what: str
    advice: str = ""


class Channel(Protocol):
    """A messaging app. It reads and sends; queues, order and retries are not its business."""

    @property
    def name(self) -> str:
        """A short word: part of the names of conversations and of routes."""

    @property
    def limits(self) -> Limits:
        """What the app can show."""

    def routes(self) -> list[web.RouteDef]:
        """The webhook's routes. They answer as soon as the message is safe."""

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """Send one part. Raises a ``SendFailed``; returning means the vendor has it."""

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """After the app's window: the message that the vendor has approved; False if none."""

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """Ask the vendor for messages until cancelled; returns at once where it calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Whether tokens, webhook address and permissions are in order."""

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """Tell the vendor our address, where it takes it from a program."""
