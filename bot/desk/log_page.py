"""The auditor's page: the log of the municipality, and whether the whole log is sound."""

from __future__ import annotations

from aiohttp import web

from bot.desk.call import Call
from bot.records.audit import LogBroken
from bot.records.references import tidy_reference

SHOWN = 200
LONGEST = 10  # digits of a number that any database takes


def log_page(call: Call) -> web.Response:
    """The newest entries, or those before a number; of one record or one person if asked."""
    before = call.query("before")
    reference, who = tidy_reference(call.query("reference")), call.query("who")
    call.log("log_opened", reference)
    entries = call.desk.audit.entries(
        call.who.municipality,
        reference=reference,
        who=who,
        before=int(before) if before.isdecimal() and len(before) < LONGEST else None,
        limit=SHOWN,
    )
    head, broken = _verified(call) if call.query("verify") else ("", "")
    return call.page(
        "log.html",
        entries=entries,
        more=entries[-1].number if len(entries) == SHOWN else None,
        reference=reference,
        person=who,
        head=head,
        broken=broken,
    )


def _verified(call: Call) -> tuple[str, str]:
    """The head of the whole log, or what is wrong with it."""
    try:
        return str(call.desk.audit.verify()), ""
    except LogBroken as error:
        return "", str(error)
