"""From which address a request comes, where proxies stand before the service."""

from __future__ import annotations

from aiohttp import web


def address(request: web.Request, proxies: int) -> str:
    """The visitor's address. ``proxies`` counts those of our own, which append what they saw.

    What stands further left in ``X-Forwarded-For`` was written by anybody.
    """
    seen = request.headers.getall("X-Forwarded-For", [])
    hops = [hop.strip() for line in seen for hop in line.split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.remote or "unknown"
