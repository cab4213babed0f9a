"""Tables of the messaging apps: who writes, what came in, what goes out, links, counts.

Columns named ``address``, ``state`` and ``body`` are sealed by bot/records/vault.py. ``person`` and
``delivery`` are keyed hashes (bot/records/pseudonyms.py): they can be compared, not read.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.database import metadata

HASH, WORD = 80, 24

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(WORD), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

people = sa.Table(
    "messaging_people",
    metadata,
    sa.Column("person", sa.String(HASH), primary_key=True),
    sa.Column("channel", sa.String(WORD), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("state", sa.Text),
    sa.Column("heard", sa.Float, nullable=False),  # her last message
    sa.Column("updated", sa.Float, nullable=False, index=True),  # 0: to be forgotten
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("delivery", sa.String(HASH), nullable=False, unique=True),
    sa.Column("person", sa.String(HASH), nullable=False, index=True),
    sa.Column("channel", sa.String(WORD), nullable=False),
    sa.Column("position", sa.Float, nullable=False),  # the vendor's order of a person's messages
    sa.Column("body", sa.Text),  # empty when it is answered
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("done", sa.Boolean, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due", sa.Float, nullable=False, default=0.0),
    sa.Column("lease", sa.Float, nullable=False, default=0.0),
    sqlite_autoincrement=True,
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(HASH + 8), nullable=False, unique=True),  # delivery.part
    sa.Column("person", sa.String(HASH), nullable=False, index=True),
    sa.Column("channel", sa.String(WORD), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String(WORD), nullable=False, index=True),
    sa.Column("failure", sa.String(WORD)),
    sa.Column("created", sa.Float, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due", sa.Float, nullable=False, default=0.0),
    sa.Column("lease", sa.Float, nullable=False, default=0.0),
    sqlite_autoincrement=True,
)

web_links = sa.Table(
    "web_links",
    metadata,
    sa.Column("id", sa.String(HASH), primary_key=True),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("begin", sa.String(80), nullable=False),  # what the web chat begins with: a button
    sa.Column("until", sa.Float, nullable=False, index=True),
    sa.Column("used", sa.Boolean, nullable=False),
)

# How often what happened, since the beginning. A count names nobody.
counts = sa.Table(
    "messaging_counts",
    metadata,
    sa.Column("channel", sa.String(WORD), primary_key=True),
    sa.Column("outcome", sa.String(WORD), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
