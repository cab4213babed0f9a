"""The watch: every half minute it looks what is due, and hands it to the mail server."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.alerts.due import Answered, answers, due
from bot.alerts.mail import InDoubt, MailServer, NotSent, Refused, Send, connected, message
from bot.hours.working import WorkingHours
from bot.records.accounts import CASEWORKER, LEAD, Account, Accounts
from bot.records.advance import AdvanceRecords, Listed
from bot.records.alerts import Alert, AlertQueue, Wishes
from bot.records.meetings import Meetings
from bot.records.vault import VaultError

EVERY = 30  # seconds
log = logging.getLogger(__name__)
# Subject and text of an alert, in the language of the account.
Words = Callable[[Alert, Account], tuple[str, str]]


@dataclass(frozen=True)
class Watch:
    """What the alerts are made of."""

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
        for wish in self.wishes.all():
            account = self._worker(wish.account)
            if account is None:
                continue
            records = self.records.listed(account.municipality)
            self.queue.add(due(account, wish, records, self.is_urgent, self.hours, at))
            answered = [Answered(*row) for row in self.meetings.answered(account.municipality)]
            self.queue.add(answers(account, wish, answered))

    def mail_for(self, alert: Alert, server: MailServer) -> tuple[str, str, str] | None:
        """(address, subject, text), or None if the account does not want it any more."""
        account, wish = self._worker(alert.account), self.wishes.of(alert.account)
        if account is None or wish is None:
            return None
        return (wish.address, *self.words(alert, account))

    def _worker(self, account_id: int) -> Account | None:
        account = self.accounts.get(account_id)
        works = account is not None and account.active and account.role in (CASEWORKER, LEAD)
        return account if works else None


async def watch_regularly(watch: Watch, server: MailServer, every: float = EVERY) -> None:
    """Look and send, until cancelled. What is away, database or mail server, is tried again."""
    while True:
        try:
            await asyncio.to_thread(watch.look, dt.datetime.now(dt.timezone.utc))
            await send_waiting(watch, server)
        except (SQLAlchemyError, VaultError) as error:
            log.error("alerts failed, tried again later: %s", type(error).__name__)
        await asyncio.sleep(every)


async def send_waiting(watch: Watch, server: MailServer) -> None:
    """Send what waits. The log says how it went, never to whom."""
    while claimed := await asyncio.to_thread(watch.queue.claim):
        left = list(claimed)
        try:
            async with connected(server) as send:
                while left:
                    await _deliver(watch, server, send, left[0])
                    left.pop(0)
        except NotSent as error:
            log.warning("alerts: not sent (%s), tried again later", error)
            for alert in left:
                await asyncio.to_thread(watch.queue.again, alert)


async def _deliver(watch: Watch, server: MailServer, send: Send, alert: Alert) -> None:
    mail = await asyncio.to_thread(watch.mail_for, alert, server)
    if mail is None:
        await asyncio.to_thread(watch.queue.refused, alert)
        return
    address, subject, text = mail
    try:
        await send(message(server, address, alert.key, subject, text))
    except Refused as error:
        log.error("alerts: the mail server refuses one (%s)", error)
        await asyncio.to_thread(watch.queue.refused, alert)
    except InDoubt as error:
        log.warning("alerts: one is in doubt (%s) and is not sent again", error)
    else:
        await asyncio.to_thread(watch.queue.sent, alert)
