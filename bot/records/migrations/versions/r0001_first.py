"""The tables of the first release that counts revisions.

Releases before it made their tables without a revision. So this one makes what is missing, and a
database of theirs goes on as it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

metadata = sa.MetaData()

sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("municipality", sa.String(60), nullable=False, index=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("created", sa.Float(), nullable=False),
    sa.Column("password", sa.String(200), nullable=True),
    sa.Column("start_code", sa.String(64), nullable=True),
    sa.Column("start_until", sa.Float(), nullable=True),
    sa.Column("one_time_secret", sa.Text(), nullable=True),
    sa.Column("one_time_step", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("one_time_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.UniqueConstraint("name"),
)

sa.Table(
    "advance_records",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    sa.Column("municipality", sa.String(40), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("sent_at", sa.Float(), nullable=False),
    sa.Column("delete_by", sa.Float(), nullable=False, index=True),
    sa.Column("taken_by", sa.String(80), nullable=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("head", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer(), autoincrement=False, primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("municipality", sa.String(60), nullable=False, index=True),
    sa.Column("who", sa.String(60), nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("reference", sa.String(40), nullable=False, index=True),
    sa.Column("detail", sa.String(80), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
)

sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("account", sa.Integer(), nullable=False, index=True),
    sa.Column("stage", sa.String(20), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created", sa.Float(), nullable=False),
    sa.Column("seen", sa.Float(), nullable=False, index=True),
)

sa.Table(
    "drafts",
    metadata,
    sa.Column("sender", sa.String(80), primary_key=True),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("updated", sa.Float(), nullable=False, index=True),
    sa.Column("resume", sa.String(64), nullable=True, index=True),
    sa.Column("resume_until", sa.Float(), nullable=True),
)

sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("delivery", sa.String(80), nullable=False),
    sa.Column("person", sa.String(80), nullable=False, index=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("position", sa.Float(), nullable=False),
    sa.Column("body", sa.Text(), nullable=True),
    sa.Column("received", sa.Float(), nullable=False, index=True),
    sa.Column("done", sa.Boolean(), nullable=False, index=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Column("due", sa.Float(), nullable=False),
    sa.Column("lease", sa.Float(), nullable=False),
    sa.UniqueConstraint("delivery"),
    sqlite_autoincrement=True,
)

sa.Table(
    "messaging_people",
    metadata,
    sa.Column("person", sa.String(80), primary_key=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("address", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=True),
    sa.Column("heard", sa.Float(), nullable=False),
    sa.Column("updated", sa.Float(), nullable=False, index=True),
)

sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("key", sa.String(88), nullable=False),
    sa.Column("person", sa.String(80), nullable=False, index=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("state", sa.String(24), nullable=False, index=True),
    sa.Column("failure", sa.String(24), nullable=True),
    sa.Column("created", sa.Float(), nullable=False, index=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Column("due", sa.Float(), nullable=False),
    sa.Column("lease", sa.Float(), nullable=False),
    sa.UniqueConstraint("key"),
    sqlite_autoincrement=True,
)

sa.Table(
    "ratings",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("topic", sa.String(80), nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
)

sa.Table(
    "record_notes",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("reference", sa.String(40), nullable=False, index=True),
    sa.Column("municipality", sa.String(60), nullable=False),
    sa.Column("author", sa.String(60), nullable=False),
    sa.Column("written", sa.Float(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
)

sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("account", sa.Integer(), nullable=False, index=True),
    sa.Column("code", sa.String(64), primary_key=True),
)

sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(24), primary_key=True),
    sa.Column("body", sa.Text(), nullable=False),
)

sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("subject", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.Float(), nullable=False, index=True),
)

sa.Table(
    "trackers",
    metadata,
    sa.Column("sender", sa.String(80), primary_key=True),
    sa.Column("turns", sa.Integer(), nullable=False),
    sa.Column("events", sa.Text(), nullable=False),
    sa.Column("updated", sa.Float(), nullable=False, index=True),
)

sa.Table(
    "transcripts",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("sender", sa.String(80), nullable=False),
    sa.Column("delivery", sa.String(80), nullable=False),
    sa.Column("part", sa.Integer(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("created", sa.Float(), nullable=False, index=True),
    sa.UniqueConstraint("sender", "delivery", "part"),
)

sa.Table(
    "web_links",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("begin", sa.String(80), nullable=False),
    sa.Column("until", sa.Float(), nullable=False, index=True),
    sa.Column("used", sa.Boolean(), nullable=False),
)

GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER audit_log_no_{verb} BEFORE {verb} ON audit_log "
        "BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_log_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log can only grow'; END $$",
        "CREATE TRIGGER audit_log_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_grows()",
    ],
}
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        sa.event.listen(audit_log, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))


def upgrade() -> None:
    """Make the tables that are not there."""
    metadata.create_all(op.get_bind())
