"""One-time links from a messaging app to the web chat.

A link holds no answer and no name: a random id, an end and a signature. What it opens with (the
language and a button) is kept here. It opens the chat's subject once, for an hour; afterwards it
still opens the chat in its language, for as long as the row is there.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import struct
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.messaging_tables import web_links
from bot.records.pseudonyms import Pseudonyms

LIFE = 3600  # seconds
ID, END, SIGNATURE = 12, 4, 16  # bytes
LONGEST = 60  # characters of a token that is looked at


@dataclass(frozen=True)
class WebLink:
    """Where a link leads. ``fresh``: it may begin what it was made for."""

    language: str
    begin: str
    fresh: bool


class WebLinks:
    """Makes links and takes them."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms

    def new(self, language: str, begin: str) -> str:
        """A token for ``/go/{token}``. ``begin`` is the button that the web chat begins with."""
        until = int(now()) + LIFE
        body = secrets.token_bytes(ID) + struct.pack(">I", until)
        row = {"language": language, "begin": begin, "until": float(until), "used": False}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(web_links).values(id=self._name(body), **row))
        return base64.urlsafe_b64encode(body + self._signature(body)).decode("ascii").rstrip("=")

    def look(self, token: str) -> WebLink | None:
        """Where a token leads; None if it is none of ours. Looking does not use it up."""
        body = self._body(token)
        if body is None:
            return None
        query = sa.select(web_links).where(web_links.c.id == self._name(body))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return WebLink(row.language, row.begin, not row.used and row.until > now())

    def use(self, token: str) -> bool:
        """Use a token up; False if it is wrong, too old or was used before."""
        body = self._body(token)
        if body is None:
            return False
        fresh = (
            (web_links.c.id == self._name(body)) & ~web_links.c.used & (web_links.c.until > now())
        )
        with self._engine.begin() as connection:
            done = connection.execute(sa.update(web_links).where(fresh).values(used=True)).rowcount
        return bool(done)

    def _body(self, token: str) -> bytes | None:
        try:
            raw = base64.b64decode(token[:LONGEST] + "=" * (-len(token) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, signature = raw[: ID + END], raw[ID + END :]
        right = len(body) == ID + END and hmac.compare_digest(signature, self._signature(body))
        return body if right else None

    def _signature(self, body: bytes) -> bytes:
        return self._pseudonyms.mac("web link", body)[:SIGNATURE]

    def _name(self, body: bytes) -> str:
        return self._pseudonyms.of("web link", body.hex())
