"""Coming in: name and password, then a one-time code or a recovery code. And going out."""

from __future__ import annotations

from aiohttp import web

from bot.addresses import address
from bot.desk import cookies
from bot.desk.call import HOME, Call
from bot.records.accounts import Account
from bot.records.advance import NotFound
from bot.records.attempts import TooManyAttempts
from bot.records.sessions import ENROLLING, PASSWORD, SIGNED_IN

HOMES = {"administrator": f"{HOME}/accounts", "auditor": f"{HOME}/log"}
RECOVERY_LENGTH = 10  # a one-time code has six signs, a recovery code twelve


def home(call: Call) -> web.Response:
    """To the first page of the role."""
    return call.go(HOMES.get(call.who.role, f"{HOME}/records"))


def nowhere(call: Call) -> web.Response:
    """An address that leads nowhere: mistyped, or a form's that was loaded again. ``NotFound``."""
    raise NotFound


def sign_in_page(call: Call) -> web.Response:
    """The form for name and password."""
    if call.session and call.session.stage == SIGNED_IN:
        return home(call)
    return call.page("sign_in.html", problem="", name="")


def sign_in(call: Call) -> web.Response:
    """Check name and password. A wrong name and a wrong password look and last the same."""
    name = call.form.get("name", "").strip().lower()
    try:
        call.desk.attempts.admit(account=name, address=_address(call))
    except TooManyAttempts:
        return call.page("sign_in.html", 429, problem="too_many", name=name)
    account = call.desk.accounts.with_password(name, call.form.get("password", ""))
    if account is None:
        note_failure(call, call.desk.accounts.named(name))
        return call.page("sign_in.html", 401, problem="wrong", name=name)
    stage, following = (PASSWORD, "code") if account.ready else (ENROLLING, "enrol")
    return enter(call, account, stage, f"{HOME}/{following}")


def code_page(call: Call) -> web.Response:
    """The form for the one-time code."""
    return call.page("code.html", problem="")


def code(call: Call) -> web.Response:
    """Check the one-time code, or a recovery code in its place."""
    account, typed = call.who, call.form.get("code", "")
    try:
        call.desk.attempts.admit(account=account.name)
    except TooManyAttempts:
        return call.page("code.html", 429, problem="too_many")
    if len(typed.replace(" ", "")) >= RECOVERY_LENGTH:
        accepted, event = call.desk.second_factor.use_recovery_code, "recovery_code_used"
    else:
        accepted, event = call.desk.second_factor.accept, "signed_in"
    if not accepted(account, typed):
        note_failure(call, account)
        return call.page("code.html", 401, problem="wrong_code")
    call.log(event)
    call.desk.attempts.forget(account=account.name)
    return enter(call, account, SIGNED_IN, HOME)


def sign_out(call: Call) -> web.Response:
    """End the session."""
    call.log("signed_out")
    call.desk.sessions.end(call.known_session)
    response = call.go(f"{HOME}/sign-in")
    cookies.forget(response, call.request, cookies.SESSION)
    return response


def enter(call: Call, account: Account, stage: str, following: str) -> web.Response:
    """Begin a new session at that stage; an old one of this browser ends."""
    if call.session:
        call.desk.sessions.end(call.session)
    token = call.desk.sessions.start(account.id, stage)
    response = call.go(following)
    cookies.write(response, call.request, cookies.SESSION, token)
    return response


def _address(call: Call) -> str:
    return address(call.request, call.desk.settings.proxies)


def note_failure(call: Call, account: Account | None) -> None:
    """Failures at accounts that exist stand in their municipality's log."""
    if account:
        call.desk.audit.write(account.municipality, account.name, "sign_in_failed")
