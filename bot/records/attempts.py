"""How often somebody may try to sign in: counted in the database, by account and by address."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.desk_tables import sign_in_attempts

WINDOW = 900  # seconds
# OWASP ASVS 5.0, 6.3.1 asks for a limit and leaves the number open. An office shares an address.
LIMITS: Mapping[str, int] = {"account": 10, "address": 100}


class TooManyAttempts(Exception):
    """The account or the address must wait. ``minutes`` is the longest wait."""

    minutes = WINDOW // 60


class Attempts:
    """Counts attempts of the last fifteen minutes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def admit(self, at: float | None = None, **subjects: str) -> None:
        """Count one attempt for each subject. Raises ``TooManyAttempts``.

        It is counted before it is known whether it fails, so that many at once cannot pass.
        """
        moment = at if at is not None else now()
        keys = {kind: _key(kind, value) for kind, value in subjects.items()}
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(sign_in_attempts),
                [{"subject": key, "at": moment} for key in keys.values()],
            )
        for kind, key in keys.items():
            if self._count(key, moment) > LIMITS[kind]:
                raise TooManyAttempts

    def forget(self, **subjects: str) -> None:
        """It was the right person: begin to count anew."""
        keys = [_key(kind, value) for kind, value in subjects.items()]
        right = sign_in_attempts.c.subject.in_(keys)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(sign_in_attempts).where(right))

    def _count(self, key: str, moment: float) -> int:
        since = sign_in_attempts.c.at > moment - WINDOW
        query = sa.select(sa.func.count()).where(since & (sign_in_attempts.c.subject == key))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value.casefold()}".encode()).hexdigest()
