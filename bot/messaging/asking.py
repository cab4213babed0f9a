"""Asking a vendor's interface over HTTP: time limits, and what its status codes mean."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.messaging.failures import Permanent, RateLimited, Refused, Temporary

PATIENCE = ClientTimeout(total=20)
LONGEST_ANSWER = 1_000_000  # bytes
DEFAULT_WAIT = 5.0  # seconds, where a vendor does not say how long
SERVER_ERROR, TOO_MANY, UNAUTHORIZED = 500, 429, 401
REQUEST_TIMEOUT = 408


@dataclass(frozen=True)
class Answered:
    """A vendor's answer."""

    status: int
    data: Any
    retry_after: float | None
    ahead: float = 0.0  # seconds by which the vendor's clock is ahead of ours

    @property
    def ok(self) -> bool:
        """Whether the status says so."""
        return 200 <= self.status < 300  # noqa: PLR2004  # success, RFC 9110, 15.3


async def ask(http: ClientSession, method: str, url: str, **options: Any) -> Answered:
    """One request. Raises ``Temporary`` where no answer came.

    Errors of the client hold addresses, and these may hold tokens: only their type goes on.
    """
    options.setdefault("timeout", PATIENCE)
    try:
        async with http.request(method, url, allow_redirects=False, **options) as response:
            raw = await _read(response)
            wait = response.headers.get("Retry-After", "")
            seconds = float(wait) if wait.isdecimal() else None
            return Answered(response.status, _json(raw), seconds, _ahead(response))
    except (ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        raise Temporary(type(error).__name__) from None


def raise_by_status(answered: Answered, code: str = "") -> None:
    """Raise the failure that a status code means in general; nothing for success."""
    code = code or str(answered.status)
    if answered.ok:
        return
    if answered.status == TOO_MANY:
        raise RateLimited(answered.retry_after or DEFAULT_WAIT, code)
    if answered.status == UNAUTHORIZED:
        raise Refused(code)
    if answered.status >= SERVER_ERROR or answered.status == REQUEST_TIMEOUT:
        raise Temporary(code)
    raise Permanent(code)


def part_of(data: Any, *path: str) -> Any:
    """What stands at a path of a vendor's answer, or None."""
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _ahead(response: ClientResponse) -> float:
    """By the ``Date`` of the answer; 0 where there is none."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).timestamp() - time.time()
    except (TypeError, ValueError):
        return 0.0


async def _read(response: ClientResponse) -> bytes:
    raw = bytearray()
    async for some in response.content.iter_any():
        raw += some
        if len(raw) > LONGEST_ANSWER:
            break
    return bytes(raw)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
