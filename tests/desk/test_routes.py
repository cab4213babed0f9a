"""Every route of the service is public by decision or protected. Nothing is open by mistake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.answers.replies import Replies
from bot.app import create_app
from bot.desk.routes import PUBLIC, ROUTES, WORKERS
from bot.settings import Settings
from tests.desk.conftest import Browser

# What anybody may ask for. A new route of the service goes here, or onto the desk's list.
OPEN = {
    ("GET", "/"),
    ("POST", "/chat"),
    ("GET", "/resume"),
    ("POST", "/resume"),
    ("GET", "/receipt"),
    ("GET", "/meeting"),
    ("POST", "/receipt"),
    ("GET", "/answers"),
    ("POST", "/answers"),
    ("GET", "/answers.txt"),
    ("POST", "/answers.txt"),
    ("GET", "/answers.pdf"),
    ("POST", "/answers.pdf"),
    ("GET", "/conversation.txt"),
    ("GET", "/go/{token}"),
    ("POST", "/go/{token}"),
    ("GET", "/talk/news"),
    ("GET", "/widget.js"),
    ("GET", "/static/{name}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/webhooks/rest/"),
    ("POST", "/webhooks/rest/webhook"),
}
OPEN_AT_THE_DESK = {
    ("GET", "/desk/static/{name}"),
    ("GET", "/desk/sign-in"),
    ("POST", "/desk/sign-in"),
    ("GET", "/desk/city"),
    ("GET", "/desk/city/back"),
    ("GET", "/desk/begin"),
    ("POST", "/desk/begin"),
    ("GET", "/desk/{elsewhere}"),
}


def _served(app: web.Application) -> set[tuple[str, str]]:
    found = set()
    for route in app.router.routes():
        assert route.resource is not None
        if route.method != "HEAD":
            found.add((route.method, route.resource.canonical))
    return found


def _plain(path: str) -> str:
    """An address as aiohttp tells it: without the form that a part of it may have."""
    return path.replace(":.*}", "}")


def test_every_route_is_on_a_list(settings: Settings, replies: Replies) -> None:
    at_the_desk = {(route.method, _plain(route.path)) for route in ROUTES}
    assert _served(create_app(settings, replies)) == OPEN | at_the_desk
    public = {(r.method, _plain(r.path)) for r in ROUTES if r.access == PUBLIC}
    assert public == OPEN_AT_THE_DESK


WEBHOOKS = {
    ("POST", "/webhooks/telegram"),
    ("POST", "/webhooks/gateway"),
    ("GET", "/webhooks/whatsapp"),
    ("POST", "/webhooks/whatsapp"),
    ("GET", "/webhooks/messenger"),
    ("POST", "/webhooks/messenger"),
    ("POST", "/webhooks/viber"),
    ("POST", "/webhooks/sms"),
}


def test_a_messaging_app_has_an_address_when_it_is_switched_on(replies: Replies) -> None:
    """Each of these checks a signature or secret before it reads anything."""
    names = [name for name in Settings.__dataclass_fields__ if name.startswith(APPS)]
    on = {name: "x" for name in names if name not in ("telegram_updates", "telegram_api")}
    assert _served(create_app(Settings(desk="off", **on), replies)) == OPEN | WEBHOOKS


def test_without_the_desk_there_is_none(replies: Replies) -> None:
    assert _served(create_app(Settings(desk="off"), replies)) == OPEN


APPS = ("telegram_", "gateway_", "whatsapp_", "messenger_", "viber_", "twilio_")
PROTECTED = [r for r in ROUTES if r.access != PUBLIC]


@pytest.mark.parametrize("route", PROTECTED, ids=lambda r: f"{r.method} {r.path}")
async def test_nobody_who_is_not_signed_in_gets_anything(browser: Browser, route: object) -> None:
    await browser.get("/desk/sign-in")
    path = route.path.format(reference="1234-5678-9012", name="x")
    if route.method == "GET":
        await browser.get(path)
    else:
        await browser.post(path)
    assert browser.at == "/desk/sign-in" or browser.status == 401


ROLES = ["caseworker", "lead", "administrator", "auditor"]


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_gets_its_own_pages_and_no_others(
    signed_in: Callable[..., Awaitable[Browser]], role: str
) -> None:
    browser = await signed_in("somebody", role)
    await browser.get("/desk/me")
    for route in PROTECTED:
        roles, path = route.access.roles, route.path.format(reference="1", name="x")
        if roles is None:
            continue
        await (browser.get(path) if route.method == "GET" else browser.post(path))
        assert (browser.status == 403) is (role not in roles), (role, route.path)
        await browser.get("/desk/me")


async def test_headers_forbid_everything_else(
    signed_in: Callable[..., Awaitable[Browser]], sent: Callable[..., str]
) -> None:
    """No third party, nothing inline, nothing kept, no frame."""
    browser, reference = await signed_in(), sent()
    for path in ("/desk/records", f"/desk/records/{reference}", "/desk/me", "/desk/sign-in"):
        html = await browser.get(path)
        assert browser.response
        headers = browser.response.headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert " style=" not in html
        assert "<script>" not in html
        assert "https://" not in html


def test_only_caseworkers_and_leads_see_records() -> None:
    for route in ROUTES:
        if route.path.startswith("/desk/records"):
            assert route.access == WORKERS
