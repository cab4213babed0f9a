"""Alerts as the desk has them: the words of an e-mail, and what an account wants."""

from __future__ import annotations

import re
from collections.abc import Callable

from aiohttp import web

from bot.desk.call import HOME, Call
from bot.desk.own_account import account_page
from bot.desk.pages import Pages
from bot.records.accounts import Account
from bot.records.alerts import ALL, OFF, URGENT, Alert

WISHES = (OFF, URGENT, ALL)
# What every mail server takes: no other letters, no quotes, no comments (RFC 5321 allows more).
WORD, LABEL = r"[A-Za-z0-9_%+'-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = re.compile(rf"(?=.{{1,64}}@){WORD}(?:\.{WORD})*@{LABEL}(?:\.{LABEL})+")
LONGEST = 254  # characters of an address (RFC 5321)


def alert_words(pages: Pages, public_url: str) -> Callable[[Alert, Account], tuple[str, str]]:
    """What makes subject and text of an alert: a reference, a level, the way to the desk."""

    def words(alert: Alert, account: Account) -> tuple[str, str]:
        language = pages.languages.get(account.language) or next(iter(pages.languages.values()))
        labels = pages.labels.groups["alerts"]
        name = alert.kind if alert.kind == "answered" else f"{alert.kind}_{alert.level}"
        what = pages.say(language, labels[name])
        subject = pages.say(language, labels["subject"], what=what, reference=alert.reference)
        link = f"{public_url.rstrip('/')}{HOME}/records/{alert.reference}"
        return subject, pages.render("alert.txt", language, what=what, alert=alert, link=link)

    return words


def change(call: Call) -> web.Response:
    """Want other alerts, or none."""
    wanted, address = call.form.get("wanted", ""), call.form.get("address", "").strip()
    if wanted not in WISHES:
        wanted = OFF
    if wanted != OFF and not (ADDRESS.fullmatch(address) and len(address) <= LONGEST):
        return account_page(call, "bad_address", 422)
    call.log("alerts_changed", detail=wanted)
    call.desk.wishes.set(call.who.id, wanted, address)
    return call.go(f"{HOME}/me")
