"""Headers of the desk's responses: stricter than the chat's, and nothing is kept anywhere."""

from __future__ import annotations

from aiohttp import web

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a browser sends no Origin with our own forms, which we want to see.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_headers(response: web.StreamResponse) -> None:
    """Add what the response does not say itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
