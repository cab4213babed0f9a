"""The lead's page of counts, and the same numbers as a file."""

from __future__ import annotations

from aiohttp import web

from bot.desk import counts
from bot.desk.call import Call
from bot.i18n.formats import language_name


def counts_page(call: Call) -> web.Response:
    """The counts in words."""
    call.log("counts_opened")
    records = call.desk.records.listed(call.who.municipality)
    return call.page(
        "counts.html",
        tables=[
            (t.name, [(_named(call, t.name, key), count) for key, count in t.cells], t.others)
            for t in counts.tables(records)
        ],
        total=counts.total(records),
        hidden=counts.HIDDEN,
    )


def counts_csv(call: Call) -> web.Response:
    """The counts as CSV."""
    call.log("counts_exported", detail="csv")
    records = call.desk.records.listed(call.who.municipality)
    text = counts.as_csv(counts.tables(records), counts.total(records))
    headers = {"Content-Disposition": 'attachment; filename="silta-counts.csv"'}
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


def _named(call: Call, table: str, key: str) -> str:
    if table == "language":
        return language_name(key, call.language)
    if table == "state":
        return call.desk.pages.label(call.language, "states", key)
    if table == "flag":
        return call.desk.reader.flag(key, call.language).label
    return key
