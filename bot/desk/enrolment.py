"""Taking an account into use: a start code becomes a password, then an app, then recovery codes."""

from __future__ import annotations

import io

import segno
from aiohttp import web
from markupsafe import Markup

from bot.addresses import address
from bot.desk.call import HOME, Call, Refused
from bot.desk.sign_in import enter
from bot.records.accounts import Account
from bot.records.attempts import TooManyAttempts
from bot.records.passwords import PasswordRefused
from bot.records.sessions import ENROLLING, SIGNED_IN

GROUP = 4  # signs of the secret between two spaces


def begin_page(call: Call) -> web.Response:
    """The form for the start code and the new password."""
    return call.page("begin.html", problem="", name=call.query("name"))


def begin(call: Call) -> web.Response:
    """Exchange the start code for the password that the person chose."""
    name = call.form.get("name", "").strip().lower()
    try:
        call.desk.attempts.admit(
            account=name, address=address(call.request, call.desk.settings.proxies)
        )
        account = _begun(call, name)
    except TooManyAttempts:
        return call.page("begin.html", 429, problem="too_many", name=name)
    except PasswordRefused as refused:
        return call.page("begin.html", 422, problem=refused.rule, name=name)
    if account is None:
        return call.page("begin.html", 401, problem="wrong_start", name=name)
    call.desk.accounts.set_language(account, call.language.code)
    call.desk.audit.write(account.municipality, account.name, "account_begun")
    return enter(call, account, ENROLLING, f"{HOME}/enrol")


def enrol_page(call: Call, problem: str = "", status: int = 200) -> web.Response:
    """The QR code for the authenticator app, and the form for its first code."""
    _not_yet_ready(call)
    uri = call.desk.second_factor.enrolment_uri(call.who)
    secret = call.desk.second_factor.secret(call.who)
    return call.page("enrol.html", status, problem=problem, qr=_qr(uri), secret=_grouped(secret))


def enrol(call: Call) -> web.Response:
    """Check the first code; show the recovery codes, this once."""
    _not_yet_ready(call)
    account = call.who
    try:
        call.desk.attempts.admit(account=account.name)
    except TooManyAttempts:
        return enrol_page(call, "too_many", 429)
    if not call.desk.second_factor.confirm(account, call.form.get("code", "")):
        return enrol_page(call, "wrong_code", 401)
    call.log("signed_in")
    call.desk.attempts.forget(account=account.name)
    codes = call.desk.second_factor.new_recovery_codes(account)
    entered = enter(call, account, SIGNED_IN, HOME)
    shown = call.page("recovery_codes.html", codes=codes, bare=True)
    for cookie in entered.cookies.values():
        shown.cookies[cookie.key] = cookie
    return shown


def _not_yet_ready(call: Call) -> None:
    """The secret is shown only until its first code came; a second window sees nothing."""
    if call.who.ready:
        raise Refused(403, "not_allowed")


def _begun(call: Call, name: str) -> Account | None:
    password = call.form.get("password", "")
    if password != call.form.get("again"):
        raise PasswordRefused("differ")
    return call.desk.accounts.begin(name, call.form.get("start_code", ""), password)


def _qr(uri: str) -> Markup:
    """The QR code as SVG without styles, which the content security policy would not allow."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode("utf-8"))  # noqa: S704  # made here, of a URI we made


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))
