"""Talks are kept sealed, change one after the other, and go when their time is over."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from bot.handoff import casework
from bot.handoff import talk as talks
from bot.handoff.talk import NotPossible, Talk, begin
from bot.records.advance import NotFound
from bot.records.database import now
from bot.records.periods import DAY, Periods
from bot.records.resealing import reseal
from bot.records.retention import purge_talks
from bot.records.talk_attendance import Pulse
from bot.records.talk_tables import talk_messages
from bot.records.talk_tables import talks as table
from bot.records.talks import NOTICE, PERSON, WORKER, Said, Talks
from bot.records.transcripts import Transcripts
from bot.records.vault import Key, Vault

TEXT = {"kind": "text", "text": "Kukkuluuruu"}


@pytest.fixture
def kept(database: sa.engine.Engine) -> Talks:
    return Talks(database, Vault([Key.new()]))


def _begin(kept: Talks, name: str = "t-1", sender: str = "web:a", **more: bool) -> Talk:
    open_ = more.get("open_", True)
    return kept.begin(begin(name, sender, "kajaani", "web", "so", now(), open_))


def test_a_talk_comes_back_as_it_was_and_is_sealed(kept: Talks, database: sa.engine.Engine) -> None:
    talk = _begin(kept)
    kept.change(talk.id, "kajaani", lambda t: talks.ask_contact(t, "phone"))
    talk = kept.change(talk.id, "kajaani", lambda t: talks.give_contact(t, "040 1234567"))
    kept.change(talk.id, "kajaani", lambda t: talks.said(t, now()), [Said(PERSON, TEXT)])
    assert kept.get("t-1", "kajaani").contact == "040 1234567"
    assert kept.messages.of("t-1")[0].body == TEXT
    with database.connect() as connection:
        rows = str([connection.execute(sa.select(t)).all() for t in (table, talk_messages)])
    assert "Kukkuluuruu" not in rows
    assert "1234567" not in rows


def test_one_open_talk_a_person_and_none_of_another_municipality(kept: Talks) -> None:
    first = _begin(kept)
    assert _begin(kept, "t-2").id == first.id
    with pytest.raises(NotFound):
        kept.get("t-1", "sotkamo")
    with pytest.raises(NotFound):
        kept.change("t-1", "sotkamo", lambda t: casework.take(t, "olli", now()))
    assert kept.listed("sotkamo") == []
    kept.change("t-1", "kajaani", lambda t: talks.go_back(t, now()))
    assert kept.open_of("web:a") is None
    assert _begin(kept, "t-2").id == "t-2"


def test_a_delivery_counts_once_and_what_is_not_possible_leaves_nothing(kept: Talks) -> None:
    _begin(kept)
    for _ in range(2):
        said = Said(PERSON, TEXT, "same")
        talk = kept.change("t-1", "kajaani", lambda t: talks.said(t, now()), [said])
    assert talk.said == 1
    assert len(kept.messages.of("t-1")) == 1
    with pytest.raises(NotPossible):
        kept.change("t-1", "kajaani", lambda t: casework.answered(t, "anna"), [Said(WORKER, TEXT)])
    assert len(kept.messages.of("t-1")) == 1


def test_two_who_take_it_at_once_do_not_both_get_it(kept: Talks) -> None:
    _begin(kept)
    got: list[str] = []

    def free(talk: Talk, name: str) -> Talk:
        if talk.taken_by:
            raise NotPossible
        return casework.take(talk, name, now())

    def take(name: str) -> None:
        try:
            kept.change("t-1", "kajaani", lambda t: free(t, name))
        except NotPossible:
            return
        got.append(name)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [kept.get("t-1", "kajaani").taken_by]


def test_the_workers_message_has_its_place_in_the_transcript_and_is_marked_when_fetched(
    kept: Talks, database: sa.engine.Engine
) -> None:
    _begin(kept)
    transcripts = Transcripts(database)
    transcripts.append("web:a", "d1", "before", [])
    notice = {"kind": "notice", "reply": "utter_talk_begun", "params": {}}
    talk = kept.change(
        "t-1", "kajaani", lambda t: casework.take(t, "anna", now()), [Said(NOTICE, notice)]
    )
    said = kept.messages.of("t-1")[0]
    before, place = transcripts.latest("web:a", 10)
    assert (before.text, place.talk, place.text) == ("before", said.id, "")
    assert said.fetched is None
    kept.attendance.seen_by_person(talk.id, typing=False, shown=[said.id])
    assert kept.messages.of("t-1")[0].fetched is not None
    assert transcripts.until("web:a", now() + 1, 10) == [before]


def test_ended_talks_go_after_their_days_and_lost_ones_too(
    kept: Talks, database: sa.engine.Engine
) -> None:
    periods = Periods(talk_days=14, sent_days=30)
    _begin(kept)
    kept.change("t-1", "kajaani", lambda t: talks.said(t, now()), [Said(PERSON, TEXT)])
    kept.change("t-1", "kajaani", lambda t: casework.take(t, "anna", now()))
    kept.change("t-1", "kajaani", lambda t: casework.end(t, "anna", now()))
    _begin(kept, "t-2", "web:b", open_=False)
    assert purge_talks(database, periods, now() + 13 * DAY) == 0
    assert purge_talks(database, periods, now() + 14 * DAY + 60) == 1
    assert kept.messages.of("t-1") == []
    assert purge_talks(database, periods, now() + 31 * DAY) == 1


def test_an_open_talk_stays_however_soon_sent_records_go(
    kept: Talks, database: sa.engine.Engine
) -> None:
    """A message left at night, in a town that keeps advance information for three days."""
    _begin(kept, open_=False)
    assert purge_talks(database, Periods(sent_days=3), now() + 29 * DAY) == 0
    assert kept.open_of("web:a")
    assert purge_talks(database, Periods(sent_days=3), now() + 30 * DAY + 60) == 1


def test_a_change_of_keys_seals_talks_anew(database: sa.engine.Engine) -> None:
    old, new = Key.new(), Key.new()
    kept = Talks(database, Vault([old]))
    _begin(kept)
    kept.change("t-1", "kajaani", lambda t: talks.said(t, now()), [Said(PERSON, TEXT)])
    assert reseal(database, Vault([new, old])) == 2
    later = Talks(database, Vault([new]))
    assert later.get("t-1", "kajaani").said == 1
    assert later.messages.of("t-1")[0].body == TEXT


def test_a_number_is_never_given_twice(kept: Talks) -> None:
    """A button on an old page must not name a message that came later, nor a place be taken."""
    _begin(kept)
    kept.change("t-1", "kajaani", _same, [Said(NOTICE, TEXT)])
    (first,) = kept.messages.of("t-1")
    kept.forget("web:a")
    _begin(kept, "t-2")
    kept.change("t-2", "kajaani", _same, [Said(NOTICE, TEXT)])
    assert kept.messages.of("t-2")[0].id > first.id


def test_what_is_for_an_app_waits_to_be_handed_over_once_and_in_order(kept: Talks) -> None:
    kept.begin(begin("t-1", "telegram:a", "kajaani", "telegram", "so", now(), True))
    for text in ("one", "two"):
        kept.change("t-1", "kajaani", _same, [Said(NOTICE, {"kind": "text", "text": text})])
    kept.change("t-1", "kajaani", _same, [Said(PERSON, TEXT)])
    handed: list[str] = []
    for expected in ("one", "two"):
        (message,) = kept.messages.outgoing(10)
        assert message.body["text"] == expected
        for _ in range(2):
            kept.messages.hand_out(message, lambda _, text=expected: handed.append(text))
    assert handed == ["one", "two"]
    assert kept.messages.outgoing(10) == []


def test_handing_over_that_fails_is_undone(kept: Talks) -> None:
    kept.begin(begin("t-1", "telegram:a", "kajaani", "telegram", "so", now(), True))
    kept.change("t-1", "kajaani", _same, [Said(NOTICE, TEXT)])
    (message,) = kept.messages.outgoing(10)
    with pytest.raises(ZeroDivisionError):
        kept.messages.hand_out(message, lambda _: 1 / 0)
    assert kept.messages.outgoing(10) == [message]


def test_the_pulse_changes_with_all_that_a_page_shows_and_with_nothing_else(kept: Talks) -> None:
    _begin(kept)

    def marks() -> tuple[object, object]:
        of_talk = kept.attendance.of_talk("t-1", "kajaani")
        assert of_talk is not None
        return of_talk.mark, kept.attendance.of_conversation("web:a").mark

    before = marks()
    assert marks() == before
    for deed in (
        lambda: kept.change("t-1", "kajaani", _same, [Said(PERSON, TEXT)]),
        lambda: kept.change("t-1", "kajaani", lambda t: casework.take(t, "anna", now())),
        lambda: kept.change("t-1", "kajaani", _same, [Said(WORKER, TEXT)]),
        lambda: kept.messages.translated(kept.messages.of("t-1")[0], {"to": "fi", "text": "x"}),
        lambda: kept.attendance.seen_by_worker(_pulse(kept), typing=False),
    ):
        deed()
        after = marks()
        assert all(a != b for a, b in zip(after, before, strict=True))
        before = after
    assert kept.attendance.of_talk("t-1", "sotkamo") is None


def test_the_place_in_the_queue_changes_the_pulse_of_those_behind(kept: Talks) -> None:
    _begin(kept)
    _begin(kept, "t-2", "web:b")
    before = kept.attendance.of_conversation("web:b").mark
    kept.change("t-1", "kajaani", lambda t: talks.go_back(t, now()))
    assert kept.attendance.of_conversation("web:b").mark != before


def _pulse(kept: Talks) -> Pulse:
    found = kept.attendance.of_talk("t-1", "kajaani")
    assert found is not None
    return found


def _same(talk: Talk) -> Talk:
    return talk
