"""Somebody at the web chat whose page is a script: it sends again what was not answered."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp

FRAGMENT = {"Accept": "text/vnd.silta.messages+html"}


@dataclass(frozen=True)
class Message:
    """What she sent, to be sent again under the same delivery."""

    fields: dict[str, str]


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    retry_after: str

    @property
    def asked(self) -> str:
        """The question that is asked now, or the kind of the last reply."""
        questions = re.findall(r'data-question="([^"]+)"', self.text)
        kinds = re.findall(r'<article[^>]*class="silta ([a-z_]+)', self.text)
        return str((questions or kinds or [""])[-1])


# The short path: what is asked, in this order, and an answer to each; ``=`` before written words.
SHORT = {
    "N2": "self",
    "A1": "ckb",
    "A2": "yes",
    "A2_language": "ckb",
    "A4": "=هیوا",
    "A5": "=1985-01",
    "A6": "=040 333 4444",
    "A7": "sms_only",
    "R1": "rental",
    "E3": "yes",
    "E5": "words",
    "K1": "health-letters",
    "K2": "no",
}
KEPT = {
    **SHORT,
    "A1": ["ckb"],
    "A2_language": ["ckb"],
    "A4": "هیوا",
    "A5": "1985-01",
    "A6": {"phone": "+358403334444"},
    "K1": ["health", "letters"],
}


class Visitor:
    """A browser with its cookie."""

    def __init__(self, url: str, language: str) -> None:
        self.language = language
        self._url = url
        # A connection a message: the other side may be a new process each time.
        line = aiohttp.TCPConnector(force_close=True)
        jar = aiohttp.CookieJar(unsafe=True)  # «unsafe»: also of an address without a name
        self._http = aiohttp.ClientSession(connector=line, cookie_jar=jar)

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._http.close()

    async def begin(self) -> Page:
        """The short path, to its first question."""
        await self.press("/start_assessment")
        return await self.press('/answer{"do": "start_short"}')

    async def press(self, payload: str) -> Page:
        """Press a button."""
        return await self.send(message(payload))

    async def answer(self, key: str, value: str) -> tuple[Message, Page]:
        """Answer a question by a button, or in words where there is none for it."""
        sent = message(value if value.startswith("=") else button(key, value))
        return sent, await self.send(sent)

    async def answer_until(self, stop: str) -> None:
        """The short path up to a question; with ``""`` to the last decision."""
        for key, value in SHORT.items():
            if key == stop:
                return
            await self.answer(key, value)
        await self.press('/answer{"do": "right"}')

    async def send(self, sent: Message) -> Page:
        """Send, or send again."""
        address = f"{self._url}/chat?lang={self.language}"
        async with self._http.post(address, data=sent.fields, headers=FRAGMENT) as response:
            return await _page(response)

    async def look(self, path: str) -> Page:
        """Open a page."""
        async with self._http.get(f"{self._url}{path}?lang={self.language}") as response:
            return await _page(response)


def message(text: str) -> Message:
    """A button's payload, or ``=words``."""
    field = "message" if text.startswith("=") else "choice"
    return Message({field: text.removeprefix("="), "delivery": secrets.token_hex(8)})


def button(key: str, value: str) -> str:
    """What the button of an option sends; an empty value skips."""
    command = f'"option": "{value}"' if value else '"do": "skip"'
    return f'/answer{{"about": "{key}", {command}}}'


async def _page(response: aiohttp.ClientResponse) -> Page:
    return Page(response.status, await response.text(), response.headers.get("Retry-After", ""))
