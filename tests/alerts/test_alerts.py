"""Alerts go once, hold no content, and survive what happens to mail servers and processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from bot.alerts.due import due
from bot.alerts.mail import NONE, MailServer
from bot.alerts.running import send_waiting, watch_regularly
from bot.alerts.watch import Watch
from bot.assessment.answers import Answer, Draft
from bot.clock import FINLAND
from bot.composition import languages, working_hours
from bot.desk.alerts import alert_words
from bot.desk.routes import desk_pages
from bot.records.accounts import Account, Accounts
from bot.records.advance import AdvanceRecords, Listed
from bot.records.alerts import ALL, OFF, URGENT, Alert, AlertQueue, Wish, Wishes
from bot.records.database import now
from bot.records.meeting import Offer
from bot.records.meeting_tables import alert_wishes, alerts
from bot.records.meetings import Meetings
from bot.records.periods import DAY
from bot.records.retention import purge_desk
from bot.records.vault import Key, Vault

SECRET = "Leila kertoi yöpyvänsä asemalla"
UTC = dt.timezone.utc


@dataclass
class Postbox:
    """A real mail server on this machine. ``faults`` are the answers to the next mails."""

    mails: list[email.message.EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        fault = self.faults.pop(0) if self.faults and self.faults[0] != "hang up" else ""
        if fault:
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.faults and self.faults.pop(0) == "hang up":
            server.transport.close()
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()

    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"avain")

    box.port = _free_port()
    controller = Controller(
        box, hostname="127.0.0.1", port=box.port, authenticator=login, auth_require_tls=False
    )
    controller.start()
    yield box
    controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Desk:
    """A desk with one worker, watched over."""

    watch: Watch
    database: sa.engine.Engine
    server: MailServer

    def send(self, flags: tuple[str, ...] = ()) -> str:
        answers = {"M1": Answer("M1", value=SECRET, said=SECRET, language="ar")}
        self.watch.records.save_draft("web:x", Draft("ar", "1", answers=answers))
        return self.watch.records.send("web:x", "kajaani", flags=flags)

    async def pass_by(self, at: dt.datetime | None = None) -> None:
        """One round of the service."""
        self.watch.look(at or dt.datetime.now(UTC))
        await send_waiting(self.watch, self.server)


@pytest.fixture
def desk(database: sa.engine.Engine, postbox: Postbox) -> Desk:
    vault, accounts = Vault([Key.new()]), Accounts(database)
    accounts.add("anna.virtanen", "caseworker", "kajaani")
    wishes = Wishes(database, vault)
    wishes.set(accounts.named("anna.virtanen").id, ALL, "anna@kajaani.example")
    watch = Watch(
        accounts=accounts,
        records=AdvanceRecords(database, vault),
        meetings=Meetings(database, vault),
        wishes=wishes,
        queue=AlertQueue(database),
        hours=working_hours(),
        is_urgent=lambda record: "housing_urgent" in record.flags,
        words=alert_words(desk_pages(languages()), "https://silta.example/"),
    )
    sender = "Silta <silta@kajaani.example>"
    server = MailServer("127.0.0.1", postbox.port, sender, "silta", "avain", tls=NONE)
    return Desk(watch, database, server)


async def test_a_new_record_is_told_once_with_reference_and_level_alone(
    desk: Desk, postbox: Postbox
) -> None:
    reference = desk.send(("housing_urgent",))
    await desk.pass_by()
    await desk.pass_by()
    restarted = replace(desk.watch, queue=AlertQueue(desk.database))
    await replace(desk, watch=restarted).pass_by()
    (mail,) = postbox.mails
    assert postbox.recipients == ["anna@kajaani.example"]
    assert mail["Subject"] == f"Uudet kiireelliset ennakkotiedot ({reference})"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert f"https://silta.example/desk/records/{reference}" in body
    for content in (SECRET, "Leila", "housing", "asunto", "arabia", "anna"):
        assert content not in body


async def test_the_watch_runs_by_itself_and_outlives_a_database_that_is_away(
    desk: Desk, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([sa.exc.OperationalError("away", None, Exception())])

    def look(watch: Watch, at: dt.datetime) -> None:
        for error in away:
            raise error
        told(watch, at)

    told = Watch.look
    monkeypatch.setattr(Watch, "look", look)
    desk.send()
    watching = asyncio.create_task(watch_regularly(desk.watch, desk.server, every=0.01))
    while not postbox.mails:
        assert not watching.done()
        await asyncio.sleep(0.01)
    watching.cancel()


async def test_nothing_is_told_of_what_was_there_before_or_was_read(
    desk: Desk, postbox: Postbox
) -> None:
    read = desk.send()
    desk.watch.records.opened(read, "kajaani")
    with desk.database.begin() as connection:
        connection.execute(sa.update(alert_wishes).values(since=now() + 5))
    desk.send(("housing_urgent",))
    await desk.pass_by()
    assert postbox.mails == []


async def test_a_mail_server_that_is_away_or_busy_is_asked_again(
    desk: Desk, postbox: Postbox
) -> None:
    desk.send()
    away = replace(desk, server=replace(desk.server, port=1))
    await away.pass_by()
    wrong = replace(desk, server=replace(desk.server, password="väärä"))
    _make_due(desk)
    await wrong.pass_by()
    postbox.faults = ["451 try later"]
    _make_due(desk)
    await desk.pass_by()
    assert postbox.mails == []
    await desk.pass_by()  # its time has not come yet
    assert postbox.mails == []
    _make_due(desk)
    await desk.pass_by()
    await desk.pass_by()
    assert len(postbox.mails) == 1


async def test_what_is_refused_or_in_doubt_is_not_sent_again(desk: Desk, postbox: Postbox) -> None:
    """A server that hung up may have it: once is enough, and the reminder follows."""
    desk.send()
    postbox.faults = ["550 no such person"]
    await desk.pass_by()
    desk.send()
    postbox.faults = ["hang up"]
    await desk.pass_by()
    _make_due(desk)
    await desk.pass_by()
    assert len(postbox.mails) == 1
    assert _states(desk) == ["refused", "sending"]


def _address(desk: Desk, name: str, address: str) -> None:
    """An account with an address that the page of today would not take."""
    desk.watch.accounts.add(name, "caseworker", "kajaani")
    account = desk.watch.accounts.named(name)
    assert account
    desk.watch.wishes.set(account.id, ALL, address)


def _states(desk: Desk) -> list[str]:
    with desk.database.connect() as connection:
        return sorted(connection.execute(sa.select(alerts.c.state)).scalars())


async def test_an_address_that_cannot_stand_in_a_mail_stops_nobody_elses(
    desk: Desk, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the error alone, and it is tried again: the address may be mended."""
    _address(desk, "aaro.first", "aaro@b.example\nBcc: other@c.example")
    desk.send()
    watching = asyncio.create_task(watch_regularly(desk.watch, desk.server, every=0.01))
    while not postbox.mails or "ValueError" not in caplog.text or "sending" in _states(desk):
        assert not watching.done()
        await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.wait([watching])
    assert postbox.recipients == ["anna@kajaani.example"]
    assert "aaro" not in caplog.text
    aaro = desk.watch.accounts.named("aaro.first")
    assert aaro
    desk.watch.wishes.set(aaro.id, ALL, "aaro@b.example")
    _make_due(desk)
    await desk.pass_by()
    assert postbox.recipients == ["anna@kajaani.example", "aaro@b.example"]


