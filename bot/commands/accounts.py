"""``accounts``: make the first account of the desk, list them, let somebody begin anew."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from bot.records.accounts import ADMINISTRATOR, LANGUAGES, OPERATOR, ROLES


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("accounts", help="accounts of the caseworkers' desk")
    kinds = parser.add_subparsers(required=True, metavar="what")
    add = kinds.add_parser("add", help="make an account and print its start code")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default=ADMINISTRATOR)
    add.add_argument("--municipality", help="default: SILTA_MUNICIPALITY")
    add.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    add.set_defaults(run=_add)
    kinds.add_parser("list", help="list the accounts").set_defaults(run=_list)
    reset = kinds.add_parser("reset", help="print a new start code; ends the account's sessions")
    reset.add_argument("name")
    reset.set_defaults(run=_reset)


def _add(options: argparse.Namespace) -> int:
    from bot.composition import municipalities, settings

    municipality = options.municipality or settings().municipality
    if municipality not in municipalities():
        known = ", ".join(municipalities())
        return _fail(f"no such municipality: {municipality}; there are: {known}")
    accounts, audit = _open()
    try:
        code = accounts.add(options.name, options.role, municipality, options.language)
    except ValueError as error:
        return _fail(str(error))
    audit.write(municipality, OPERATOR, "account_added", detail=options.name)
    _tell(options.name, code)
    return 0


def _list(options: argparse.Namespace) -> int:
    accounts, _ = _open()
    print(f"{'name':30} {'role':14} {'municipality':16} state")
    for account in accounts.listed():
        state = "in use" if account.ready else "not taken into use"
        state = state if account.active else "out of use"
        print(f"{account.name:30} {account.role:14} {account.municipality:16} {state}")
    return 0


def _reset(options: argparse.Namespace) -> int:
    accounts, audit = _open()
    account = accounts.named(options.name)
    if account is None:
        return _fail(f"there is no account {options.name}")
    audit.write(account.municipality, OPERATOR, "account_reset", detail=account.name)
    _tell(account.name, accounts.reset(account.name))
    return 0


def _open() -> Any:
    from bot.composition import settings
    from bot.records.accounts import Accounts
    from bot.records.audit import Audit
    from bot.records.database import open_database

    database = open_database(settings().database)
    return Accounts(database), Audit(database)


def _tell(name: str, code: str) -> None:
    print(f"start code of {name}, good for three days: {code}")
    print("The person takes the account into use at /desk/begin.")


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1
