"""What the desk works with. ``open_services`` builds it for one database and vault."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.desk.office import Office
from bot.desk.pages import Pages
from bot.desk.provider import Provider, open_provider
from bot.desk.reading import Reader
from bot.desk.talking import Talking
from bot.paper.printer import Printer
from bot.records.accounts import Accounts
from bot.records.advance import AdvanceRecords
from bot.records.alerts import Wishes
from bot.records.attempts import Attempts
from bot.records.audit import Audit
from bot.records.meetings import Meetings
from bot.records.notes import Notes
from bot.records.second_factor import SecondFactor
from bot.records.sessions import Limits, Sessions
from bot.records.vault import Vault
from bot.settings import Settings

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Services:
    """The stores and pages of the desk."""

    settings: Settings
    records: AdvanceRecords
    notes: Notes
    meetings: Meetings
    wishes: Wishes
    accounts: Accounts
    second_factor: SecondFactor
    sessions: Sessions
    attempts: Attempts
    audit: Audit
    vault: Vault
    provider: Provider | None
    pages: Pages
    reader: Reader
    talking: Talking
    office: Office
    printer: Printer


DESK = web.AppKey("desk", Services)


def open_services(
    settings: Settings,
    database: Engine,
    vault: Vault,
    records: AdvanceRecords,
    pages: Pages,
    reader: Reader,
    talking: Talking,
    office: Office,
    printer: Printer,
) -> Services:
    """Everything the desk needs, on one database."""
    limits = Limits(settings.desk_idle_minutes * MINUTE, settings.desk_session_hours * HOUR)
    return Services(
        settings=settings,
        records=records,
        notes=Notes(database, vault),
        meetings=Meetings(database, vault),
        wishes=Wishes(database, vault),
        accounts=Accounts(database),
        second_factor=SecondFactor(database, vault),
        sessions=Sessions(database, limits),
        attempts=Attempts(database),
        audit=Audit(database),
        vault=vault,
        provider=open_provider(settings),
        pages=pages,
        reader=reader,
        talking=talking,
        office=office,
        printer=printer,
    )