async def test_letters_that_the_mail_server_does_not_know_are_refused_for_good(
    desk: Desk, postbox: Postbox
) -> None:
    """And the desk can name whose address it is (tests/desk/test_alerts.py)."""
    plain = Controller(postbox, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=False)
    plain.start()
    server = replace(desk.server, port=plain.port, user="")
    _address(desk, "aaro.first", "aaro@sähköposti.example")
    desk.send()
    desk.watch.look(dt.datetime.now(UTC))
    await send_waiting(desk.watch, server)
    plain.stop()
    assert postbox.recipients == ["anna@kajaani.example"]
    assert _states(desk) == ["refused", "sent"]
    assert desk.watch.wishes.unreachable("kajaani") == ["aaro.first"]
    assert desk.watch.wishes.unreachable("sotkamo") == []


class Killed(BaseException):
    """What ends a process in the middle of it."""


async def test_a_process_that_dies_leaves_one_in_doubt_and_the_rest_for_the_next(
    desk: Desk, postbox: Postbox
) -> None:
    for _ in range(4):
        desk.send()
    desk.watch.look(dt.datetime.now(UTC))
    told: list[str] = []

    def words(alert: Alert, account: Account) -> tuple[str, str]:
        told.append(alert.key)
        if len(told) == 3:
            raise Killed
        return desk.watch.words(alert, account)

    with pytest.raises(Killed):
        await send_waiting(replace(desk.watch, words=words), desk.server)
    assert _states(desk) == ["sending", "sent", "sent", "waiting"]
    await desk.pass_by()
    subjects = [str(mail["Subject"]) for mail in postbox.mails]
    assert len(subjects) == len(set(subjects)) == 3


async def test_what_was_opened_meanwhile_is_not_told_any_more(desk: Desk, postbox: Postbox) -> None:
    """The mail server was away; a colleague was faster, or the person took it back."""
    opened, deleted, left = desk.send(), desk.send(), desk.send(("housing_urgent",))
    await replace(desk, server=replace(desk.server, port=1)).pass_by()
    desk.watch.records.opened(opened, "kajaani")
    desk.watch.records.delete(deleted, "kajaani")
    _make_due(desk)
    await desk.pass_by()
    (mail,) = postbox.mails
    assert left in mail["Subject"]
    assert _states(desk) == ["dropped", "dropped", "sent"]


async def test_a_closed_account_leaves_no_address_behind(desk: Desk) -> None:
    desk.watch.accounts.set_active("anna.virtanen", False)
    assert desk.watch.wishes.all() == []
    desk.watch.accounts.set_active("anna.virtanen", True)
    assert desk.watch.wishes.all() == []


