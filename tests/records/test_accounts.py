"""Accounts and what proves them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pyotp
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.accounts import Account, AccountError, Accounts
from bot.records.attempts import LIMITS, WINDOW, Attempts, TooManyAttempts
from bot.records.database import now
from bot.records.desk_tables import accounts as accounts_table
from bot.records.desk_tables import desk_sessions, recovery_codes, sign_in_attempts
from bot.records.notes import Notes
from bot.records.passwords import PasswordRefused
from bot.records.resealing import reseal
from bot.records.retention import purge_desk
from bot.records.second_factor import SecondFactor
from bot.records.sessions import SIGNED_IN, Limits, Sessions
from bot.records.vault import Key, Vault

PASSWORD = "kolme sinistä kuusta"


def _account(accounts: Accounts, name: str = "anna.virtanen") -> Account:
    code = accounts.add(name, "caseworker", "kajaani")
    account = accounts.begin(name, code, PASSWORD)
    assert account is not None
    return account


def test_an_account_from_start_to_end(database: Engine) -> None:
    accounts = Accounts(database)
    account = _account(accounts)
    assert accounts.with_password("anna.virtanen", PASSWORD) == account
    assert accounts.with_password("anna.virtanen", "another password") is None
    code = accounts.reset("anna.virtanen")
    assert accounts.with_password("anna.virtanen", PASSWORD) is None
    assert accounts.begin("anna.virtanen", "wrong-code", PASSWORD) is None
    assert accounts.begin("anna.virtanen", code.upper().replace("-", " "), PASSWORD) is not None
    accounts.set_active("anna.virtanen", False)
    assert accounts.with_password("anna.virtanen", PASSWORD) is None


def test_mistakes_of_an_operator_are_named(database: Engine) -> None:
    accounts = Accounts(database)
    accounts.add("anna", "lead", "kajaani")
    with pytest.raises(AccountError, match="already"):
        accounts.add("anna", "lead", "kajaani")
    with pytest.raises(AccountError, match="no such role: boss; there are: caseworker"):
        accounts.add("bo", "boss", "kajaani")
    with pytest.raises(AccountError, match="no account name"):
        accounts.add("Bo Korhonen", "lead", "kajaani")
    with pytest.raises(AccountError, match="no account nobody"):
        accounts.reset("nobody")


def test_a_start_code_survives_a_refused_password_but_not_its_time(database: Engine) -> None:
    accounts = Accounts(database)
    code = accounts.add("anna.virtanen", "caseworker", "kajaani")
    with pytest.raises(PasswordRefused, match="has_name"):
        accounts.begin("anna.virtanen", code, "Anna.Virtanen on minä")
    with database.begin() as connection:
        connection.execute(sa.update(accounts_table).values(start_until=now() - 1))
    assert accounts.begin("anna.virtanen", code, PASSWORD) is None


def test_nothing_that_opens_the_door_is_kept_in_clear(database: Engine) -> None:
    accounts, factor = Accounts(database), SecondFactor(database, Vault([Key.new()]))
    account = _account(accounts)
    factor.enrolment_uri(account)
    secrets = [PASSWORD, factor.secret(account), *factor.new_recovery_codes(account)]
    secrets.append(accounts.add("bo.korhonen", "caseworker", "kajaani"))
    sessions = Sessions(database, Limits(60, 60))
    secrets.append(sessions.start(account.id, SIGNED_IN))
    with database.connect() as connection:
        tables = (accounts_table, recovery_codes, desk_sessions)
        kept = repr([connection.execute(sa.select(table)).all() for table in tables])
    for secret in secrets:
        assert secret not in kept


def test_one_time_codes(database: Engine) -> None:
    """Good for a minute and a half, each once, and never one that is older than the last."""
    factor = SecondFactor(database, Vault([Key.new()]))
    account = _account(Accounts(database))
    factor.enrolment_uri(account)
    generator, at = pyotp.TOTP(factor.secret(account)), 1_800_000_000.0
    code = generator.at(int(at))
    assert not factor.accept(account, code, at + 90)
    assert not factor.accept(account, code, at - 90)
    assert not factor.accept(account, "", at)
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert factor.accept(account, arabic, at + 29)
    assert not factor.accept(account, code, at + 29)
    assert not factor.accept(account, generator.at(int(at) - 30), at)
    assert factor.accept(account, generator.at(int(at) + 30), at)


def test_a_change_of_keys_takes_secrets_and_notes_along(database: Engine) -> None:
    old, new = Key.new(), Key.new()
    account = _account(Accounts(database))
    SecondFactor(database, Vault([old])).enrolment_uri(account)
    secret = SecondFactor(database, Vault([old])).secret(account)
    Notes(database, Vault([old])).add("1234", "kajaani", "anna.virtanen", "soita ti")
    assert reseal(database, Vault([new, old])) == 2
    assert SecondFactor(database, Vault([new])).secret(account) == secret
    assert Notes(database, Vault([new])).of("1234", "kajaani")[0].text == "soita ti"


def test_attempts_are_counted_in_a_sliding_window(database: Engine) -> None:
    attempts, start = Attempts(database), 1000.0
    for second in range(LIMITS["account"]):
        attempts.admit(at=start + second, account="Anna", address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.admit(at=start + 60, account="anna", address="192.0.2.2")
    attempts.admit(at=start + 60, account="bo", address="192.0.2.1")
    attempts.admit(at=start + 60 + WINDOW, account="anna", address="192.0.2.1")
    purge_desk(database, at=start + 3 * WINDOW)
    with database.connect() as connection:
        assert connection.execute(sa.select(sign_in_attempts)).all() == []
