"""One request to the desk, with all that a handler needs to answer it.

Handlers are plain functions that run in a worker thread (see bot/desk/access.py): neither the
database nor the hashing of a password ever makes a conversation in the chat wait.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.desk.services import Services
from bot.i18n.languages import Language
from bot.records.accounts import Account
from bot.records.sessions import Session

HOME = "/desk"
AGAIN = dt.timedelta(minutes=15)


def plain(text: str) -> str:
    """A text without NUL, which PostgreSQL cannot take and nobody types."""
    return text.replace("\x00", "")


class Refused(Exception):
    """The request is not answered as asked. ``problem`` is an id of data/desk.yml."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


@dataclass(frozen=True)
class Call:
    """A request. ``who`` and ``session`` are set where somebody is known."""

    request: web.Request
    desk: Services
    form: Mapping[str, str]
    language: Language
    csrf: str
    session: Session | None = None
    account: Account | None = None

    @property
    def who(self) -> Account:
        """Who asks. Raises ``Refused`` where nobody is known: a route that needs one says so."""
        if self.account is None:
            raise Refused(403, "not_allowed")
        return self.account

    @property
    def known_session(self) -> Session:
        """The session. Raises ``Refused`` where there is none."""
        if self.session is None:
            raise Refused(403, "not_allowed")
        return self.session

    def query(self, name: str) -> str:
        """A parameter of the address, or nothing."""
        return plain(self.request.query.get(name, "")).strip()

    def part(self, name: str) -> str:
        """A part of the address that the route names."""
        return plain(self.request.match_info[name])

    def log(self, what: str, reference: str = "", detail: str = "") -> None:
        """Write to the audit log. It comes before the deed: nothing is shown or done unlogged."""
        self.desk.audit.write(self.who.municipality, self.who.name, what, reference, detail)

    def log_reading(self, what: str, reference: str, detail: str = "") -> None:
        """Write to the log that a record was read; once in a quarter of an hour is enough."""
        recent = self.desk.audit.entries(self.who.municipality, reference, self.who.name, limit=20)
        since = dt.datetime.now(dt.timezone.utc) - AGAIN
        if not any((e.what, e.detail) == (what, detail) and e.at > since for e in recent):
            self.log(what, reference, detail)

    def page(self, template: str, status: int = 200, **context: Any) -> web.Response:
        """A page."""
        html = self.desk.pages.render(
            template, self.language, call=self, me=self.account, csrf=self.csrf, **context
        )
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")

    def fragment(self, template: str, **context: Any) -> web.Response:
        """A part of a page, for the script; 304 where the script has it already."""
        response = self.page(template, **context)
        return self.fragment_of(response.text, lambda: response)

    def fragment_of(self, mark: object, render: Callable[[], web.Response]) -> web.Response:
        """A part of a page that is the same as long as ``mark`` is: made only where it is new."""
        if self.has(mark):
            return web.Response(status=304, headers={"ETag": _tag(mark)})
        response = render()
        response.headers["ETag"] = _tag(mark)
        return response

    def has(self, mark: object) -> bool:
        """Whether the script has that part already."""
        return self.request.headers.get("If-None-Match") == _tag(mark)

    def go(self, address: str) -> web.Response:
        """On to another page (303: also after a form)."""
        return web.Response(status=303, headers={"Location": address})


def _tag(mark: object) -> str:
    return f'"{hashlib.sha256(repr(mark).encode()).hexdigest()[:24]}"'
