"""The administrator's page: accounts of the municipality."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.desk.call import HOME, Call, Refused
from bot.records.accounts import CASEWORKER, NAME_FORM, RESERVED, ROLES, AccountError
from bot.records.advance import NotFound


def accounts_page(
    call: Call, problem: str = "", status: int = 200, started: tuple[str, str] | None = None
) -> web.Response:
    """The accounts. ``started``: a name and the start code, shown this once."""
    return call.page(
        "accounts.html",
        status,
        problem=problem,
        started=started,
        accounts=call.desk.accounts.listed(call.who.municipality),
        roles=ROLES,
        usual=CASEWORKER,
    )


def add(call: Call) -> web.Response:
    """Add an account, and show its start code."""
    name, role = call.form.get("name", "").strip().lower(), call.form.get("role", "")
    if not NAME_FORM.fullmatch(name) or name in RESERVED or role not in ROLES:
        return accounts_page(call, "bad_name", 422)
    if call.desk.accounts.named(name):
        return accounts_page(call, "name_taken", 409)
    call.log("account_added", detail=name)
    try:
        code = call.desk.accounts.add(name, role, call.who.municipality, call.language.code)
    except AccountError:  # somebody was faster
        return accounts_page(call, "name_taken", 409)
    return accounts_page(call, started=(name, code))


def reset(call: Call) -> web.Response:
    """Let a person begin anew: who lost phone and codes, or forgot the password."""
    name = _other(call)
    call.log("account_reset", detail=name)
    return accounts_page(call, started=(name, call.desk.accounts.reset(name)))


def activating(active: bool) -> Callable[[Call], web.Response]:
    """The handler that closes an account or opens it again."""

    def activate(call: Call) -> web.Response:
        name = _other(call)
        call.log("account_reopened" if active else "account_closed", detail=name)
        call.desk.accounts.set_active(name, active)
        return call.go(f"{HOME}/accounts")

    return activate


def _other(call: Call) -> str:
    """The name in the address: of a colleague in the same municipality, not one's own."""
    account = call.desk.accounts.named(call.part("name"))
    if account is None or account.municipality != call.who.municipality:
        raise NotFound
    if account.id == call.who.id:
        raise Refused(422, "own_account")
    return account.name
