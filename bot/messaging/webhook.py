"""Receiving a vendor's request: limit, signature, form, and only then anything else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from bot.messaging.channel import Channel
from bot.messaging.incoming import Confirmation, Incoming, Malformed
from bot.messaging.office import OFFICE

log = logging.getLogger(__name__)
Items = Sequence[Incoming | Confirmation]


async def body_of(request: web.Request, longest: int) -> bytes:
    """The body as it came. Raises 413 as soon as it is longer than it may be."""
    body = bytearray()
    async for some in request.content.iter_any():
        body += some
        if len(body) > longest:
            raise web.HTTPRequestEntityTooLarge(longest, len(body))
    return bytes(body)


def read_json(body: bytes) -> Any:
    """The JSON data of a body. Raises ``Malformed``."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


def checked(read: Callable[[Any], Items], data: Any, channel: Channel) -> Items:
    """What the vendor's data says. Raises 400 for what is not of the documented form."""
    try:
        return read(data)
    except Malformed as error:
        log.warning("%s: malformed request, %s", channel.name, error)
        raise web.HTTPBadRequest from None


async def receive(
    request: web.Request,
    channel: Channel,
    fits: Callable[[bytes], bool],
    read: Callable[[Any], Items],
) -> Any:
    """Check and keep what came; returns the data. Raises 403, 400 or 413."""
    body = await body_of(request, channel.limits.longest_body)
    if not fits(body):
        request.app[OFFICE].refused(channel.name)
        raise web.HTTPForbidden
    try:
        data = read_json(body)
    except Malformed:
        raise web.HTTPBadRequest from None
    items = checked(read, data, channel)
    await request.app[OFFICE].accept(channel.name, items)
    return data
