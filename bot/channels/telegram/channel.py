"""Telegram's side of the contract: its webhook, its methods, its errors."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from bot.channels.telegram.updates import callback_id, read_update
from bot.messaging.asking import Answered, ask, part_of, raise_by_status
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import Blocked, RateLimited, Refused, SendFailed, pause
from bot.messaging.fitting import Part
from bot.messaging.incoming import Incoming, Malformed
from bot.messaging.limits import Limits
from bot.messaging.signatures import hmac_hex, same
from bot.messaging.webhook import receive

PATH = "/webhooks/telegram"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
WAIT = 50  # seconds for which Telegram keeps a question for updates open
GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked")
FORBIDDEN, NOT_FOUND = 403, 404
log = logging.getLogger(__name__)


class Telegram:
    """The Bot API. The secret of the webhook is derived from the token."""

    name = "telegram"

    def __init__(self, limits: Limits, token: str, api: str, polling: bool = False) -> None:
        self.limits = limits
        self._base = f"{api.rstrip('/')}/bot{token}"
        self._secret = hmac_hex(token, b"webhook")
        self._polling = polling

    def __repr__(self) -> str:
        return "<Telegram>"

    def routes(self) -> list[web.RouteDef]:
        """The webhook, unless we ask for updates ourselves."""
        return [] if self._polling else [web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """https://core.telegram.org/bots/api#sendmessage"""
        body: dict[str, Any] = {
            "chat_id": int(to.address),
            "text": part.text,
            "link_preview_options": {"is_disabled": True},
        }
        if part.choices:
            rows = [[{"text": c.title, "callback_data": c.payload}] for c in part.choices]
            body["reply_markup"] = {"inline_keyboard": rows}
        _raise(await self._call(http, "sendMessage", body))

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """Telegram has no window."""
        return False

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """https://core.telegram.org/bots/api#getupdates"""
        offset, failures = 0, 0
        while self._polling:
            body = {"offset": offset, "timeout": WAIT, "allowed_updates": WANTED}
            try:
                answered = await self._call(http, "getUpdates", body, WAIT + 10)
                raise_by_status(answered)
                failures = 0
            except SendFailed as failure:
                failures += 1
                log.warning("telegram: no updates, %s; see: channels check", failure.code)
                await asyncio.sleep(pause(failures))
                continue
            for update in part_of(answered.data, "result") or []:
                await accept(_readable(update))
                offset = max(offset, int(part_of(update, "update_id") or 0) + 1)
                await self._hear(http, update)

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Token, groups, webhook."""
        me = await self._call(http, "getMe", {})
        if not me.ok:
            return [Finding(False, "Telegram does not know the token", "ask @BotFather for it")]
        found = [Finding(True, f"the bot is @{part_of(me.data, 'result', 'username')}")]
        joins = part_of(me.data, "result", "can_join_groups") is True
        advice = "send /setjoingroups to @BotFather and choose Disable"
        found.append(Finding(not joins, "it stays out of groups", advice))
        info = await self._call(http, "getWebhookInfo", {})
        return [*found, *self._webhook_findings(part_of(info.data, "result") or {}, public_url)]

    def _webhook_findings(self, info: dict[str, Any], public_url: str) -> list[Finding]:
        address, wanted = str(info.get("url", "")), _address(public_url)
        if self._polling:
            advice = "run: python -m bot channels set-webhook telegram (it takes it away)"
            return [Finding(not address, "no webhook while we ask for updates", advice)]
        advice = "run: python -m bot channels set-webhook telegram"
        findings = [Finding(address == wanted, f"the webhook is {wanted}", advice)]
        missing = sorted(set(WANTED) - set(info.get("allowed_updates") or WANTED))
        if missing:
            findings.append(Finding(False, f"Telegram keeps back {', '.join(missing)}", advice))
        if "403" in str(info.get("last_error_message")):
            what = "Telegram does not know our secret: it was set with another token or service"
            findings.append(Finding(False, what, advice))
        elif info.get("last_error_message"):
            what = f"Telegram could not reach us last time: {info['last_error_message']}"
            advice = "make the address reachable by https from outside, with a good certificate"
            findings.append(Finding(False, what, advice))
        return findings

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """https://core.telegram.org/bots/api#setwebhook"""
        address = "" if self._polling else _address(public_url)
        body = {"url": address, "secret_token": self._secret, "allowed_updates": WANTED}
        answered = await self._call(http, "setWebhook", body)
        problem = str(part_of(answered.data, "description") or answered.status)
        advice = f"Telegram says: {problem}; SILTA_PUBLIC_URL must be https and reachable"
        return Finding(answered.ok, f"webhook set to {address or 'none'}", advice)

    async def _webhook(self, request: web.Request) -> web.Response:
        token = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        update = await receive(request, self, lambda body: same(token, self._secret), read_update)
        pressed = callback_id(update)
        if not pressed:
            return web.Response()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": pressed})

    async def _hear(self, http: ClientSession, update: Any) -> None:
        """Take the waiting sign off a pressed button. If that fails it goes by itself."""
        pressed = callback_id(update)
        if pressed:
            try:
                await self._call(http, "answerCallbackQuery", {"callback_query_id": pressed})
            except SendFailed as failure:
                log.info("telegram: a button waits, %s", failure.code)

    async def _call(
        self, http: ClientSession, method: str, body: dict[str, Any], patience: float = 20
    ) -> Answered:
        timeout = ClientTimeout(total=patience)
        return await ask(http, "POST", f"{self._base}/{method}", json=body, timeout=timeout)


def _raise(answered: Answered) -> None:
    """https://core.telegram.org/bots/api#making-requests and #responseparameters"""
    description = str(part_of(answered.data, "description") or "").lower()
    if answered.status == FORBIDDEN or any(sign in description for sign in GONE):
        raise Blocked(str(answered.status))
    wait = part_of(answered.data, "parameters", "retry_after")
    if isinstance(wait, int):
        raise RateLimited(float(wait), str(answered.status))
    if answered.status == NOT_FOUND:  # so it answers to a token that it does not know
        raise Refused(str(answered.status))
    raise_by_status(answered)


def _readable(update: Any) -> list[Incoming]:
    """An update that is asked for; one that cannot be read must not stop those behind it."""
    try:
        return read_update(update)
    except Malformed as error:
        log.warning("telegram: malformed update, %s", error)
        return []


def _address(public_url: str) -> str:
    return public_url.rstrip("/") + PATH
