"""Accounts of those who work at the desk: who they are, what they may, how they prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from bot.records import passwords
from bot.records.codes import code_hash, new_code
from bot.records.database import now
from bot.records.desk_tables import NAME, accounts, desk_sessions, recovery_codes
from bot.records.meeting_tables import alert_wishes

CASEWORKER, LEAD, ADMINISTRATOR, AUDITOR = "caseworker", "lead", "administrator", "auditor"
ROLES = (CASEWORKER, LEAD, ADMINISTRATOR, AUDITOR)
WORKERS = (CASEWORKER, LEAD)  # who works with records
LANGUAGES = ("fi", "sv", "en")
OPERATOR = "operator"  # who, in the log, for what is done at the command line
PERSON = "person"  # and for what the person herself does with her record
RESERVED = (OPERATOR, PERSON)
NAME_FORM = re.compile(rf"[a-z0-9][a-z0-9._@-]{{1,{NAME - 1}}}", re.ASCII)
START_GROUPS, START_TIME = 4, 3 * 86_400  # 76 bits; seconds until a start code ends


class AccountError(ValueError):
    """An account cannot be made or found. The message says why, for an operator."""


@dataclass(frozen=True)
class Account:
    """Somebody who may come in. ``ready``: has a password and one-time codes."""

    id: int
    name: str
    municipality: str
    role: str
    language: str
    active: bool
    has_password: bool
    ready: bool


class Accounts:
    """Makes, finds and changes accounts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, role: str, municipality: str, language: str = "fi") -> str:
        """Make an account; returns the code with which the person begins. ``AccountError``."""
        if not NAME_FORM.fullmatch(name):
            raise AccountError(
                f"{name!r} is no account name: 2 to {NAME} of a–z, 0–9, dot, dash, underscore, @"
            )
        if name in RESERVED:
            raise AccountError(f"{name} stands in the log for somebody else")
        if role not in ROLES:
            raise AccountError(f"no such role: {role}; there are: {', '.join(ROLES)}")
        values = {"name": name, "role": role, "municipality": municipality, "language": language}
        code = new_code(START_GROUPS)
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    sa.insert(accounts).values(
                        **values, active=True, created=now(), **_start_values(code)
                    )
                )
        except sa.exc.IntegrityError:
            raise AccountError(f"there is an account {name} already") from None
        return code

    def reset(self, name: str) -> str:
        """Forget password and one-time codes, end the sessions; returns a new start code."""
        account = self._known(name)
        code = new_code(START_GROUPS)
        blank = {"password": None, "one_time_secret": None, "one_time_confirmed": False}
        with self._engine.begin() as connection:
            _end_sessions(connection, account.id)
            connection.execute(
                sa.delete(recovery_codes).where(recovery_codes.c.account == account.id)
            )
            connection.execute(_update(account).values(**blank, **_start_values(code)))
        return code

    def begin(self, name: str, code: str, password: str) -> Account | None:
        """Exchange a start code for a password; None if name or code is wrong or too old.

        Raises ``PasswordRefused``; the code can be used again then.
        """
        kept = passwords.hashed(password, name)
        fits = (
            (accounts.c.name == name)
            & (accounts.c.start_code == code_hash(code))
            & (accounts.c.start_until > now())
            & accounts.c.active
        )
        values = {"password": kept, "start_code": None, "start_until": None}
        with self._engine.begin() as connection:
            done = connection.execute(sa.update(accounts).where(fits).values(**values)).rowcount
        return self.named(name) if done else None

    def with_password(self, name: str, password: str) -> Account | None:
        """The active account of that name and password, or None. Takes as long for no account."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.name == name)).first()
        fits = passwords.matches(password, row.password if row else None)
        return _account(row) if row and fits and row.active else None

    def change_password(self, account: Account, password: str, keep_session: str) -> None:
        """Set a new password and end the other sessions. Raises ``PasswordRefused``."""
        kept = passwords.hashed(password, account.name)
        with self._engine.begin() as connection:
            connection.execute(_update(account).values(password=kept))
            others = desk_sessions.c.token != keep_session
            _end_sessions(connection, account.id, others)

    def set_active(self, name: str, active: bool) -> None:
        """Close an account, or open it again. Closing ends its sessions and its alerts."""
        account = self._known(name)
        with self._engine.begin() as connection:
            _end_sessions(connection, account.id)
            if not active:
                mine = alert_wishes.c.account == account.id
                connection.execute(sa.delete(alert_wishes).where(mine))
            connection.execute(_update(account).values(active=active))

    def set_language(self, account: Account, language: str) -> None:
        """Remember the language in which the person works."""
        with self._engine.begin() as connection:
            connection.execute(_update(account).values(language=language))

    def get(self, account_id: int) -> Account | None:
        """The account with this id, or None."""
        return self._first(accounts.c.id == account_id)

    def named(self, name: str) -> Account | None:
        """The account of this name, or None."""
        return self._first(accounts.c.name == name)

    def listed(self, municipality: str | None = None) -> list[Account]:
        """The accounts, by name; of one municipality or of all."""
        query = sa.select(accounts).order_by(accounts.c.name)
        if municipality is not None:
            query = query.where(accounts.c.municipality == municipality)
        with self._engine.connect() as connection:
            return [_account(row) for row in connection.execute(query)]

    def _known(self, name: str) -> Account:
        account = self.named(name)
        if account is None:
            raise AccountError(f"there is no account {name}")
        return account

    def _first(self, where: sa.sql.ColumnElement) -> Account | None:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(accounts).where(where)).first()
        return _account(row) if row else None


def _account(row: Row) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        municipality=row.municipality,
        role=row.role,
        language=row.language,
        active=row.active,
        has_password=row.password is not None,
        ready=row.password is not None and row.one_time_confirmed,
    )


def _update(account: Account) -> sa.sql.Update:
    return sa.update(accounts).where(accounts.c.id == account.id)


def _start_values(code: str) -> dict[str, object]:
    return {"start_code": code_hash(code), "start_until": now() + START_TIME}


def _end_sessions(
    connection: sa.engine.Connection, account: int, where: sa.sql.ColumnElement | None = None
) -> None:
    query = sa.delete(desk_sessions).where(desk_sessions.c.account == account)
    connection.execute(query if where is None else query.where(where))
