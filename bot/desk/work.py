"""What is done with a record: take, pass on, note, mark, delete. Each deed is logged first."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.desk.call import HOME, Call
from bot.desk.record import asked_for, colleagues, existing


def take(call: Call) -> web.Response:
    """It is mine now. Who has it already must be named: so nobody takes it unknowingly."""
    reference, me, other = asked_for(call), call.who, call.form.get("from", "")
    if call.desk.records.head(reference, me.municipality).taken_by in (None, me.name, other):
        call.log("record_taken", reference)
        if call.desk.records.take(reference, me.municipality, me.name, instead_of=other):
            return _back(call, reference)
    return _back(call, reference, "taken_by_other")


def pass_on(call: Call) -> web.Response:
    """A colleague has it now."""
    reference = existing(call)
    colleague = call.form.get("colleague", "")
    if colleague not in [account.name for account in colleagues(call)]:
        return _back(call, reference, "no_such_colleague")
    call.log("record_passed_on", reference, colleague)
    call.desk.records.mark(reference, call.who.municipality, "taken", colleague)
    return _back(call, reference)


def note(call: Call) -> web.Response:
    """Write a note for colleagues. It goes when the record goes."""
    reference = existing(call)
    text = call.form.get("note", "").strip()
    if not text:
        return _back(call, reference, "empty_note")
    call.log("record_noted", reference)
    call.desk.notes.add(reference, call.who.municipality, call.who.name, text)
    return _back(call, reference)


def marking(state: str) -> Callable[[Call], web.Response]:
    """The handler that sets this state: contacted, imported (the deletion clock) or closed."""

    def mark(call: Call) -> web.Response:
        reference = existing(call)
        call.log(f"record_{state}", reference)
        call.desk.records.mark(reference, call.who.municipality, state, call.who.name)
        return _back(call, reference)

    return mark


def delete(call: Call) -> web.Response:
    """Delete the record now, with all that hangs on it. The log keeps reference and reason."""
    reference = existing(call)
    reason = call.form.get("reason", "")
    if reason not in call.desk.pages.labels.groups["deletion_reasons"]:
        return _back(call, reference, "no_reason")
    call.log("record_deleted", reference, reason)
    call.desk.records.delete(reference, call.who.municipality)
    call.desk.notes.forget(reference, call.who.municipality)
    call.desk.meetings.forget(reference, call.who.municipality)
    return call.go(f"{HOME}/records")


def _back(call: Call, reference: str, problem: str = "") -> web.Response:
    """To the record; opening it is logged as always."""
    suffix = f"?problem={problem}" if problem else ""
    return call.go(f"{HOME}/records/{reference}{suffix}")
