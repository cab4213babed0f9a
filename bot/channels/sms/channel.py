"""Twilio's side of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BasicAuth, ClientSession, web
from twilio.request_validator import RequestValidator

from bot.messaging.asking import Answered, ask, part_of, raise_by_status
from bot.messaging.channel import Accept, Envelope, Finding
from bot.messaging.failures import Blocked, RateLimited, Refused, SendFailed
from bot.messaging.fitting import Part
from bot.messaging.incoming import Incoming, Kind, Malformed, member
from bot.messaging.limits import Limits
from bot.messaging.office import OFFICE
from bot.messaging.webhook import body_of, checked

PATH = "/webhooks/sms"
API = "https://api.twilio.com"
MOST_FIELDS = 200
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # TwiML: no reply from here
WAIT = 5.0  # seconds
# https://www.twilio.com/docs/api/errors
CODES: dict[int, type[SendFailed]] = {
    20003: Refused,
    20429: RateLimited,
    14107: RateLimited,
    21610: Blocked,  # the person sent STOP
    21211: Blocked,  # no such number
    21612: Blocked,
    21614: Blocked,  # no mobile number
    21408: Blocked,  # a country that is not allowed
}


class Sms:
    """Programmable Messaging. ``public_url`` is part of what Twilio signs."""

    name = "sms"

    def __init__(
        self,
        limits: Limits,
        account: str,
        token: str,
        number: str,
        public_url: str,
        api: str = API,
    ) -> None:
        self.limits = limits
        self._account = account
        self._token = token
        self._number = number
        self._address = public_url.rstrip("/") + PATH
        self._api = f"{api}/2010-04-01/Accounts/{account}"
        self._signatures = RequestValidator(token)

    def __repr__(self) -> str:
        return "<Sms>"

    def routes(self) -> list[web.RouteDef]:
        """The webhook."""
        return [web.post(PATH, self._webhook)]

    async def send(self, http: ClientSession, to: Envelope, part: Part) -> None:
        """https://www.twilio.com/docs/messaging/api/message-resource#create-a-message"""
        body = {"To": to.address, "From": self._number, "Body": part.text}
        _raise(await self._call(http, "POST", "/Messages.json", body))

    async def send_template(self, http: ClientSession, to: Envelope) -> bool:
        """An SMS has no window."""
        return False

    async def poll(self, http: ClientSession, accept: Accept) -> None:
        """Twilio calls us."""

    async def check(self, http: ClientSession, public_url: str) -> list[Finding]:
        """Token, number and its address."""
        query = {"PhoneNumber": self._number}
        answered = await self._call(http, "GET", "/IncomingPhoneNumbers.json", query)
        advice = "take the account SID and the auth token from console.twilio.com"
        if not answered.ok:
            return [Finding(False, "Twilio does not know account and token", advice)]
        owned = part_of(answered.data, "incoming_phone_numbers") or [{}]
        there, can = bool(owned[0]), part_of(owned[0], "capabilities", "sms") is not False
        right = part_of(owned[0], "sms_url") == self._address
        right &= part_of(owned[0], "sms_method") in (None, "POST")
        advice = "run: python -m bot channels set-webhook sms"
        found = [
            Finding(there, f"the number {self._number}", "buy it or correct it"),
            Finding(right, f"its webhook is {self._address}, by POST", advice),
        ]
        if not can:
            advice = "buy a number that can do SMS"
            found.append(Finding(False, "the number takes no text messages", advice))
        return found

    async def set_webhook(self, http: ClientSession, public_url: str) -> Finding:
        """https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""
        query = {"PhoneNumber": self._number}
        answered = await self._call(http, "GET", "/IncomingPhoneNumbers.json", query)
        owned = part_of(answered.data, "incoming_phone_numbers") or [{}]
        sid, advice = part_of(owned[0], "sid"), "run: python -m bot channels check sms"
        if not sid:
            return Finding(False, "Twilio knows no such number", advice)
        body = {"SmsUrl": self._address, "SmsMethod": "POST"}
        answered = await self._call(http, "POST", f"/IncomingPhoneNumbers/{sid}.json", body)
        return Finding(answered.ok, f"webhook set to {self._address}", advice)

    async def _call(
        self, http: ClientSession, method: str, path: str, fields: Mapping[str, str]
    ) -> Answered:
        auth = BasicAuth(self._account, self._token)
        given: dict[str, Any] = {"params" if method == "GET" else "data": fields}
        return await ask(http, method, self._api + path, auth=auth, **given)

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await body_of(request, self.limits.longest_body)
        try:
            text = body.decode("utf-8", "strict")
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            raise web.HTTPBadRequest from None
        signature = request.headers.get("X-Twilio-Signature", "")
        if not signature.isascii() or not self._signed(fields, signature):
            request.app[OFFICE].refused(self.name)
            raise web.HTTPForbidden
        items = checked(_read, fields, self)
        await request.app[OFFICE].accept(self.name, items)
        return web.Response(text=NOTHING, content_type="text/xml")

    def _signed(self, fields: Mapping[str, str], signature: str) -> bool:
        return bool(self._signatures.validate(self._address, fields, signature))


def _read(fields: Any) -> list[Incoming]:
    delivery, address = (member(fields, name, kind=str) for name in ("MessageSid", "From"))
    if not delivery or not address:
        raise Malformed("MessageSid or From: empty")
    text = str(fields.get("Body", "")).strip()
    kind = (
        Kind.TEXT if text else Kind.PICTURE if fields.get("NumMedia", "0") != "0" else Kind.UNKNOWN
    )
    if fields.get("OptOutType") == "STOP":
        kind = Kind.STOP
    return [Incoming(delivery, address, kind, text)]


def _raise(answered: Answered) -> None:
    if answered.ok:
        return
    code = part_of(answered.data, "code")
    shown = f"{answered.status}/{code}"
    kind = CODES.get(code) if isinstance(code, int) else None
    if kind is RateLimited:
        raise RateLimited(answered.retry_after or WAIT, shown)
    if kind is not None:
        raise kind(shown)
    raise_by_status(answered, shown)
