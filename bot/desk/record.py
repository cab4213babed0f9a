"""One record as it is read, and as it leaves the desk."""

from __future__ import annotations

from aiohttp import web

from bot.desk.call import Call, Refused
from bot.desk.meeting_panel import Form, panel
from bot.paper.printer import PaperMissing
from bot.records.accounts import WORKERS, Account
from bot.records.advance import SentRecord
from bot.records.database import now
from bot.records.periods import DAY
from bot.records.references import tidy_reference

TRAIL = 200  # entries of the log that a record shows


def record_page(call: Call, form: Form | None = None, status: int = 200) -> web.Response:
    """The record with all that belongs to it. Whoever asks for it stands in the log first.

    ``form``: an offer of a meeting that was not taken as it was.
    """
    record = opened(call, "record_opened")
    labels = call.desk.pages.labels.groups
    problem, municipality = call.query("problem"), call.who.municipality
    reader, shown_in = call.desk.reader, call.desk.pages.languages[summary_language(call)]
    return call.page(
        "record.html",
        status,
        problem=problem if problem in labels["problems"] else "",
        record=record,
        flags=reader.flags(record, call.language),
        contact=reader.contact(record, call.language),
        summary=reader.summary(record, shown_in),
        summary_language=shown_in.code,
        lines=list(reader.lines(record, call.language)),
        blocks=reader.blocks(record, shown_in),
        whole=reader.text(record, shown_in),
        notes=call.desk.notes.of(record.reference, municipality),
        trail=call.desk.audit.entries(municipality, record.reference, limit=TRAIL),
        colleagues=colleagues(call),
        panel=panel(call, record, form),
        imported_until=_imported_until(call, record),
    )


def export_json(call: Call) -> web.Response:
    """The record as JSON, for another system."""
    record = opened(call, "record_exported", "json")
    return _file(record, "json", "application/json", call.desk.reader.json(record))


def export_text(call: Call) -> web.Response:
    """The record as plain text, to be copied into another system."""
    record = opened(call, "record_exported", "text")
    language = call.desk.pages.languages[summary_language(call)]
    return _file(record, "txt", "text/plain", call.desk.reader.text(record, language))


def export_pdf(call: Call) -> web.Response:
    """The record on one sheet of A4. Raises ``Refused`` where the machine cannot make a PDF."""
    record = opened(call, "record_exported", "pdf")
    language = call.desk.pages.languages[summary_language(call)]
    try:
        pdf = call.desk.printer.pdf(call.desk.reader.sheets(record, language))
    except PaperMissing:
        raise Refused(503, "no_pdf") from None
    headers = {"Content-Disposition": f'inline; filename="silta-{record.reference}.pdf"'}
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)


def opened(call: Call, event: str, detail: str = "") -> SentRecord:
    """The record for reading. Raises ``NotFound``; what is not there leaves no trace either."""
    reference = existing(call)
    call.log_reading(event, reference, detail)
    return call.desk.records.opened(reference, call.who.municipality)


def colleagues(call: Call) -> list[Account]:
    """Who else works with records in this municipality."""
    everyone = call.desk.accounts.listed(call.who.municipality)
    return [a for a in everyone if a.active and a.role in WORKERS and a.name != call.who.name]


def asked_for(call: Call) -> str:
    """The reference in the address."""
    return tidy_reference(call.part("reference"))


def existing(call: Call) -> str:
    """The same, if there is such a record in the municipality. Raises ``NotFound``."""
    reference = asked_for(call)
    call.desk.records.head(reference, call.who.municipality)
    return reference


def summary_language(call: Call) -> str:
    """The language in which the caseworker wants the summary."""
    chosen = call.query("summary")
    return chosen if chosen in call.desk.pages.languages else call.language.code


def _imported_until(call: Call, record: SentRecord) -> float:
    """The day on which the record would go if it were marked as imported now."""
    return min(record.delete_by, now() + call.desk.settings.imported_days * DAY)


def _file(record: SentRecord, ending: str, content_type: str, text: str) -> web.Response:
    name = f'attachment; filename="silta-{record.reference}.{ending}"'
    headers = {"Content-Disposition": name}
    return web.Response(text=text, content_type=content_type, charset="utf-8", headers=headers)
