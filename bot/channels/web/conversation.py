"""Which conversation a browser is in: one random cookie, of which the server keeps only a hash."""

from __future__ import annotations

import hashlib
import secrets

from aiohttp import web

from bot.keys import SETTINGS

COOKIE = "silta"
TOKEN_BYTES = 24


def token_of(request: web.Request) -> str | None:
    """The browser's token, or None if it has no plausible one."""
    token = request.cookies.get(COOKIE, "")
    return token if len(token) == len(secrets.token_urlsafe(TOKEN_BYTES)) else None


def sender_of(token: str) -> str:
    """The conversation's name in the database; the token cannot be found from it."""
    return "web:" + hashlib.sha256(token.encode()).hexdigest()[:40]


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def remember(response: web.StreamResponse, request: web.Request, token: str, days: int) -> None:
    """Set the cookie. Inside another site's page it is kept apart for that site (CHIPS).

    Behind a proxy the service is spoken to in http; the browser uses the public address.
    """
    public = request.app[SETTINGS].public_url
    secure = request.scheme == "https" or public.startswith("https://")
    embedded = secure and "embedded" in request.query
    response.set_cookie(
        COOKIE,
        token,
        max_age=days * 86_400,
        httponly=True,
        secure=secure,
        # The cookies of Python 3.10 do not know "Partitioned", so it rides on its neighbour.
        samesite="None; Partitioned" if embedded else "Lax",
        path="/",
    )
