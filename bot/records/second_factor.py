"""The second proof: one-time codes of an authenticator app (RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac

import pyotp
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.accounts import Account
from bot.records.codes import code_hash, new_code
from bot.records.database import now
from bot.records.desk_tables import accounts, recovery_codes
from bot.records.vault import Vault

STEP = 30  # seconds, RFC 6238's default and all that most apps know
DRIFT = 1  # steps that a clock may go wrong, RFC 6238, 5.2
RECOVERY_CODES, RECOVERY_GROUPS = 10, 3
ISSUER = "Silta"


class SecondFactor:
    """Keeps the secrets of one-time codes, sealed, and the hashes of recovery codes."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def enrolment_uri(self, account: Account) -> str:
        """What an authenticator app reads from a QR code. One secret until it is confirmed."""
        secret = self._secret(account)
        if secret is None:
            secret = pyotp.random_base32()
            self._set(account, one_time_secret=self._vault.seal(secret, _place(account.id)))
        return pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=ISSUER)

    def secret(self, account: Account) -> str:
        """The secret as text, for an app without a camera; told only until it is confirmed."""
        return "" if account.ready else self._secret(account) or ""

    def confirm(self, account: Account, code: str) -> bool:
        """The first code proves that the app has the secret."""
        if not self.accept(account, code):
            return False
        self._set(account, one_time_confirmed=True)
        return True

    def accept(self, account: Account, code: str, at: float | None = None) -> bool:
        """Whether the code is right now and was not used before."""
        secret = self._secret(account)
        step = None if secret is None else _step_of(secret, code, at if at is not None else now())
        if step is None:
            return False
        unused = (accounts.c.id == account.id) & (accounts.c.one_time_step < step)
        with self._engine.begin() as connection:
            used = sa.update(accounts).where(unused).values(one_time_step=step)
            return bool(connection.execute(used).rowcount)

    def new_recovery_codes(self, account: Account) -> list[str]:
        """Ten codes for the day when the phone is gone; those from before are void."""
        codes = [new_code(RECOVERY_GROUPS) for _ in range(RECOVERY_CODES)]
        rows = [{"account": account.id, "code": code_hash(code)} for code in codes]
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(recovery_codes).where(recovery_codes.c.account == account.id)
            )
            connection.execute(sa.insert(recovery_codes), rows)
        return codes

    def use_recovery_code(self, account: Account, code: str) -> bool:
        """Whether it is one of the account's recovery codes; each is good for one time."""
        fits = (recovery_codes.c.account == account.id) & (recovery_codes.c.code == code_hash(code))
        with self._engine.begin() as connection:
            return bool(connection.execute(sa.delete(recovery_codes).where(fits)).rowcount)

    def recovery_codes_left(self, account: Account) -> int:
        """How many recovery codes the account still has."""
        query = sa.select(sa.func.count()).where(recovery_codes.c.account == account.id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _secret(self, account: Account) -> str | None:
        query = sa.select(accounts.c.one_time_secret).where(accounts.c.id == account.id)
        with self._engine.connect() as connection:
            sealed = connection.execute(query).scalar()
        return None if sealed is None else str(self._vault.open(sealed, _place(account.id)))

    def _set(self, account: Account, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(accounts).where(accounts.c.id == account.id).values(**values)
            )


def _step_of(secret: str, code: str, at: float) -> int | None:
    """The time step of which this is the code, or None."""
    typed = "".join(str(int(char)) for char in code if char.isdecimal())
    current = int(at) // STEP
    generator = pyotp.TOTP(secret, interval=STEP)
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step), typed):
            found = step
    return found


def _place(account_id: int) -> str:
    return f"one-time secret {account_id}"
