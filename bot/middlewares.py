"""What every response gets: security headers."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.keys import SETTINGS


@web.middleware
async def security_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Own files only, no inline script or style; only the chat page may stand in a frame."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        _add_headers(error, request)
        raise
    _add_headers(response, request)
    return response


def _add_headers(response: web.StreamResponse, request: web.Request) -> None:
    ancestors = request.app[SETTINGS].frame_ancestors
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
