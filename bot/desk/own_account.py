"""One's own account: language, password, recovery codes."""

from __future__ import annotations

from aiohttp import web

from bot.desk.call import HOME, Call
from bot.records.accounts import WORKERS
from bot.records.attempts import TooManyAttempts
from bot.records.passwords import PasswordRefused


def account_page(call: Call, problem: str = "", status: int = 200) -> web.Response:
    """What can be changed, and how many recovery codes are left."""
    left = call.desk.second_factor.recovery_codes_left(call.who)
    works = call.who.role in WORKERS and bool(call.desk.settings.smtp_host)
    wish = call.desk.wishes.of(call.who.id) if works else None
    refused = works and call.who.name in call.desk.wishes.unreachable(call.who.municipality)
    context = {"left": left, "works": works, "wish": wish, "refused": refused}
    return call.page("own_account.html", status, problem=problem, **context)


def alive(call: Call) -> web.Response:
    """The person is still there and wants the session to go on."""
    return web.Response(status=204)


def language(call: Call) -> web.Response:
    """Work in another language."""
    if call.form.get("language") in call.desk.pages.languages:
        call.desk.accounts.set_language(call.who, call.form["language"])
    return call.go(f"{HOME}/me")


def password(call: Call) -> web.Response:
    """A new password. Other sessions of the account end."""
    new = call.form.get("password", "")
    problem = _unproven(call)
    if problem:
        return account_page(call, *problem)
    if new != call.form.get("again"):
        return account_page(call, "differ", 422)
    try:
        call.desk.accounts.change_password(call.who, new, call.known_session.key)
    except PasswordRefused as refused:
        return account_page(call, refused.rule, 422)
    call.log("password_changed")
    return call.go(f"{HOME}/me")


def recovery_codes(call: Call) -> web.Response:
    """New recovery codes, shown this once."""
    problem = _unproven(call)
    if problem:
        return account_page(call, *problem)
    call.log("recovery_codes_made")
    codes = call.desk.second_factor.new_recovery_codes(call.who)
    return call.page("recovery_codes.html", codes=codes, bare=True)


def _unproven(call: Call) -> tuple[str, int] | None:
    """What is wrong with the present password, which these changes ask for again."""
    name = call.who.name
    try:
        call.desk.attempts.admit(account=name)
    except TooManyAttempts:
        return "too_many", 429
    if call.desk.accounts.with_password(name, call.form.get("present", "")) is None:
        return "wrong", 401
    call.desk.attempts.forget(account=name)
    return None
