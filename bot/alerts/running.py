"""The watch: every half minute it looks what is due, and hands it to the mail server."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable

from bot.alerts.mail import Away, InDoubt, MailServer, NotSent, Refused, hand_over, message
from bot.alerts.watch import Watch
from bot.records.alerts import Alert

EVERY = 30  # seconds
log = logging.getLogger(__name__)


async def watch_regularly(watch: Watch, server: MailServer, every: float = EVERY) -> None:
    """Look and send, until cancelled. Whatever fails is tried again in the next round."""
    while True:
        at = dt.datetime.now(dt.timezone.utc)
        await _outlived(asyncio.to_thread(watch.look, at))
        await _outlived(send_waiting(watch, server))
        await asyncio.sleep(every)


async def send_waiting(watch: Watch, server: MailServer) -> None:
    """Send what waits, one at a time: a process that dies leaves one in doubt at most.

    The log says how it went, never to whom.
    """
    while alert := await asyncio.to_thread(watch.queue.claim):
        try:
            await _deliver(watch, server, alert)
        except Exception as error:  # noqa: BLE001  # one alert, whatever is wrong with it, stops no other
            log.warning("alerts: one was not sent (%s), tried again later", _named(error))
            await asyncio.to_thread(watch.queue.again, alert)
            if isinstance(error, Away):
                return


async def _deliver(watch: Watch, server: MailServer, alert: Alert) -> None:
    mail = await asyncio.to_thread(watch.mail_for, alert)
    if mail is None:
        await asyncio.to_thread(watch.queue.dropped, alert)
        return
    address, subject, text = mail
    try:
        await hand_over(server, message(server, address, alert.key, subject, text))
    except Refused as error:
        log.error("alerts: the mail server refuses one (%s)", error)
        await asyncio.to_thread(watch.queue.refused, alert)
    except InDoubt as error:
        log.warning("alerts: one is in doubt (%s) and is not sent again", error)
    else:
        await _outlived(asyncio.to_thread(watch.queue.sent, alert))  # what went is not sent again


async def _outlived(work: Awaitable[None]) -> None:
    """The outermost loop's work: no error ends it, and the log gets the error's name alone."""
    try:
        await work
    except Exception as error:  # noqa: BLE001  # the next round tries again, whatever it was
        log.error("alerts failed, tried again later: %s", type(error).__name__)


def _named(error: Exception) -> str:
    return str(error) if isinstance(error, NotSent) else type(error).__name__
