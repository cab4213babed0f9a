"""Sign-in at a city's provider: a real one on this machine, which can be made to lie."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from bot.desk.provider import Provider, ProviderError
from bot.desk.services import Services
from bot.settings import SettingError, Settings, load_settings
from tests.desk.conftest import Browser, Worker

CLIENT, SECRET = "silta", "hyvin salainen"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("a", "b"))


@dataclass
class City:
    """The provider. ``says`` changes the claims of the next token; ``signs`` how it is signed."""

    issuer: str
    name: str = "anna.virtanen"
    says: Callable[[dict[str, Any]], object] = lambda claims: None
    key: RSAKey = KEY
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "a"})
    published: list[RSAKey] = field(default_factory=lambda: [KEY])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    async def describe(self, request: web.Request) -> web.Response:
        names = {"authorization": "authorize", "token": "token"}
        ends = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()}
        return web.json_response({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **ends})

    async def keys(self, request: web.Request) -> web.Response:
        return web.json_response(KeySet(list(self.published)).as_dict(private=False))

    async def authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        self.asked.append(asked)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?code={code}&state={asked['state']}"
        return web.Response(status=302, headers={"Location": back})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        known = request.headers.get("Authorization") in (f"Basic {basic}", _encoded())
        if not known or asked is None or asked["code_challenge"] != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1234",
            "nonce": asked["nonce"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "preferred_username": self.name,
        }
        self.says(claims)
        token = jwt.encode(dict(self.header), claims, self.key)
        answer = {"access_token": "x", "token_type": "Bearer", "id_token": token}
        return web.json_response(answer)


def _encoded() -> str:
    """RFC 6749, 2.3.1: name and secret are encoded as form fields first."""
    return "Basic " + base64.b64encode(f"{CLIENT}:hyvin+salainen".encode()).decode()


@pytest.fixture
def city_port() -> int:
    return unused_port()


@pytest.fixture
def settings(tmp_path: Path, city_port: int) -> Settings:
    return Settings(
        database=f"sqlite:///{tmp_path / 'silta.db'}",
        key_file=tmp_path / "keys",
        public_url="https://desk.example",
        oidc_issuer=f"http://127.0.0.1:{city_port}",
        oidc_client=CLIENT,
        oidc_secret=SECRET,
    )


@pytest.fixture
async def city(settings: Settings, city_port: int) -> AsyncIterator[City]:
    provider = City(settings.oidc_issuer)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.describe)
    app.router.add_get("/keys", provider.keys)
    app.router.add_get("/authorize", provider.authorize)
    app.router.add_post("/token", provider.token)
    server = TestServer(app, port=city_port)
    await server.start_server()
    yield provider
    await server.close()


async def leave(browser: Browser) -> str:
    """To the provider; returns the way back, as a browser would follow it."""
    response = await browser.client.get("/desk/city", allow_redirects=False)
    assert response.status == 303, await response.text()
    async with browser.client.session.get(
        response.headers["Location"], allow_redirects=False
    ) as answer:
        back = urlsplit(answer.headers["Location"])
    assert back.netloc == "desk.example"
    return f"{back.path}?{back.query}"


async def sign_in(browser: Browser) -> None:
    await browser.get(await leave(browser))


async def test_who_has_an_account_comes_in(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services
) -> None:
    worker()
    assert "Sign in with the city" in await browser.get("/desk/sign-in?lang=en")
    city.name = " Anna.Virtanen"  # names of accounts are small letters
    await sign_in(browser)
    assert browser.at == "/desk/records"
    assert services.audit.entries("kajaani")[0].what == "signed_in"
    assert services.audit.entries("kajaani")[0].detail == "city"
    await browser.post("/desk/sign-out")
    await browser.get("/desk/records")
    assert browser.at == "/desk/sign-in"


async def test_an_account_needs_no_password_of_ours(
    browser: Browser, city: City, services: Services
) -> None:
    """An administrator adds it; its first sign-in is the city's."""
    services.accounts.add("new.person", "caseworker", "kajaani", "en")
    city.name = "new.person"
    await sign_in(browser)
    assert browser.at == "/desk/records"


LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "wrong nonce": lambda c: c.update(nonce="x"),
    "no nonce": lambda c: c.pop("nonce"),
    "wrong audience": lambda c: c.update(aud="other"),
    "also for others, not asked by us": lambda c: c.update(aud=[CLIENT, "other"], azp="other"),
    "also for others, nobody says who asked": lambda c: c.update(aud=[CLIENT, "other"]),
    "expired": lambda c: c.update(exp=int(time.time()) - 120),
    "no end": lambda c: c.pop("exp"),
    "from the future": lambda c: c.update(nbf=int(time.time()) + 600),
    "wrong issuer": lambda c: c.update(iss="https://elsewhere.example"),
    "no name": lambda c: c.pop("preferred_username"),
    "a name that is no text": lambda c: c.update(preferred_username=["anna.virtanen"]),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_is_not_right_lets_nobody_in(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services, lie: str
) -> None:
    worker()
    city.says = LIES[lie]
    await sign_in(browser)
    await _stays_outside(browser, services, 502)


async def _stays_outside(browser: Browser, services: Services, status: int) -> None:
    assert browser.status == status, browser.page
    await browser.get("/desk/records")
    assert browser.at == "/desk/sign-in"
    assert "signed_in" not in [e.what for e in services.audit.entries("kajaani")]


