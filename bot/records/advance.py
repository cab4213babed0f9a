"""Advance information: drafts of persons, and what they sent to a municipality. All sealed.

In clear there are only the reference, the municipality, the state, times and who took it; what
was answered, its language and its flags can be read with a key alone. A draft is named by the
conversation, a sent record only by its reference: without a key nothing leads from one to the
other.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Row

from bot.assessment.answers import Answer, Draft
from bot.assessment.speaking import interpreter_wished, spoken_best
from bot.records.database import advance_records, now
from bot.records.drafts import DraftChanged, Drafts, NotFound, Receipt
from bot.records.periods import DAY
from bot.records.references import (
    hashed,
    new_reference,
    new_secret,
    tidy_reference,
    tidy_secret,
)

__all__ = ["AdvanceRecords", "DraftChanged", "Listed", "NotFound", "SentRecord", "Status"]
STATES = ("new", "opened", "taken", "contacted", "imported", "closed")


@dataclass(frozen=True)
class Listed:
    """A record as a list shows it. Times are seconds since the epoch; flags are ids.

    ``language`` is that of the chat; ``spoken`` is the one she named for meetings, ``interpreter``
    the one for which she asked an interpreter: empty where she named none.
    """

    reference: str
    state: str
    sent_at: float
    language: str
    taken_by: str | None
    delete_by: float
    flags: tuple[str, ...]
    spoken: str = field(default="", kw_only=True)
    interpreter: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class SentRecord(Listed):
    """A record with its answers, as they were sent."""

    municipality: str
    version: str
    path: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Status:
    """What the person may know of a record that she sent."""

    reference: str
    state: str
    sent_at: float
    delete_by: float


class AdvanceRecords(Drafts):
    """Keeps advance information: drafts, and what was sent. ``periods`` say how long."""

    # --- for the person

    def send(
        self,
        sender: str,
        municipality: str,
        *,
        draft: Draft | None = None,
        flags: Sequence[str] = (),
        secret: str = "",
    ) -> str:
        """Turn the draft into a record of the municipality, all or nothing; returns its reference.

        ``draft`` is what the caller has read and raised the ``flags`` from; ``secret`` (see
        ``new_secret``) is the person's own key to the record: only its hash stays with it. Raises
        ``NotFound`` without a draft, ``DraftChanged`` if it changed meanwhile.
        """
        draft = draft or self.draft(sender)
        if draft is None:
            raise NotFound
        secret = secret or new_secret()
        row = self._new_record(draft, municipality, flags) | {"secret": hashed(secret)}
        reference = str(row["reference"])
        with self._engine.begin() as connection:
            self._leave_receipt(connection, sender, draft, Receipt(reference, secret))
            connection.execute(sa.insert(advance_records).values(**row))
        return reference

    def status(self, reference: str, secret: str) -> Status:
        """How far a sent record is. Raises ``NotFound``, also for a wrong secret."""
        row = self._own(reference, secret)
        return Status(row.reference, row.state, row.sent_at, row.delete_by)

    def sent(self, reference: str, secret: str) -> SentRecord:
        """What the person sent, for her own copy. Raises ``NotFound``."""
        return self._record(self._own(reference, secret))

    def withdraw(self, reference: str, secret: str) -> None:
        """Delete a sent record by the person's wish. Raises ``NotFound``."""
        row = self._own(reference, secret)
        self.delete(row.reference, row.municipality)

    # --- for the caseworker

    def listed(self, municipality: str) -> list[Listed]:
        """The records of a municipality, newest first."""
        query = (
            sa.select(advance_records)
            .where(
                advance_records.c.municipality == municipality, advance_records.c.delete_by > now()
            )
            .order_by(advance_records.c.sent_at.desc())
        )
        with self._engine.connect() as connection:
            return [self._listed(row) for row in connection.execute(query)]

    def head(self, reference: str, municipality: str) -> Listed:
        """What the list shows of one record; its state stays as it is. Raises ``NotFound``."""
        query = sa.select(advance_records).where(_of(reference, municipality))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound
        return self._listed(row)

    def opened(self, reference: str, municipality: str) -> SentRecord:
        """One record; a new one becomes ``opened``. Raises ``NotFound``."""
        where = _of(reference, municipality)
        opening = sa.update(advance_records).where(where, advance_records.c.state == STATES[0])
        with self._engine.begin() as connection:
            connection.execute(opening.values(state=STATES[1]))
            row = connection.execute(sa.select(advance_records).where(where)).first()
        if row is None:
            raise NotFound
        return self._record(row)

    def mark(self, reference: str, municipality: str, state: str, by: str) -> None:
        """Set the state. ``taken`` also notes by whom; ``imported`` starts the deletion clock.

        Raises ``NotFound``, or ``ValueError`` for a state that does not exist.
        """
        if state not in STATES:
            raise ValueError(f"no such state: {state}; there are: {', '.join(STATES)}")
        values: dict[str, object] = {"state": state}
        if state == "taken":
            values["taken_by"] = by
        if state == "imported":
            ends = now() + self._periods.imported_days * DAY
            sooner = advance_records.c.delete_by < ends
            values["delete_by"] = sa.case((sooner, advance_records.c.delete_by), else_=ends)
        update = sa.update(advance_records).where(_of(reference, municipality)).values(**values)
        with self._engine.begin() as connection:
            if connection.execute(update).rowcount == 0:
                raise NotFound

    def take(self, reference: str, municipality: str, by: str, instead_of: str = "") -> bool:
        """Note who works on a record, unless it is somebody else's by now; returns whether.

        ``instead_of`` is the one from whom it is taken over.
        """
        taken_by = advance_records.c.taken_by
        free = taken_by.is_(None) | taken_by.in_([by, instead_of])
        update = sa.update(advance_records).where(_of(reference, municipality), free)
        with self._engine.begin() as connection:
            done = connection.execute(update.values(state="taken", taken_by=by))
        return bool(done.rowcount)

    def delete(self, reference: str, municipality: str) -> None:
        """Delete a record. Raises ``NotFound``."""
        with self._engine.begin() as connection:
            gone = connection.execute(
                sa.delete(advance_records).where(_of(reference, municipality))
            )
        if gone.rowcount == 0:
            raise NotFound

    def _new_record(
        self, draft: Draft, municipality: str, flags: Sequence[str]
    ) -> dict[str, object]:
        reference, sent_at = new_reference(), now()
        head = {
            "language": draft.language,
            "flags": list(flags),
            "spoken": spoken_best(draft.answers),
            "interpreter": interpreter_wished(draft.answers),
        }
        body = {
            "version": draft.version,
            "path": draft.path,
            "answers": {key: asdict(answer) for key, answer in draft.answers.items()},
        }
        return {
            "reference": reference,
            "municipality": municipality,
            "state": STATES[0],
            "sent_at": sent_at,
            "delete_by": sent_at + self._periods.sent_days * DAY,
            "head": self._vault.seal(head, f"head {reference}"),
            "body": self._vault.seal(body, f"body {reference}"),
        }

    def _own(self, reference: str, secret: str) -> Row:
        reference, secret = tidy_reference(reference), tidy_secret(secret)
        query = sa.select(advance_records).where(
            advance_records.c.reference == reference, advance_records.c.delete_by > now()
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or not hmac.compare_digest(row.secret, hashed(secret)):
            raise NotFound
        return row

    def _listed(self, row: Row) -> Listed:
        head = self._vault.open(row.head, f"head {row.reference}")
        return Listed(
            reference=row.reference,
            state=row.state,
            sent_at=row.sent_at,
            language=head["language"],
            taken_by=row.taken_by,
            delete_by=row.delete_by,
            flags=tuple(head["flags"]),
            spoken=head.get("spoken", ""),  # records of the first release do not tell
            interpreter=head.get("interpreter", ""),
        )

    def _record(self, row: Row) -> SentRecord:
        body = self._vault.open(row.body, f"body {row.reference}")
        return SentRecord(
            **vars(self._listed(row)),
            municipality=row.municipality,
            version=body["version"],
            path=body["path"],
            answers={key: Answer(**value) for key, value in body["answers"].items()},
        )


def _of(reference: str, municipality: str) -> sa.sql.ColumnElement:
    return (
        (advance_records.c.reference == reference)
        & (advance_records.c.municipality == municipality)
        & (advance_records.c.delete_by > now())
    )
