"""Signing in at the city's own provider: OpenID Connect, authorization code with PKCE.

Accounts are made by an administrator as always; the provider only says who somebody is. What has
to be remembered between leaving and coming back is in a sealed cookie of this browser, for ten
minutes and one return.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import requests
from aiohttp import web
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from bot.addresses import address
from bot.desk import cookies
from bot.desk.call import HOME, Call, Refused
from bot.desk.provider import Provider, ProviderError
from bot.desk.sign_in import enter, note_failure
from bot.records.accounts import Account
from bot.records.advance import NotFound
from bot.records.attempts import TooManyAttempts
from bot.records.database import now
from bot.records.sessions import SIGNED_IN, STEP_TIME
from bot.records.vault import VaultError

log = logging.getLogger(__name__)
BACK = f"{HOME}/city/back"
PLACE = "city sign-in"
VERIFIER_LENGTH = 64  # RFC 7636 asks for 43 to 128
TIMEOUT = 10  # seconds


def start(call: Call) -> web.Response:
    """To the provider, with a state, a nonce and a code challenge of this one attempt."""
    provider = _provider(call)
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": generate_token(VERIFIER_LENGTH),
        "until": now() + STEP_TIME,
    }
    try:
        address = _session(call, provider).create_authorization_url(
            provider.metadata()["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            **({"acr_values": provider.acr} if provider.acr else {}),
        )[0]
    except ProviderError as error:
        return _failed(call, error)
    response = call.go(address)
    sealed = call.desk.vault.seal(kept, PLACE)
    cookies.write(response, call.request, cookies.CITY, sealed)
    return response


def back(call: Call) -> web.Response:
    """Back from the provider: the session begins if its token names an account of the desk."""
    provider = _provider(call)
    try:
        call.desk.attempts.admit(address=address(call.request, call.desk.settings.proxies))
    except TooManyAttempts:
        raise Refused(429, "too_many") from None
    try:
        name = _name(call, provider, _kept(call))
    except ProviderError as error:
        response = _failed(call, error)
    else:
        response = _enter(call, name)
    cookies.forget(response, call.request, cookies.CITY)
    return response


def _enter(call: Call, name: str) -> web.Response:
    account: Account | None = call.desk.accounts.named(name)
    if account is None or not account.active:
        note_failure(call, account)
        log.warning("city sign-in: no such account, or it is closed")
        return call.page("problem.html", 403, problem="city_unknown")
    audit = call.desk.audit
    audit.write(account.municipality, account.name, "signed_in", detail="city")
    return enter(call, account, SIGNED_IN, HOME)


def _name(call: Call, provider: Provider, kept: dict[str, Any]) -> str:
    """The account's name in a token that is right in every respect. Raises ``ProviderError``."""
    returned = call.query("state")
    if not secrets.compare_digest(returned.encode(), kept["state"].encode()):
        raise ProviderError("another state came back")
    if call.query("error"):
        raise ProviderError("the provider refused")
    try:
        token = _session(call, provider).fetch_token(
            provider.metadata()["token_endpoint"],
            code=call.query("code"),
            code_verifier=kept["verifier"],
            timeout=TIMEOUT,
        )
    except (OAuthError, requests.RequestException, ValueError) as error:
        raise ProviderError(f"no token: {type(error).__name__}") from None
    return provider.name_in(str(token.get("id_token", "")), kept["nonce"])


def _kept(call: Call) -> dict[str, Any]:
    sealed = cookies.read(call.request, cookies.CITY)
    try:
        kept: dict[str, Any] = call.desk.vault.open(sealed, PLACE) if sealed else {}
    except (VaultError, ValueError):
        kept = {}
    if kept.get("until", 0) < now():
        raise ProviderError("this browser began no sign-in, or too long ago")
    return kept


def _session(call: Call, provider: Provider) -> OAuth2Session:
    return OAuth2Session(
        provider.client,
        str(provider.secret),
        scope="openid profile",
        redirect_uri=call.desk.settings.public_url.rstrip("/") + BACK,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106  # a method's name
    )


def _provider(call: Call) -> Provider:
    if call.desk.provider is None:
        raise NotFound
    return call.desk.provider


def _failed(call: Call, error: ProviderError) -> web.Response:
    log.warning("city sign-in: %s", error)
    return call.page("problem.html", 502, problem="city_failed")
