"""The tables of meetings, and of alerts by e-mail."""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.database import metadata
from bot.records.desk_tables import NAME, REFERENCE

# What is offered and chosen (times, place, language of the interpreter) is sealed.
meetings = sa.Table(
    "meetings",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("reference", sa.String(REFERENCE), nullable=False, index=True),
    sa.Column("municipality", sa.String(60), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("proposed_by", sa.String(NAME), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("changed", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# The address is sealed.
alert_wishes = sa.Table(
    "alert_wishes",
    metadata,
    sa.Column("account", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("wanted", sa.String(10), nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
)

# One row an alert and account, for as long as the record lives: so none is sent twice.
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("account", sa.Integer, nullable=False),
    sa.Column("reference", sa.String(REFERENCE), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due", sa.Float, nullable=False, index=True),
)
