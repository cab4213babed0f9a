"""What the alerts are made of: who is told what, and whether it is still worth telling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.alerts.due import ANSWERED, Answered, answers, due
from bot.hours.working import WorkingHours
from bot.records.accounts import WORKERS, Account, Accounts
from bot.records.advance import STATES, AdvanceRecords, Listed, NotFound
from bot.records.alerts import URGENT, Alert, AlertQueue, Wish, Wishes
from bot.records.meetings import Meetings

# Subject and text of an alert, in the language of the account.
Words = Callable[[Alert, Account], tuple[str, str]]


@dataclass(frozen=True)
class Watch:
    """Looks what is due, and again before it is sent."""

    accounts: Accounts
    records: AdvanceRecords
    meetings: Meetings
    wishes: Wishes
    queue: AlertQueue
    hours: WorkingHours
    is_urgent: Callable[[Listed], bool]
    words: Words

    def look(self, at: dt.datetime) -> None:
        """Queue what is due at that moment and was not queued before."""
        seen: dict[str, tuple[Sequence[Listed], Sequence[Answered]]] = {}
        for wish in self.wishes.all():
            account = self._worker(wish.account)
            if account is None:
                continue
            town = account.municipality
            if town not in seen:
                seen[town] = self.records.listed(town), self._answered(town)
            records, answered = seen[town]
            self.queue.add(due(account, wish, records, self.is_urgent, self.hours, at))
            self.queue.add(answers(account, wish, answered))

    def mail_for(self, alert: Alert) -> tuple[str, str, str] | None:
        """(address, subject, text), or None if nobody wants or needs it any more."""
        account, wish = self._worker(alert.account), self.wishes.of(alert.account)
        if account is None or wish is None or not self._needed(alert, account, wish):
            return None
        return (wish.address, *self.words(alert, account))

    def _needed(self, alert: Alert, account: Account, wish: Wish) -> bool:
        """Whether it is still so: mail may have waited for hours until a server came back."""
        try:
            record = self.records.head(alert.reference, account.municipality)
        except NotFound:
            return False
        if alert.kind == ANSWERED:
            return True
        wanted = wish.wanted != URGENT or self.is_urgent(record)
        return wanted and record.state == STATES[0]

    def _answered(self, municipality: str) -> list[Answered]:
        return [Answered(*row) for row in self.meetings.answered(municipality)]

    def _worker(self, account_id: int) -> Account | None:
        account = self.accounts.get(account_id)
        works = account is not None and account.active and account.role in WORKERS
        return account if works else None
