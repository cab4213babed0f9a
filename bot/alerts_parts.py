"""Joins the alerts with the desk, of which they know nothing."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from bot.alerts.mail import MailServer
from bot.alerts.watch import Watch
from bot.desk.alerts import alert_words
from bot.desk.services import Services
from bot.records.advance import Listed
from bot.records.alerts import AlertQueue
from bot.settings import Settings


def alert_watch(desk: Services, database: Engine) -> Watch:
    """What watches over the desk's records."""
    language = next(iter(desk.pages.languages.values()))

    def is_urgent(record: Listed) -> bool:
        return any(desk.reader.flag(flag, language).rank == 0 for flag in record.flags)

    return Watch(
        accounts=desk.accounts,
        records=desk.records,
        meetings=desk.meetings,
        wishes=desk.wishes,
        queue=AlertQueue(database),
        hours=desk.office.hours,
        is_urgent=is_urgent,
        words=alert_words(desk.pages, desk.settings.public_url),
    )


def mail_server(settings: Settings) -> MailServer:
    """The mail server of the settings."""
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls=settings.smtp_tls,
    )
