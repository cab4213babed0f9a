"""What the local servers that speak a vendor's protocol share, and how a person talks through one.

Each server is written from the vendor's published documentation: its limits, errors, signatures.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.messaging.channel import Channel
from bot.messaging.office import OFFICE
from bot.records.messaging_tables import inbox, outbox

PATIENCE = 60.0  # seconds until an answer must be there, on a busy machine

DIGITS = {
    "ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "zh": str.maketrans("0123456789", "０１２３４５６７８９"),
}


@dataclass
class Shown:
    """One message as the person sees it in the app."""

    address: str
    text: str
    choices: list[tuple[str, str]] = field(default_factory=list)  # title, what a tap sends
    form: str = ""


@dataclass
class Call:
    """One request of the vendor to our webhook."""

    path: str
    body: bytes
    headers: dict[str, str]


Fault = Callable[[], web.Response]


class Vendor:
    """A vendor's server: keeps what it was given, and may be told to fail first."""

    name = ""
    language_hints = True

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.calls: list[tuple[str, Any]] = []
        self.faults: list[Fault] = []
        self.url = ""
        self._ids = itertools.count(1000)

    def routes(self) -> list[web.RouteDef]:
        """The vendor's own addresses."""
        raise NotImplementedError

    def channel(self) -> Channel:
        """Our channel, set to talk to this server."""
        raise NotImplementedError

    def call(self, person: str, kind: str, text: str = "", language: str = "") -> Call:
        """What the vendor sends us when a person does something."""
        raise NotImplementedError

    def next_id(self) -> int:
        return next(self._ids)

    def fault(self) -> web.Response | None:
        return self.faults.pop(0)() if self.faults else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Vendor]:
        app = web.Application(client_max_size=10_000_000)
        app.add_routes(self.routes())
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield self


def json_body(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


class Talk:
    """A person in an app, and what she is shown."""

    def __init__(self, client: TestClient, vendor: Vendor, person: str, language: str = "") -> None:
        self.client, self.vendor = client, vendor
        self.person, self.language = person, language
        self.last: list[Shown] = []

    async def does(self, kind: str, text: str = "") -> list[Shown]:
        """Do something and wait for the answer."""
        seen = len(self._shown())
        status = await self.post(self.vendor.call(self.person, kind, text, self.language))
        assert status == 200, status
        await self.settled()
        self.last = self._shown()[seen:]
        return self.last

    def _shown(self) -> list[Shown]:
        """What this person, or her group, was shown."""
        own = (self.person, f"-{self.person}")
        return [shown for shown in self.vendor.shown if shown.address in own]

    async def says(self, text: str) -> list[Shown]:
        return await self.does("text", text)

    async def taps(self, number: int) -> list[Shown]:
        """Tap a choice of the last answer; type its number where there is nothing to tap."""
        choices = [choice for shown in self.last for choice in shown.choices]
        if not choices:
            return await self.says(str(number).translate(DIGITS.get(self.language, {})))
        return await self.does("button", choices[number - 1][1])

    async def post(self, call: Call) -> int:
        async with self.client.post(call.path, data=call.body, headers=call.headers) as response:
            await response.read()
            return response.status

    async def settled(self) -> None:
        """Until nothing waits to be answered or sent to her."""
        office = self.client.app[OFFICE]
        own = (self.person, f"-{self.person}")
        names = [office._people.name(self.vendor.name, address) for address in own]
        unanswered = sa.select(inbox.c.id).where(inbox.c.person.in_(names), ~inbox.c.done)
        moving = outbox.c.state.in_(("waiting", "sending"))
        unsent = sa.select(outbox.c.id).where(outbox.c.person.in_(names), moving)
        pause, left = 0.02, PATIENCE
        while left > 0:
            with office._inbox._engine.connect() as connection:
                if not connection.execute(unanswered.union(unsent)).first():
                    return
            await asyncio.sleep(pause)  # longer each time: many people ask at once
            pause, left = min(pause * 1.3, 0.25), left - pause
        raise AssertionError(f"still waiting after {PATIENCE} seconds")


@asynccontextmanager
async def served(settings: Any, replies: Any, vendor: Vendor) -> AsyncIterator[TestClient]:
    """The whole service with one messaging channel, beside the vendor's server."""
    async with vendor.running():
        chosen = replace(settings, public_url="https://silta.example")
        app = create_app(chosen, replies, {vendor.name: vendor.channel()})
        async with TestClient(TestServer(app)) as client:
            yield client
