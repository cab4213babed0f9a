"""Advance information that is not sent yet: one sealed draft a conversation.

After sending, the draft's place holds the receipt until the draft would have died: whoever lost
the last reply (a broken connection, a killed process) is shown the same receipt again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.assessment.answers import Answer, Draft, draft_from_json
from bot.records.database import drafts, now
from bot.records.periods import HOUR, Periods
from bot.records.references import hashed, new_secret, tidy_secret
from bot.records.vault import Vault

RECEIPT = 0  # in place of a draft's revision


class NotFound(Exception):
    """There is no such record for whoever asks: wrong reference, secret or municipality."""


class DraftChanged(Exception):
    """Another window or process saved this draft meanwhile. Read it again and repeat the step."""


@dataclass(frozen=True)
class Receipt:
    """What the person holds of a record that she sent."""

    reference: str
    secret: str


class Drafts:
    """Keeps drafts."""

    def __init__(self, engine: Engine, vault: Vault, periods: Periods | None = None) -> None:
        self._engine = engine
        self._vault = vault
        self._periods = periods or Periods()

    def draft(self, sender: str) -> Draft | None:
        """What the person has answered so far, or None where nothing fresh is kept."""
        row = self._fresh(drafts.c.sender == sender)
        if row is None or row.revision == RECEIPT:
            return None
        return draft_from_json(self._vault.open(row.body, f"draft {sender}"), row.revision)

    def save_draft(self, sender: str, draft: Draft) -> Draft:
        """Store the draft and return it with its new revision. Raises ``DraftChanged``."""
        saved = replace(draft, revision=draft.revision + 1)
        body = self._vault.seal(saved.as_json(), f"draft {sender}")
        values = {"body": body, "revision": saved.revision, "updated": now()}
        same = (drafts.c.sender == sender) & (drafts.c.revision == draft.revision)
        with self._engine.begin() as connection:
            if draft.revision == 0:
                self._insert(connection, sender, values)
            elif connection.execute(sa.update(drafts).where(same).values(**values)).rowcount == 0:
                raise DraftChanged
        return saved

    def save_answer(self, sender: str, answer: Answer) -> Draft:
        """Store one answer in the person's draft. Raises ``NotFound`` without a draft."""
        draft = self.draft(sender)
        if draft is None:
            raise NotFound
        return self.save_draft(sender, draft.with_answer(answer))

    def forget_draft(self, sender: str) -> None:
        """Delete the draft, or the receipt in its place."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(drafts).where(drafts.c.sender == sender))

    def receipt(self, sender: str) -> Receipt | None:
        """The receipt of what was sent from this conversation lately."""
        row = self._fresh(drafts.c.sender == sender)
        if row is None or row.revision != RECEIPT:
            return None
        return Receipt(**self._vault.open(row.body, f"draft {sender}"))

    def resume_secret(self, sender: str) -> str:
        """A secret that takes the draft to another browser: once, within an hour.

        Raises ``NotFound`` without a draft.
        """
        secret = new_secret()
        values = {"resume": hashed(secret), "resume_until": now() + HOUR}
        mine = (drafts.c.sender == sender) & (drafts.c.revision != RECEIPT)
        with self._engine.begin() as connection:
            if connection.execute(sa.update(drafts).where(mine).values(**values)).rowcount == 0:
                raise NotFound
        return secret

    def resume(self, secret: str, sender: str) -> None:
        """Move the draft of that secret to ``sender``. Raises ``NotFound`` for an old one."""
        wanted = drafts.c.resume == hashed(tidy_secret(secret))
        row = self._fresh(wanted & (drafts.c.resume_until > now()))
        if row is None:
            raise NotFound
        data = self._vault.open(row.body, f"draft {row.sender}")
        values = {
            "sender": sender,
            "body": self._vault.seal(data, f"draft {sender}"),
            "updated": now(),
            "resume": None,
            "resume_until": None,
        }
        with self._engine.begin() as connection:
            same = wanted & (drafts.c.revision == row.revision)
            if row.sender != sender:
                connection.execute(sa.delete(drafts).where(drafts.c.sender == sender))
            if connection.execute(sa.update(drafts).where(same).values(**values)).rowcount == 0:
                raise NotFound

    def _fresh(self, where: sa.sql.ColumnElement) -> Row | None:
        alive = drafts.c.updated >= now() - self._periods.draft_seconds
        with self._engine.connect() as connection:
            return connection.execute(sa.select(drafts).where(where & alive)).first()

    def _leave_receipt(
        self, connection: Connection, sender: str, draft: Draft, receipt: Receipt
    ) -> None:
        body = self._vault.seal(asdict(receipt), f"draft {sender}")
        values = {"body": body, "revision": RECEIPT, "updated": now(), "resume": None}
        same = (drafts.c.sender == sender) & (drafts.c.revision == draft.revision)
        if connection.execute(sa.update(drafts).where(same).values(**values)).rowcount == 0:
            raise DraftChanged

    def _insert(self, connection: Connection, sender: str, values: dict[str, object]) -> None:
        old = now() - self._periods.draft_seconds
        over = (drafts.c.updated < old) | (drafts.c.revision == RECEIPT)
        expired = (drafts.c.sender == sender) & over
        connection.execute(sa.delete(drafts).where(expired))
        try:
            connection.execute(sa.insert(drafts).values(sender=sender, **values))
        except sa.exc.IntegrityError:
            raise DraftChanged from None
