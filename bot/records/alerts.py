"""Who wants alerts, and which were sent. Addresses are sealed.

An alert is one row for as long as its record lives, whoever runs the service and how often it is
started. One at a time is marked «sending» before the mail server is asked: a process that is killed
in that moment leaves it in doubt, and what is in doubt is not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import now
from bot.records.desk_tables import accounts
from bot.records.meeting_tables import alert_wishes, alerts
from bot.records.vault import Vault

OFF, URGENT, ALL = "off", "urgent", "all"
WAITING, SENDING, SENT = "waiting", "sending", "sent"
REFUSED, DROPPED = "refused", "dropped"  # by the mail server; by us, who need it no more
FIRST_WAIT, LONGEST_WAIT = 60, 3600  # seconds until a failed alert is tried again


@dataclass(frozen=True)
class Wish:
    """Which alerts an account wants, since when, and where to."""

    account: int
    wanted: str
    since: float
    address: str


@dataclass(frozen=True)
class Alert:
    """One alert to one account. ``key`` makes it the only one of its kind."""

    key: str
    account: int
    reference: str
    kind: str
    level: str


class Wishes:
    """Keeps what accounts want."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def set(self, account: int, wanted: str, address: str) -> None:
        """Want these alerts from now on; ``OFF`` forgets the address."""
        sealed = self._vault.seal(address, _place(account))
        values = {"account": account, "wanted": wanted, "since": now(), "address": sealed}
        with self._engine.begin() as connection:
            connection.execute(sa.delete(alert_wishes).where(alert_wishes.c.account == account))
            if wanted != OFF:
                connection.execute(sa.insert(alert_wishes).values(**values))

    def of(self, account: int) -> Wish | None:
        """What an account wants."""
        found = self._read(alert_wishes.c.account == account)
        return found[0] if found else None

    def all(self) -> list[Wish]:
        """Everybody's wishes."""
        return self._read(sa.true())

    def unreachable(self, municipality: str) -> list[str]:
        """Names of the accounts whose present address the mail server would not take."""
        query = (
            sa.select(accounts.c.name)
            .join(alert_wishes, alert_wishes.c.account == accounts.c.id)
            .join(alerts, alerts.c.account == accounts.c.id)
            .where(accounts.c.municipality == municipality)
            .where(alerts.c.state == REFUSED, alerts.c.due >= alert_wishes.c.since)
        )
        with self._engine.connect() as connection:
            return sorted(set(connection.execute(query).scalars()))

    def _read(self, where: sa.sql.ColumnElement) -> list[Wish]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(alert_wishes).where(where)).all()
        return [
            Wish(r.account, r.wanted, r.since, self._vault.open(r.address, _place(r.account)))
            for r in rows
        ]


class AlertQueue:
    """Alerts that wait, and those that went."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, due: Iterable[Alert]) -> None:
        """Queue those that were never queued."""
        found = {alert.key: alert for alert in due}
        known = sa.select(alerts.c.key).where(alerts.c.key.in_(list(found)))
        with self._engine.connect() as connection:
            for key in connection.execute(known).scalars():
                found.pop(key)
        for alert in found.values():
            row = {**vars(alert), "state": WAITING, "tries": 0, "due": now()}
            try:
                with self._engine.begin() as connection:
                    connection.execute(sa.insert(alerts).values(**row))
            except sa.exc.IntegrityError:
                continue  # another process was faster

    def claim(self) -> Alert | None:
        """The next alert whose turn it is, for this process alone; None where none waits."""
        waiting = (alerts.c.state == WAITING) & (alerts.c.due <= now())
        query = sa.select(alerts).where(waiting).order_by(alerts.c.due, alerts.c.key).limit(1)
        while True:
            with self._engine.connect() as connection:
                row = connection.execute(query).first()
            if row is None:
                return None
            if self._move(row.key, WAITING, state=SENDING):
                return Alert(**{name: getattr(row, name) for name in Alert.__dataclass_fields__})

    def sent(self, alert: Alert) -> None:
        """The mail server has it."""
        self._move(alert.key, SENDING, state=SENT)

    def refused(self, alert: Alert) -> None:
        """The mail server will never take it."""
        self._move(alert.key, SENDING, state=REFUSED)

    def dropped(self, alert: Alert) -> None:
        """Nobody wants or needs it any more."""
        self._move(alert.key, SENDING, state=DROPPED)

    def again(self, alert: Alert) -> None:
        """It was surely not sent: try later."""
        with self._engine.connect() as connection:
            tried = sa.select(alerts.c.tries).where(alerts.c.key == alert.key)
            tries = int(connection.execute(tried).scalar() or 0)
        wait = min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
        self._move(alert.key, SENDING, state=WAITING, tries=tries + 1, due=now() + wait)

    def _move(self, key: str, before: str, **values: object) -> bool:
        same = (alerts.c.key == key) & (alerts.c.state == before)
        with self._engine.begin() as connection:
            return bool(connection.execute(sa.update(alerts).where(same).values(**values)).rowcount)


def _place(account: int) -> str:
    return f"alert address {account}"
