"""Which alerts are due: a plain function of records, meetings, wishes and working hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.hours.working import WorkingHours
from bot.records.accounts import Account
from bot.records.advance import STATES, Listed
from bot.records.alerts import URGENT, Alert, Wish

NEW, UNREAD, ANSWERED = "new", "unread", "answered"
URGENT_LEVEL, ORDINARY = "urgent", "ordinary"
URGENT_LIMIT = dt.timedelta(hours=1)  # of working time


@dataclass(frozen=True)
class Answered:
    """A meeting to which the person said something: by whom it was offered, and when she did."""

    meeting: str
    reference: str
    state: str
    proposed_by: str
    changed: float


def due(
    account: Account,
    wish: Wish,
    records: Sequence[Listed],
    is_urgent: Callable[[Listed], bool],
    hours: WorkingHours,
    at: dt.datetime,
) -> Iterator[Alert]:
    """What this account should be told of the records of its municipality that nobody has read."""
    for record in records:
        if record.state != STATES[0]:
            continue
        urgent = is_urgent(record)
        if wish.wanted == URGENT and not urgent:
            continue
        sent = dt.datetime.fromtimestamp(record.sent_at, dt.timezone.utc)
        limit = URGENT_LIMIT if urgent else hours.working_day
        if hours.working_time_between(sent, at) >= limit:
            kind = UNREAD
        elif record.sent_at >= wish.since:
            kind = NEW
        else:
            continue
        key = f"{kind}:{record.reference}:{account.id}"
        level = URGENT_LEVEL if urgent else ORDINARY
        yield Alert(key, account.id, record.reference, kind, level)


def answers(account: Account, wish: Wish, answered: Sequence[Answered]) -> Iterator[Alert]:
    """What this account should be told of the meetings that it offered."""
    for said in answered:
        if said.proposed_by == account.name and said.changed >= wish.since:
            key = f"{ANSWERED}:{said.meeting}:{said.state}:{account.id}"
            yield Alert(key, account.id, said.reference, ANSWERED, ORDINARY)
