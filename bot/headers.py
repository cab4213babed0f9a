"""What every response gets: security headers."""

from __future__ import annotations

from aiohttp import web

from bot.keys import SETTINGS

YEAR = 31_536_000  # seconds


async def security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Own files only, no inline script or style; only the chat page may stand in a frame.

    A signal, not a middleware: aiohttp keeps every application with middlewares in a cache of its
    own, and with it all that the application holds, long after it is closed.
    """
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
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.app[SETTINGS].public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    response.headers.popall("Server", None)  # which versions run here helps only attackers