def test_addresses_of_accounts_that_an_older_release_closed_go_too(desk: Desk) -> None:
    with desk.database.begin() as connection:
        connection.execute(sa.text("UPDATE accounts SET active = :no").bindparams(no=False))
    assert desk.watch.wishes.all() != []
    purge_desk(desk.database)
    assert desk.watch.wishes.all() == []


async def test_who_left_or_wants_it_no_longer_gets_nothing(desk: Desk, postbox: Postbox) -> None:
    anna = desk.watch.accounts.named("anna.virtanen")
    assert anna
    desk.send()
    desk.watch.look(dt.datetime.now(UTC))
    desk.watch.wishes.set(anna.id, OFF, "")
    await desk.pass_by()
    desk.watch.wishes.set(anna.id, ALL, "anna@kajaani.example")
    desk.watch.accounts.set_active("anna.virtanen", False)
    desk.send()
    await desk.pass_by()
    assert postbox.mails == []


async def test_whoever_offered_a_meeting_hears_of_the_answer(desk: Desk, postbox: Postbox) -> None:
    anna = desk.watch.accounts.named("anna.virtanen")
    assert anna
    desk.watch.wishes.set(anna.id, URGENT, "anna@kajaani.example")
    reference, start = desk.send(), dt.datetime.now(UTC) + dt.timedelta(days=1)
    for by in ("anna.virtanen", "somebody.else"):
        desk.watch.meetings.propose(reference, "kajaani", by, Offer((start,), 30))
        meeting = desk.watch.meetings.current(reference)
        assert meeting
        desk.watch.meetings.pick(meeting, start)
        await desk.pass_by()
    assert [m["Subject"] for m in postbox.mails] == [
        f"Asiakas on vastannut tapaamisesta ({reference})"
    ]


async def test_two_processes_do_not_send_twice(desk: Desk, postbox: Postbox) -> None:
    for _ in range(3):
        desk.send()
    other = replace(desk.watch, queue=AlertQueue(desk.database))
    for watch in (desk.watch, other, desk.watch, other):
        watch.look(dt.datetime.now(UTC))
    turns = (desk.watch.queue, other.queue, desk.watch.queue, other.queue)
    claimed = [queue.claim() for queue in turns]
    assert len({alert.key for alert in claimed if alert}) == 3
    assert claimed[3] is None


def test_addresses_are_sealed_and_alerts_go_with_the_record(desk: Desk) -> None:
    desk.send()
    desk.watch.look(dt.datetime.now(UTC))
    with desk.database.connect() as connection:
        assert "anna@" not in str(connection.execute(sa.select(alert_wishes)).all())
        assert connection.execute(sa.select(sa.func.count()).select_from(alerts)).scalar() == 1
    with desk.database.begin() as connection:
        connection.execute(sa.text("DELETE FROM advance_records"))
    purge_desk(desk.database, now() + DAY)
    with desk.database.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(alerts)).scalar() == 0


def _make_due(desk: Desk) -> None:
    with desk.database.begin() as connection:
        connection.execute(sa.update(alerts).values(due=time.time() - 1))


# --- reminders, by working hours

ANNA = Account(1, "anna.virtanen", "kajaani", "caseworker", "fi", True, True, True)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=FINLAND)


def _urgent(record: Listed) -> bool:
    return bool(record.flags)


def _kinds(sent: str, seen: str, flags: tuple[str, ...], wanted: str = ALL) -> list[str]:
    record = Listed("1", "new", at(sent).timestamp(), "ar", None, 0.0, flags)
    wish = Wish(1, wanted, at("2026-11-01T00:00").timestamp(), "a@b.example")
    found: list[Alert] = list(due(ANNA, wish, [record], _urgent, working_hours(), at(seen)))
    return [f"{alert.kind} {alert.level}" for alert in found]


@pytest.mark.parametrize(
    ("sent", "seen", "flags", "expected"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:59", ("x",), ["new urgent"]),
        ("2026-11-24T10:00", "2026-11-24T11:00", ("x",), ["unread urgent"]),
        ("2026-11-27T14:30", "2026-11-30T09:29", ("x",), ["new urgent"]),  # over a weekend
        ("2026-11-27T14:30", "2026-11-30T09:30", ("x",), ["unread urgent"]),
        ("2026-12-23T20:00", "2026-12-28T09:59", ("x",), ["new urgent"]),  # over Christmas
        ("2026-12-23T20:00", "2026-12-28T10:00", ("x",), ["unread urgent"]),
        ("2026-11-24T10:00", "2026-11-25T09:59", (), ["new ordinary"]),
        ("2026-11-24T10:00", "2026-11-25T10:00", (), ["unread ordinary"]),
    ],
)
def test_a_reminder_comes_after_working_time(
    sent: str, seen: str, flags: tuple[str, ...], expected: list[str]
) -> None:
    """An hour of it for an urgent one, a working day of it for any."""
    assert _kinds(sent, seen, flags) == expected
    only_urgent = _kinds(sent, seen, flags, URGENT)
    assert only_urgent == (expected if flags else [])
