"""Where meetings are kept. Sealed.

In clear there are the reference, the state, who offered it and when. A record has one meeting in
hand: a new offer takes the place of an older one. What changes a meeting writes the audit log in
the same transaction: nothing happens unlogged, and nothing is logged that did not happen.
"""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from bot.records.accounts import PERSON
from bot.records.audit import Audit
from bot.records.database import now
from bot.records.meeting import (
    AGREED,
    CANCELLED,
    IN_HAND,
    MOST_TIMES,
    NONE_SUITS,
    PROPOSED,
    WITHDRAWN,
    Meeting,
    MeetingChanged,
    MeetingPassed,
    Offer,
)
from bot.records.meeting_tables import meetings
from bot.records.vault import Vault


class Meetings:
    """Keeps meetings."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._audit = Audit(engine)

    def propose(self, reference: str, municipality: str, by: str, offer: Offer) -> str:
        """Offer times; an offer or a coming meeting in hand is withdrawn. Returns the meeting's id.

        Raises ``MeetingPassed`` for a time that is not to come.
        """
        if not 1 <= len(offer.times) <= MOST_TIMES:
            raise ValueError(f"one to {MOST_TIMES} times")
        if min(offer.times) <= _now():
            raise MeetingPassed
        meeting, moment = f"{reference}.{secrets.token_hex(8)}", now()
        row = {
            "id": meeting,
            "reference": reference,
            "municipality": municipality,
            "state": PROPOSED,
            "proposed_by": by,
            "created": moment,
            "changed": moment,
            "body": self._seal(meeting, offer, None),
        }
        # What has taken place stays what it was.
        coming = [m.id for m in self.of(reference, municipality) if not m.has_begun(_now())]
        older = meetings.c.id.in_(coming) & meetings.c.state.in_(IN_HAND)
        with self._engine.begin() as connection:
            self._audit.add(connection, municipality, by, "meeting_proposed", reference)
            withdrawing = sa.update(meetings).where(older)
            connection.execute(withdrawing.values(state=WITHDRAWN, changed=moment))
            connection.execute(sa.insert(meetings).values(**row))
        return meeting

    def current(self, reference: str, municipality: str = "") -> Meeting | None:
        """The newest meeting of a record."""
        found = self.of(reference, municipality)
        return found[-1] if found else None

    def of(self, reference: str, municipality: str = "") -> list[Meeting]:
        """The meetings of a record, oldest first; without a municipality for the person alone."""
        query = sa.select(meetings).where(_of(reference, municipality))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(meetings.c.created)).all()
        return [self._meeting(row) for row in rows]

    def states(self, municipality: str) -> dict[str, str]:
        """The state of the newest meeting of every record that has one."""
        columns = (meetings.c.reference, meetings.c.state)
        query = sa.select(*columns).where(meetings.c.municipality == municipality)
        with self._engine.connect() as connection:
            return dict(connection.execute(query.order_by(meetings.c.created)).all())

    def answered(self, municipality: str) -> list[tuple[str, str, str, str, float]]:
        """(id, reference, state, who offered, when) of each meeting that the person answered."""
        names = ("id", "reference", "state", "proposed_by", "changed")
        columns = [meetings.c[name] for name in names]
        said = meetings.c.state.in_((AGREED, NONE_SUITS, CANCELLED))
        said &= meetings.c.municipality == municipality
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.select(*columns).where(said))]

    def pick(self, meeting: Meeting, time: dt.datetime) -> None:
        """The person picks a time that was offered. Raises ``MeetingChanged``."""
        if time not in meeting.open_times(_now()):
            raise MeetingChanged
        body = self._seal(meeting.id, meeting.offer, time)
        self._change(meeting, (PROPOSED,), PERSON, "meeting_pick", state=AGREED, body=body)

    def refuse(self, meeting: Meeting) -> None:
        """No time suits the person. Raises ``MeetingChanged``."""
        self._change(meeting, (PROPOSED,), PERSON, "meeting_none_suits", state=NONE_SUITS)

    def cancel(self, meeting: Meeting) -> None:
        """The person cannot come. Raises ``MeetingChanged`` and ``MeetingPassed``."""
        if meeting.has_begun(_now()):
            raise MeetingPassed
        self._change(meeting, (AGREED,), PERSON, "meeting_cancel_meeting", state=CANCELLED)

    def withdraw(self, meeting: Meeting, by: str) -> None:
        """The office takes the offer or the meeting back.

        Raises ``MeetingChanged`` and ``MeetingPassed``.
        """
        if meeting.has_begun(_now()):
            raise MeetingPassed
        self._change(meeting, IN_HAND, by, "meeting_withdrawn", state=WITHDRAWN)

    def forget(self, reference: str, municipality: str) -> None:
        """Delete the meetings of a record."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(meetings).where(_of(reference, municipality)))

    def _change(
        self, meeting: Meeting, states: tuple[str, ...], who: str, what: str, **values: str
    ) -> None:
        same = (meetings.c.id == meeting.id) & meetings.c.state.in_(states)
        update = sa.update(meetings).where(same).values(changed=now(), **values)
        with self._engine.begin() as connection:
            self._audit.add(connection, meeting.municipality, who, what, meeting.reference)
            if connection.execute(update).rowcount == 0:
                raise MeetingChanged  # and the entry is taken back with the transaction

    def _seal(self, meeting: str, offer: Offer, chosen: dt.datetime | None) -> str:
        body = {
            "times": [time.isoformat() for time in offer.times],
            "minutes": offer.minutes,
            "place": offer.place,
            "interpreter": offer.interpreter,
            "chosen": chosen.isoformat() if chosen else None,
        }
        return self._vault.seal(body, f"meeting {meeting}")

    def _meeting(self, row: Row) -> Meeting:
        body = self._vault.open(row.body, f"meeting {row.id}")
        times = tuple(dt.datetime.fromisoformat(time) for time in body["times"])
        chosen = dt.datetime.fromisoformat(body["chosen"]) if body["chosen"] else None
        return Meeting(
            id=row.id,
            reference=row.reference,
            municipality=row.municipality,
            state=row.state,
            proposed_by=row.proposed_by,
            created=dt.datetime.fromtimestamp(row.created, dt.timezone.utc),
            changed=dt.datetime.fromtimestamp(row.changed, dt.timezone.utc),
            offer=Offer(times, body["minutes"], body["place"], body["interpreter"]),
            chosen=chosen,
        )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def _of(reference: str, municipality: str) -> sa.sql.ColumnElement:
    where = meetings.c.reference == reference
    return where & (meetings.c.municipality == municipality) if municipality else where
