"""The desk's cookies: the session, the secret of forms before there is one, a city's sign-in."""

from __future__ import annotations

from aiohttp import web

PATH = "/desk"
SESSION, FORM, CITY = "silta-desk", "silta-desk-form", "silta-desk-city"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def is_secure(request: web.Request) -> bool:
    """Whether cookies are for https alone: everywhere but on this very machine.

    Behind a proxy the service itself is spoken to in http, while the browser is not.
    """
    host = request.host.rpartition(":")[0] if request.host[-1:].isdigit() else request.host
    return request.scheme == "https" or (host or request.host) not in LOOPBACK


def read(request: web.Request, name: str) -> str:
    """The cookie, or nothing."""
    return request.cookies.get(_named(request, name), "")


def write(response: web.StreamResponse, request: web.Request, name: str, value: str) -> None:
    """Set it for this browser session, for the desk's pages alone, unseen by scripts."""
    response.set_cookie(
        _named(request, name),
        value,
        path=PATH,
        httponly=True,
        secure=is_secure(request),
        samesite="Lax",
    )


def forget(response: web.StreamResponse, request: web.Request, name: str) -> None:
    """Take the cookie away."""
    response.del_cookie(
        _named(request, name), path=PATH, secure=is_secure(request), httponly=True, samesite="Lax"
    )


def _named(request: web.Request, name: str) -> str:
    # A browser takes a cookie of this prefix only over https (RFC 6265bis, 4.1.3).
    return f"__Secure-{name}" if is_secure(request) else name
