"""The tables of talks between a newcomer and a caseworker."""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.database import metadata

ID = 40  # characters

# In clear is only what is searched by; language, contact and consent are sealed in ``head``.
talks = sa.Table(
    "talks",
    metadata,
    sa.Column("id", sa.String(ID), primary_key=True),
    sa.Column("sender", sa.String(80), nullable=False, index=True),
    sa.Column("municipality", sa.String(60), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("asked_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("person_seen", sa.Float, nullable=False),
    sa.Column("person_typing", sa.Float, nullable=False, server_default="0"),
    sa.Column("worker_typing", sa.Float, nullable=False, server_default="0"),
    sa.Column("head", sa.Text, nullable=False),
    # One open talk a person: NULL once it has ended.
    sa.Column("open_for", sa.String(80), unique=True),
)

talk_messages = sa.Table(
    "talk_messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # never given twice: pages and buttons name it
    sa.Column("key", sa.String(ID), nullable=False, unique=True),
    sa.Column("talk", sa.String(ID), nullable=False, index=True),
    sa.Column("delivery", sa.String(80), nullable=False),
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("fetched", sa.Float),
    sa.Column("body", sa.Text, nullable=False),
    # To be handed to the person's messaging app; her own page fetches what is for it.
    sa.Column("outgoing", sa.Boolean, nullable=False, index=True),
    sa.UniqueConstraint("talk", "delivery"),
    sqlite_autoincrement=True,
)
