"""Viber's side of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession, web
from markupsafe import escape

from bot.channels.viber.events import opened, read_event
from bot.i18n.negotiate import from_accept_language
from bot.keys import REPLIES
from bot.messaging.asking import Answered, ask, part_of, raise_by_status
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import (
    Blocked,
    Permanent,
    RateLimited,
    Refused,
    SendFailed,
    Temporary,
)
from bot.messaging.fitting import Choice, Part
from bot.messaging.limits import Limits
from bot.messaging.signatures import hmac_hex, same
from bot.messaging.webhook import receive

PATH = "/webhooks/viber"
API = "https://chatapi.viber.com"
NAME = "Silta"
WIDTH = 6  # columns of a keyboard: a button over all of them is one a row
WAIT = 10.0  # seconds; Viber does not say how long
EVENTS = ["message", "conversation_started", "unsubscribed"]
# https://developers.viber.com/docs/api/rest-bot-api/#error-codes
CODES: dict[int, type[SendFailed]] = {
    2: Refused,  # token
    3: Permanent,
    4: Permanent,
    5: Blocked,  # not registered
    6: Blocked,  # not subscribed
    7: Refused,  # the bot is blocked
    8: Refused,
    9: Refused,  # suspended
    10: Refused,  # no webhook
    11: Blocked,  # no device that can show it
    12: RateLimited,
    13: Permanent,
}


class Viber:
    """The REST bot API."""

    name = "viber"

    def __init__(self, limits: Limits, token: str, api: str = API) -> None:
        self.limits = limits
        self._token = token
        self._api = api

    def __repr__(self) -> str:
        return "<Viber>"

    def routes(self) -> list[web.RouteDef]:
        """The webhook."""
        return [web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """https://developers.viber.com/docs/api/rest-bot-api/#send-message"""
        body = {"receiver": to.address, "tracking_data": to.key, **_message(part)}
        _raise(await self._call(http, "send_message", body))

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """Viber has no window."""
        return False

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """Viber calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Token and webhook."""
        answered = await self._call(http, "get_account_info", {})
        known = part_of(answered.data, "status") == 0
        advice = "take the token from partners.viber.com"
        token = Finding(known, f"token of {part_of(answered.data, 'name') or 'the bot'}", advice)
        address = _address(public_url)
        advice = "run: python -m bot channels set-webhook viber"
        right = part_of(answered.data, "webhook") == address
        found = [token, Finding(right, f"the webhook is {address}", advice)]
        missing = sorted(set(EVENTS) - set(part_of(answered.data, "event_types") or EVENTS))
        if missing:
            found.append(Finding(False, f"Viber keeps back {', '.join(missing)}", advice))
        return found

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """https://developers.viber.com/docs/api/rest-bot-api/#setting-a-webhook"""
        address = _address(public_url)
        body = {"url": address, "event_types": EVENTS}
        answered = await self._call(http, "set_webhook", body)
        advice = "start the service first: Viber calls the address at once, by https"
        return Finding(part_of(answered.data, "status") == 0, f"webhook set to {address}", advice)

    async def _call(self, http: ClientSession, method: str, body: dict[str, Any]) -> Answered:
        headers = {"X-Viber-Auth-Token": self._token}
        return await ask(http, "POST", f"{self._api}/pa/{method}", json=body, headers=headers)

    async def _webhook(self, request: web.Request) -> web.Response:
        signature = request.headers.get("X-Viber-Content-Signature", "")
        event = await receive(
            request, self, lambda body: same(signature, hmac_hex(self._token, body)), read_event
        )
        language = opened(event)
        return (
            web.Response() if language is None else web.json_response(_welcome(request, language))
        )


def _welcome(request: web.Request, language: str) -> dict[str, Any]:
    replies = request.app[REPLIES]
    code = from_accept_language(language, replies.catalogues.languages)
    greeting = replies.render("utter_greet", code, {})
    choices = tuple(Choice(button.title, button.payload) for button in greeting.buttons)
    return _message(Part(greeting.text, "keyboard", choices))


def _message(part: Part) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": "text",
        "text": part.text,
        "sender": {"name": NAME},
        "min_api_version": 1,
    }
    if part.choices:
        message["keyboard"] = {"Type": "keyboard", "Buttons": [_button(c) for c in part.choices]}
    return message


def _button(choice: Choice) -> Mapping[str, Any]:
    return {
        "Columns": WIDTH,
        "Rows": 1,
        "ActionType": "reply",
        "ActionBody": choice.payload,
        "Text": str(escape(choice.title)),  # Viber reads it as HTML
    }


def _raise(answered: Answered) -> None:
    """Viber answers 200 and puts the error into the body."""
    raise_by_status(answered)
    status = part_of(answered.data, "status")
    if status == 0:
        return
    kind = CODES.get(status, Temporary) if isinstance(status, int) else Temporary
    if kind is RateLimited:
        raise RateLimited(answered.retry_after or WAIT, str(status))
    raise kind(str(status))


def _address(public_url: str) -> str:
    return public_url.rstrip("/") + PATH