@pytest.mark.parametrize("fault", ["unpublished key", "forged", "none", "shared secret"])
async def test_a_token_that_the_city_did_not_sign_lets_nobody_in(
    browser: Browser,
    city: City,
    worker: Callable[..., Worker],
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    worker()
    if fault == "unpublished key":
        city.key, city.header = OTHER_KEY, {"alg": "RS256", "kid": "b"}
    elif fault == "forged":
        city.key = OTHER_KEY  # signed with another key under the name of the known one
    else:
        alg = {"none": "none", "shared secret": "HS256"}[fault]
        monkeypatch.setattr(jwt, "encode", lambda header, claims, key: _by_hand(alg, claims))
    await sign_in(browser)
    await _stays_outside(browser, services, 502)


def _by_hand(alg: str, claims: dict[str, Any]) -> str:
    import hmac
    import json

    parts = [json.dumps(part).encode() for part in ({"alg": alg}, claims)]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signed = hmac.digest(SECRET.encode(), text.encode(), "sha256") if alg == "HS256" else b""
    return f"{text}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"


async def test_new_keys_of_the_city_are_found(
    browser: Browser, city: City, worker: Callable[..., Worker]
) -> None:
    worker()
    await sign_in(browser)
    await browser.post("/desk/sign-out")
    city.key, city.published = OTHER_KEY, [KEY, OTHER_KEY]
    city.header = {"alg": "RS256", "kid": "b"}
    await sign_in(browser)
    assert browser.at == "/desk/records"


async def test_who_has_no_account_or_a_closed_one_stays_outside(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services
) -> None:
    """There is no self-registration."""
    worker()
    city.name = "nobody.known"
    await sign_in(browser)
    await _stays_outside(browser, services, 403)
    assert services.accounts.named("nobody.known") is None
    services.accounts.set_active("anna.virtanen", False)
    city.name = "anna.virtanen"
    await sign_in(browser)
    await _stays_outside(browser, services, 403)


async def test_a_way_back_that_this_browser_did_not_begin_leads_nowhere(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services
) -> None:
    """Another state, somebody else's way back, and the same one twice."""
    worker()
    back = await leave(browser)
    state = parse_qs(urlsplit(back).query)["state"][0]
    await browser.get(back.replace(state, "another"))
    await _stays_outside(browser, services, 502)
    await browser.get(back)  # the cookie was for one return
    await _stays_outside(browser, services, 502)
    browser.client.session.cookie_jar.clear()
    await browser.get(await leave(browser) + "x")
    await _stays_outside(browser, services, 502)


async def test_a_code_without_the_verifier_of_this_browser_is_worth_nothing(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services
) -> None:
    """PKCE: a code that somebody saw on the way."""
    worker()
    stolen = await leave(browser)
    own = await leave(browser)
    code = parse_qs(urlsplit(own).query)["code"][0]
    await browser.get(own.replace(code, parse_qs(urlsplit(stolen).query)["code"][0]))
    await _stays_outside(browser, services, 502)


async def test_what_the_city_refuses_and_a_city_that_is_away(
    browser: Browser, city: City, services: Services
) -> None:
    back = await leave(browser)
    state = parse_qs(urlsplit(back).query)["state"][0]
    await browser.get(f"/desk/city/back?error=access_denied&state={state}")
    await _stays_outside(browser, services, 502)
    assert services.provider
    services.provider._until = 0.0  # what it said of itself is old by now
    city.issuer = "https://elsewhere.example"
    await browser.get("/desk/city")
    assert browser.status == 502


async def test_two_factors_can_be_demanded(
    browser: Browser, city: City, worker: Callable[..., Worker], services: Services
) -> None:
    worker()
    assert services.provider
    services.provider.acr = "two-factors"
    await sign_in(browser)
    await _stays_outside(browser, services, 502)
    assert city.asked[-1]["acr_values"] == "two-factors"
    city.says = lambda claims: claims.update(acr="two-factors")
    await sign_in(browser)
    assert browser.at == "/desk/records"


async def test_a_city_that_is_away_is_asked_once_in_half_a_minute(city: City) -> None:
    """Those who sign in with a password are not held up by those who try the city's way."""
    now, asked = 100.0, 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    provider = Provider(issuer, CLIENT, SECRET, "preferred_username", clock=lambda: now)
    for later in (0, 10, 19.9, 0.2):
        now += later
        with pytest.raises(ProviderError):
            await asyncio.to_thread(provider.metadata)
    assert asked == 2
    server.close()
    await server.wait_closed()
    provider.issuer = city.issuer
    now += 31
    assert (await asyncio.to_thread(provider.metadata))["issuer"] == city.issuer


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({"SMTP_HOST": "mail.example", "SMTP_FROM": "a@b.example"}, "SILTA_PUBLIC_URL"),
        (
            {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT": "a", "OIDC_SECRET": "b"},
            "SILTA_PUBLIC_URL",
        ),
        ({"OIDC_ISSUER": "https://id.example", "PUBLIC_URL": "https://a.example"}, "OIDC_CLIENT"),
    ],
)
def test_a_setting_that_is_missing_is_named_at_the_start(
    given: dict[str, str], needed: str
) -> None:
    """A link in an e-mail, or the city's way back, must not lead to localhost."""
    with pytest.raises(SettingError, match=needed):
        load_settings({f"SILTA_{name}": value for name, value in given.items()})
