"""Sealing everything anew with the first key, after a change of keys."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.database import advance_records, drafts
from bot.records.desk_tables import accounts, record_notes
from bot.records.meeting_tables import alert_wishes, meetings
from bot.records.messaging_tables import inbox, outbox, people, secrets
from bot.records.talk_tables import talk_messages, talks
from bot.records.vault import Vault, VaultError

# table, the column that names a row, the sealed columns, and the word before the name in the
# place that a text is bound to
SEALED = (
    (drafts, drafts.c.sender, {"body": "draft"}),
    (advance_records, advance_records.c.reference, {"head": "head", "body": "body"}),
    (record_notes, record_notes.c.id, {"body": "note"}),
    (meetings, meetings.c.id, {"body": "meeting"}),
    (alert_wishes, alert_wishes.c.account, {"address": "alert address"}),
    (accounts, accounts.c.id, {"one_time_secret": "one-time secret"}),
    (secrets, secrets.c.name, {"body": "secret"}),
    (people, people.c.person, {"address": "address", "state": "state"}),
    (inbox, inbox.c.delivery, {"body": "message"}),
    (talks, talks.c.id, {"head": "talk"}),
    (talk_messages, talk_messages.c.key, {"body": "talk message"}),
    (outbox, outbox.c.key, {"body": "part"}),
)


def reseal(engine: Engine, vault: Vault) -> int:
    """Seal with the first key what an older one sealed; returns how many texts that were.

    A row that changes meanwhile is left as it is: whoever changed it used the first key.
    """
    count = 0
    for table, name, columns in SEALED:
        with engine.connect() as connection:
            rows = connection.execute(sa.select(table)).all()
        for row in rows:
            for column, word in columns.items():
                sealed = getattr(row, column)
                if sealed is None or vault.sealed_by_first(sealed):
                    continue
                place = f"{word} {getattr(row, name.name)}"
                anew = {column: vault.seal(vault.open(sealed, place), place)}
                same = (name == getattr(row, name.name)) & (table.c[column] == sealed)
                with engine.begin() as connection:
                    count += connection.execute(sa.update(table).where(same).values(anew)).rowcount
    return count


def opened(engine: Engine, vault: Vault) -> tuple[int, int]:
    """How many sealed texts there are, and how many of them these keys open."""
    there = good = 0
    for table, name, columns in SEALED:
        with engine.connect() as connection:
            for row in connection.execute(sa.select(table)):
                for column, word in columns.items():
                    sealed = getattr(row, column)
                    if sealed is not None:
                        there += 1
                        good += _opens(vault, sealed, f"{word} {getattr(row, name.name)}")
    return there, good


def _opens(vault: Vault, sealed: str, place: str) -> bool:
    try:
        vault.open(sealed, place)
    except VaultError:
        return False
    return True
