"""Who may ask for what. Every route of the desk says it; this module holds them to it."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import cookies
from bot.desk.call import HOME, Call, Refused, plain
from bot.desk.headers import add_headers
from bot.desk.services import DESK, Services
from bot.i18n.languages import Language
from bot.i18n.negotiate import from_accept_language
from bot.records.accounts import Account
from bot.records.advance import NotFound
from bot.records.sessions import Session
from bot.records.vault import VaultError

log = logging.getLogger(__name__)
FORM_SECRET = 24  # bytes
SIGN_IN = f"{HOME}/sign-in"
Handler = Callable[[Call], web.Response]


@dataclass(frozen=True)
class Access:
    """Who may use a route: at which stage of signing in, in which roles. Public: no stages."""

    stages: frozenset[str] = frozenset()
    roles: frozenset[str] | None = None


@dataclass(frozen=True)
class Route:
    """A route. ``quiet``: a script asks, so the session is not used by a person just now."""

    method: str
    path: str
    run: Handler
    access: Access
    quiet: bool = False


class SignInNeeded(Exception):
    """Nobody is signed in, or not far enough."""


def handler(route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The route as aiohttp calls it. The work is done in a thread."""

    async def handle(request: web.Request) -> web.Response:
        try:
            form = await _form(request) if request.method == "POST" else {}
        except (UnicodeDecodeError, ValueError):
            raise web.HTTPBadRequest from None
        return await asyncio.to_thread(_answer, route, request, form)

    return handle


async def _form(request: web.Request) -> Mapping[str, str]:
    sent = (await request.post()).items()
    return {key: plain(value) for key, value in sent if isinstance(value, str)}


def _answer(route: Route, request: web.Request, form: Mapping[str, str]) -> web.Response:
    try:
        call = _call(request, form, route.quiet)
    except SQLAlchemyError as error:
        log.error("desk: %s at %s", type(error).__name__, route.path)
        return _unavailable(request, form)
    try:
        _admit(route, call)
        response = route.run(call)
    except SignInNeeded:
        response = web.Response(status=401) if route.quiet else call.go(SIGN_IN)
    except Refused as refused:
        response = call.page("problem.html", refused.status, problem=refused.problem)
    except NotFound:
        response = call.page("problem.html", 404, problem="not_found")
    except (SQLAlchemyError, VaultError) as error:
        log.error("desk: %s at %s", type(error).__name__, route.path)
        response = call.page("problem.html", 503, problem="unavailable")
    except Exception as error:  # noqa: BLE001  # the outermost: a person sees a page, not a fault
        log.error("desk: %s at %s, %s", type(error).__name__, route.path, _where(error))
        response = call.page("problem.html", 500, problem="unavailable")
    if call.session is None and not cookies.read(request, cookies.FORM):
        cookies.write(response, request, cookies.FORM, call.csrf)
    add_headers(response)
    return response


def _where(error: Exception) -> str:
    """Module and line of a fault: its text may hold what a person wrote."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _unavailable(request: web.Request, form: Mapping[str, str]) -> web.Response:
    """Nobody can be known while the database is away."""
    call = Call(request, request.app[DESK], form, _language(request, None), "", None, None)
    response = call.page("problem.html", 503, problem="unavailable")
    add_headers(response)
    return response


def _call(request: web.Request, form: Mapping[str, str], quiet: bool) -> Call:
    desk = request.app[DESK]
    session, account = _known(desk, cookies.read(request, cookies.SESSION), not quiet)
    if session:
        csrf = session.csrf
    else:
        csrf = cookies.read(request, cookies.FORM) or secrets.token_urlsafe(FORM_SECRET)
    return Call(request, desk, form, _language(request, account), csrf, session, account)


def _known(desk: Services, token: str, used: bool) -> tuple[Session | None, Account | None]:
    session = desk.sessions.find(token, used) if token else None
    account = desk.accounts.get(session.account) if session else None
    if session is None or account is None or not account.active:
        return None, None
    return session, account


def _admit(route: Route, call: Call) -> None:
    if route.method == "POST":
        _own_form(call)
    access = route.access
    if not access.stages:
        return
    if call.session is None or call.session.stage not in access.stages:
        raise SignInNeeded
    if access.roles is not None and call.who.role not in access.roles:
        raise Refused(403, "not_allowed")


def _own_form(call: Call) -> None:
    """Refuse a form that another site sends (CSRF): it knows no secret, and says where it is."""
    origin = call.request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != call.request.host:
        raise Refused(403, "stale_form")
    if call.session is None and not cookies.read(call.request, cookies.FORM):
        raise Refused(403, "no_cookie")
    if not hmac.compare_digest(call.form.get("csrf", "").encode(), call.csrf.encode()):
        raise Refused(403, "stale_form")


def _language(request: web.Request, account: Account | None) -> Language:
    """The language of the account, else of the address, else of the browser, else the first."""
    languages = request.app[DESK].pages.languages
    accepted = from_accept_language(request.headers.get("Accept-Language", ""), languages)
    wished = (account.language if account else "", request.query.get("lang", ""), accepted or "")
    code = next((code for code in wished if code in languages), next(iter(languages)))
    return languages[code]
