"""The states of a talk: whatever happens, in whatever order, nobody is forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.composition import working_hours
from bot.handoff import casework, rules
from bot.handoff import talk as talks
from bot.handoff.contact import read_contact
from bot.handoff.rules import Patience, due, is_late
from bot.handoff.talk import NotPossible, Talk, begin
from tests.handoff.conftest import MORNING, NIGHT

MINUTE = 60
WORKERS = strategies.sampled_from(["anna", "olli"])


class AnyTalk(RuleBasedStateMachine):
    """Events of both sides and of time, in any order; an impossible one changes nothing."""

    talk: Talk
    at = 0.0

    @initialize(open_=strategies.booleans())
    def asked(self, open_: bool) -> None:
        self.talk = begin("t-1", "web:x", "kajaani", "web", "so", 0.0, open_)

    def _try(self, event: object, *more: object) -> None:
        before, self.at = self.talk, self.at + 1
        try:
            self.talk = event(self.talk, *more)
        except NotPossible:
            return
        assert before.state != talks.ENDED or event is talks.rate
        if before.said or before.way:
            kept = self.talk.is_open or self.talk.taken_by or before.state == talks.WAITING
            assert kept, "a message that nobody read has ended"

    @rule()
    def writes(self) -> None:
        self._try(talks.said, self.at)

    @rule(way=strategies.sampled_from([*talks.WAYS, "pigeon"]))
    def chooses(self, way: str) -> None:
        self._try(talks.ask_contact, way)

    @rule()
    def gives_contact(self) -> None:
        self._try(talks.give_contact, "040 1234567")

    @rule()
    def is_ready(self) -> None:
        self._try(talks.ready)

    @rule()
    def goes_back(self) -> None:
        self._try(talks.go_back, self.at)

    @rule()
    def goes_away(self) -> None:
        self._try(rules.leave, self.at)

    @rule()
    def asks_again(self) -> None:
        self._try(talks.rejoin, self.at)

    @rule()
    def office_closes(self) -> None:
        self._try(talks.ready)

    @rule(worker=WORKERS)
    def is_taken(self, worker: str) -> None:
        self._try(casework.take, worker, self.at)

    @rule(worker=WORKERS, other=WORKERS)
    def is_passed_on(self, worker: str, other: str) -> None:
        self._try(casework.hand_over, worker, other)

    @rule(worker=WORKERS)
    def is_answered(self, worker: str) -> None:
        self._try(casework.answered, worker)

    @rule(worker=WORKERS)
    def is_ended(self, worker: str) -> None:
        self._try(casework.end, worker, self.at)

    @rule()
    def is_rated(self) -> None:
        self._try(talks.rate, "helped")

    @invariant()
    def holds_together(self) -> None:
        if not hasattr(self, "talk"):
            return
        talk = self.talk
        assert talk.state in talks.STATES
        assert (talk.state == talks.LIVE) <= bool(talk.taken_by)
        assert not (talk.state in (talks.WAITING, talks.LEFT) and talk.taken_by)
        assert talk.is_open or (not talk.listens and talk.ended_how)
        assert (talk.way in (talks.PHONE, talks.SMS, talks.EMAIL)) <= bool(talk.contact)


TestAnyTalk = AnyTalk.TestCase
TestAnyTalk.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


def _waiting(**more: object) -> Talk:
    talk = begin("t-1", "web:x", "kajaani", "web", "so", MORNING, True)
    return replace(talk, **more)


def _due(talk: Talk, minutes: float, seen: float | None = None) -> str:
    at = MORNING + minutes * MINUTE
    found = due(talk, working_hours(), Patience(10, 30), at if seen is None else seen, at)
    return found.reply if found else ""


def test_who_waits_too_long_is_told_once_and_the_lead_sees_it() -> None:
    assert _due(_waiting(), 9) == ""
    assert _due(_waiting(), 10) == "utter_talk_late"
    assert _due(_waiting(late_told=True), 12) == ""
    assert is_late(_waiting(late_told=True), Patience(10, 30), MORNING + 12 * MINUTE)


def test_a_live_talk_without_an_answer_is_late_too() -> None:
    live = _waiting(state=talks.LIVE, taken_by="anna", unanswered_since=MORNING)
    assert is_late(live, Patience(10, 30), MORNING + 10 * MINUTE)
    answered = casework.answered(live, "anna")
    assert not is_late(answered, Patience(10, 30), MORNING + 60 * MINUTE)


def test_who_is_gone_is_let_go_truthfully_but_not_what_she_wrote() -> None:
    assert _due(_waiting(), 30, seen=MORNING) == "utter_talk_away"
    assert _due(_waiting(said=1), 30, seen=MORNING) == "utter_talk_left"
    live = _waiting(state=talks.LIVE, taken_by="anna", taken_at=MORNING)
    assert _due(live, 30, seen=MORNING) == "utter_talk_away"
    assert _due(replace(live, from_message=True), 300, seen=MORNING) == ""


def test_at_closing_time_who_waits_becomes_a_message() -> None:
    closing = dt.datetime.fromtimestamp(MORNING, dt.timezone.utc) + dt.timedelta(hours=6)
    found = due(_waiting(), working_hours(), Patience(), MORNING, closing.timestamp())
    assert found is not None
    assert (found.talk.state, found.talk.way) == (talks.LEFT, talks.HERE)


def test_a_message_whose_writer_went_away_reaches_the_desk() -> None:
    """She wrote at night and never pressed «ready»."""
    writing = begin("t", "s", "kajaani", "web", "so", NIGHT, False)
    later = (working_hours(), Patience(10, 30), NIGHT, NIGHT + 30 * MINUTE)
    found = due(talks.said(writing, NIGHT), *later)
    assert found is not None
    assert (found.talk.state, found.talk.way, found.reply) == (
        talks.LEFT,
        talks.HERE,
        "utter_talk_left",
    )
    nothing = due(writing, *later)
    assert nothing is not None
    assert (nothing.talk.state, nothing.reply) == (talks.ENDED, "utter_talk_away")


def test_who_left_a_message_and_asks_again_waits_behind_the_others() -> None:
    left = talks.ready(talks.said(begin("t", "s", "kajaani", "web", "so", NIGHT, False), NIGHT))
    again = talks.rejoin(left, MORNING)
    assert (again.state, again.said) == (talks.WAITING, 1)
    assert again.queued_at == MORNING
    assert not is_late(again, Patience(10, 30), MORNING + 9 * MINUTE)


def test_in_an_app_nobody_counts_as_gone_but_a_message_is_not_left_lying() -> None:
    """An answer reaches her phone; she need not keep a page open."""
    away = (Patience(10, 30), MORNING, MORNING + 40 * MINUTE)
    live = _waiting(channel="telegram", state=talks.LIVE, taken_by="anna", taken_at=MORNING)
    assert due(live, working_hours(), *away) is None
    writing = _waiting(channel="telegram", state=talks.WRITING, said=1, from_message=True)
    found = due(writing, working_hours(), *away)
    assert found is not None
    assert found.talk.state == talks.LEFT


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("phone", "040 123 4567", "040 1234567"),
        ("phone", "٠٤٠١٢٣٤٥٦٧", "040 1234567"),
        ("phone", "+252 61 2345678", "+252 61 234 5678"),
        ("phone", "+358401234567", "040 1234567"),
        ("phone", "soita minulle", ""),
        ("phone", "12", ""),
        ("email", "minun on leila@esimerkki.fi", "leila@esimerkki.fi"),
        ("email", "leila at esimerkki", ""),
        ("email", "leila@esimerkki", ""),
    ],
)
def test_contacts_are_read_as_people_write_them(kind: str, text: str, read: str) -> None:
    assert read_contact(kind, text) == read
