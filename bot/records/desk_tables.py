"""The tables of the caseworkers' desk: accounts, sessions, failed sign-ins, notes, the log."""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.database import metadata

NAME = 60  # characters of an account's name
REFERENCE = 40  # characters of a record's reference, at most

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(NAME), nullable=False, unique=True),
    sa.Column("municipality", sa.String(60), nullable=False, index=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    # Argon2's own form, parameters and salt inside. Empty until the person has chosen one.
    sa.Column("password", sa.String(200)),
    # What the person gets to begin with; only its hash is kept.
    sa.Column("start_code", sa.String(64)),
    sa.Column("start_until", sa.Float),
    # The secret of the one-time codes, sealed; the last time step that was used (RFC 6238, 5.2).
    sa.Column("one_time_secret", sa.Text),
    sa.Column("one_time_step", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("one_time_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("account", sa.Integer, nullable=False, index=True),
    sa.Column("code", sa.String(64), primary_key=True),
)

desk_sessions = sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("account", sa.Integer, nullable=False, index=True),
    sa.Column("stage", sa.String(20), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False, index=True),
)

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)

record_notes = sa.Table(
    "record_notes",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("reference", sa.String(REFERENCE), nullable=False, index=True),
    sa.Column("municipality", sa.String(60), nullable=False),
    sa.Column("author", sa.String(NAME), nullable=False),
    sa.Column("written", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("municipality", sa.String(60), nullable=False, index=True),
    sa.Column("who", sa.String(NAME), nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("reference", sa.String(REFERENCE), nullable=False, index=True),
    sa.Column("detail", sa.String(80), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
)

# Heads of the parts of the log that were closed (bot/records/audit_archive.py).
audit_checkpoints = sa.Table(
    "audit_checkpoints",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("chain", sa.String(64), nullable=False),
)
