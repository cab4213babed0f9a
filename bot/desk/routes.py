"""The desk's routes: every one says who may use it."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.assets import load_assets
from bot.desk import (
    accounts_pages,
    alerts,
    city,
    counts_pages,
    enrolment,
    listing,
    log_page,
    meetings,
    own_account,
    record,
    sign_in,
    talk_pages,
    talk_work,
    work,
)
from bot.desk.access import Access, Route, handler
from bot.desk.labels import load_labels
from bot.desk.pages import Pages
from bot.desk.static_files import ASSETS, static
from bot.files import ROOT
from bot.i18n.catalogue_files import DESK as DOMAIN
from bot.i18n.catalogues import Catalogues
from bot.i18n.languages import Languages
from bot.records import accounts
from bot.records.accounts import ADMINISTRATOR, AUDITOR, LEAD
from bot.records.sessions import ENROLLING, PASSWORD, SIGNED_IN

STATIC = Path(__file__).parent / "static"

PUBLIC = Access()
KNOWN = Access(frozenset({PASSWORD, ENROLLING, SIGNED_IN}))
HALFWAY = Access(frozenset({PASSWORD}))
BEGINNING = Access(frozenset({ENROLLING}))
EVERYBODY = Access(frozenset({SIGNED_IN}))
WORKERS = Access(frozenset({SIGNED_IN}), frozenset(accounts.WORKERS))
LEADS = Access(frozenset({SIGNED_IN}), frozenset({LEAD}))
AUDITORS = Access(frozenset({SIGNED_IN}), frozenset({AUDITOR}))
ADMINISTRATORS = Access(frozenset({SIGNED_IN}), frozenset({ADMINISTRATOR}))

ONE = "/desk/records/{reference}"
TALK = "/desk/talks/{reference}"
ACCOUNT = "/desk/accounts/{name}"
ROUTES = (
    Route("GET", "/desk/static/{name}", static, PUBLIC),
    Route("GET", "/desk/sign-in", sign_in.sign_in_page, PUBLIC),
    Route("POST", "/desk/sign-in", sign_in.sign_in, PUBLIC),
    Route("GET", "/desk/city", city.start, PUBLIC),
    Route("GET", "/desk/city/back", city.back, PUBLIC),
    Route("GET", "/desk/begin", enrolment.begin_page, PUBLIC),
    Route("POST", "/desk/begin", enrolment.begin, PUBLIC),
    Route("GET", "/desk/code", sign_in.code_page, HALFWAY),
    Route("POST", "/desk/code", sign_in.code, HALFWAY),
    Route("GET", "/desk/enrol", enrolment.enrol_page, BEGINNING),
    Route("POST", "/desk/enrol", enrolment.enrol, BEGINNING),
    Route("POST", "/desk/sign-out", sign_in.sign_out, KNOWN),
    Route("GET", "/desk", sign_in.home, EVERYBODY),
    Route("GET", "/desk/me", own_account.account_page, EVERYBODY),
    Route("GET", "/desk/me/alive", own_account.alive, EVERYBODY),
    Route("POST", "/desk/me/language", own_account.language, EVERYBODY),
    Route("POST", "/desk/me/password", own_account.password, EVERYBODY),
    Route("POST", "/desk/me/recovery-codes", own_account.recovery_codes, EVERYBODY),
    Route("POST", "/desk/me/alerts", alerts.change, WORKERS),
    Route("GET", "/desk/records", listing.list_page, WORKERS),
    Route("GET", "/desk/records/rows", listing.rows_fragment, WORKERS, quiet=True),
    Route("GET", ONE, record.record_page, WORKERS),
    Route("GET", f"{ONE}/export.json", record.export_json, WORKERS),
    Route("GET", f"{ONE}/export.txt", record.export_text, WORKERS),
    Route("GET", f"{ONE}/export.pdf", record.export_pdf, WORKERS),
    Route("POST", f"{ONE}/take", work.take, WORKERS),
    Route("POST", f"{ONE}/pass-on", work.pass_on, WORKERS),
    Route("POST", f"{ONE}/note", work.note, WORKERS),
    Route("POST", f"{ONE}/contacted", work.marking("contacted"), WORKERS),
    Route("POST", f"{ONE}/imported", work.marking("imported"), WORKERS),
    Route("POST", f"{ONE}/closed", work.marking("closed"), WORKERS),
    Route("POST", f"{ONE}/meeting", meetings.propose, WORKERS),
    Route("POST", f"{ONE}/meeting/withdraw", meetings.withdraw, WORKERS),
    Route("GET", f"{ONE}/meeting.ics", meetings.calendar, WORKERS),
    Route("POST", f"{ONE}/delete", work.delete, WORKERS),
    Route("GET", "/desk/talks", talk_pages.list_page, WORKERS),
    Route("GET", "/desk/talks/rows", talk_pages.rows_fragment, WORKERS, quiet=True),
    Route("GET", TALK, talk_pages.talk_page, WORKERS),
    Route("GET", f"{TALK}/messages", talk_pages.messages_fragment, WORKERS, quiet=True),
    Route("GET", f"{TALK}/phrases", talk_pages.phrases_fragment, WORKERS),
    Route("POST", f"{TALK}/take", talk_work.take, WORKERS),
    Route("POST", f"{TALK}/say", talk_work.say, WORKERS),
    Route("POST", f"{TALK}/phrase", talk_work.say_phrase, WORKERS),
    Route("POST", f"{TALK}/hand-over", talk_work.hand_over, WORKERS),
    Route("POST", f"{TALK}/end", talk_work.end, WORKERS),
    Route("GET", "/desk/counts", counts_pages.counts_page, LEADS),
    Route("GET", "/desk/counts.csv", counts_pages.counts_csv, LEADS),
    Route("GET", "/desk/log", log_page.log_page, AUDITORS),
    Route("GET", "/desk/accounts", accounts_pages.accounts_page, ADMINISTRATORS),
    Route("POST", "/desk/accounts", accounts_pages.add, ADMINISTRATORS),
    Route("POST", f"{ACCOUNT}/reset", accounts_pages.reset, ADMINISTRATORS),
    Route("POST", f"{ACCOUNT}/close", accounts_pages.activating(False), ADMINISTRATORS),
    Route("POST", f"{ACCOUNT}/open", accounts_pages.activating(True), ADMINISTRATORS),
    Route("GET", "/desk/{elsewhere:.*}", sign_in.nowhere, PUBLIC),  # the last: whatever is left
)


def add_desk(app: web.Application) -> None:
    """Add the desk's routes. ``app[DESK]`` must be set before the first request."""
    app[ASSETS] = load_assets(STATIC)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, handler(route))


def desk_pages(everyone: Languages) -> Pages:
    """The desk's pages, in the languages of the desk's catalogues. Raises ``DataError``."""
    spoken = {code: everyone[code] for code in DOMAIN.languages or everyone}
    catalogues = Catalogues(spoken, ROOT / "locales", DOMAIN.name)
    labels = load_labels(ROOT / "data" / "desk.yml")
    return Pages(catalogues, everyone, labels, load_assets(STATIC))
