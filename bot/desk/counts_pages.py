"""The lead's page of counts, and the same numbers as a file."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.desk import counts
from bot.desk.call import Call
from bot.desk.counts import Table
from bot.desk.talk_counts import TalkCounts, talk_counts
from bot.i18n.formats import language_name


def counts_page(call: Call) -> web.Response:
    """The counts in words."""
    call.log("counts_opened")
    records = call.desk.records.listed(call.who.municipality)
    talks = _talks(call)
    return call.page(
        "counts.html",
        tables=_shown(call, counts.tables(records)),
        total=counts.total(records),
        talks=talks,
        talk_tables=_shown(call, talks.tables),
        hidden=counts.HIDDEN,
    )


def counts_csv(call: Call) -> web.Response:
    """The counts as CSV."""
    call.log("counts_exported", detail="csv")
    records = call.desk.records.listed(call.who.municipality)
    talks = _talks(call)
    wholes = {
        "total": counts.total(records),
        "talks": talks.total,
        "talk_wait_median_minutes": talks.wait,
    }
    text = counts.as_csv([*counts.tables(records), *talks.tables], wholes)
    headers = {"Content-Disposition": 'attachment; filename="silta-counts.csv"'}
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


def _talks(call: Call) -> TalkCounts:
    return talk_counts(call.desk.talking.talks.all_of(call.who.municipality))


def _shown(call: Call, found: Sequence[Table]) -> list[tuple[str, list[tuple[str, int]], bool]]:
    return [
        (t.name, [(_named(call, t.name, key), count) for key, count in t.cells], t.others)
        for t in found
    ]


def _named(call: Call, table: str, key: str) -> str:
    if table in ("language", "talk_language"):
        return language_name(key, call.language)
    if table == "state":
        return call.desk.pages.label(call.language, "states", key)
    if table == "talk_outcome":
        return call.desk.pages.label(call.language, "talk_outcomes", key)
    if table == "flag":
        return call.desk.reader.flag(key, call.language).label
    return key
