"""The auditor's page: the log of the municipality, and whether the whole log is sound."""

from __future__ import annotations

import re

from aiohttp import web

from bot.desk.call import Call
from bot.records.audit import LogBroken
from bot.records.references import tidy_reference

SHOWN = 200
LONGEST = 10  # digits of a number that any database takes
TALK = re.compile("t-[0-9a-f]{1,32}")  # how a talk is called in the log


def log_page(call: Call) -> web.Response:
    """The newest entries, or those before a number; of one record or one person if asked."""
    before = call.query("before")
    reference, who = _reference(call.query("reference")), call.query("who")
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


def _reference(text: str) -> str:
    """A record's reference as people type it, or a talk's as the log shows it."""
    talk = text.strip().lower()
    return talk if TALK.fullmatch(talk) else tidy_reference(text)


def _verified(call: Call) -> tuple[str, str]:
    """The head of the whole log, or what is wrong with it."""
    try:
        return str(call.desk.audit.verify()), ""
    except LogBroken as error:
        return "", str(error)
