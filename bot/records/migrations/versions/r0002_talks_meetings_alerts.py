"""Talks, meetings, alerts, the log's checkpoints, and what messaging apps are counted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


# The database itself refuses to change what the log holds, and to delete it after the last
# checkpoint. Somebody who may change the database's structure can lift that, and who may write
# can add a checkpoint; the hash chain then shows it (bot/records/audit.py).
LAST = "COALESCE((SELECT MAX(number) FROM audit_checkpoints), 0)"
REFUSED = "'the audit log can only grow'"
GUARDS = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_log_no_UPDATE",
        "DROP TRIGGER IF EXISTS audit_log_no_DELETE",
        "CREATE TRIGGER audit_log_no_UPDATE BEFORE UPDATE ON audit_log "
        f"BEGIN SELECT RAISE(ABORT, {REFUSED}); END",
        f"CREATE TRIGGER audit_log_no_DELETE BEFORE DELETE ON audit_log WHEN OLD.number > {LAST} "
        f"BEGIN SELECT RAISE(ABORT, {REFUSED}); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_log_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION {REFUSED}; END $$",
        "CREATE OR REPLACE FUNCTION audit_log_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.number > {LAST} THEN RAISE EXCEPTION {REFUSED}; END IF; "
        "RETURN OLD; END $$",
        "DROP TRIGGER IF EXISTS audit_log_grows ON audit_log",
        "DROP TRIGGER IF EXISTS audit_log_keeps ON audit_log",
        "CREATE TRIGGER audit_log_grows BEFORE UPDATE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_grows()",
        "CREATE TRIGGER audit_log_keeps BEFORE DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_log_keeps()",
    ],
}


def upgrade() -> None:
    """To this revision."""
    _alerts()
    _checkpoints()
    _meetings()
    _messaging_counts()
    _talk_messages()
    _talks()


def _alerts() -> None:
    op.create_table(
        "alert_wishes",
        sa.Column("account", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wanted", sa.String(length=10), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "alerts",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_alerts_reference"), ["reference"], unique=False)


def _checkpoints() -> None:
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("municipality", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("changed", sa.Float(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_reference"), ["reference"], unique=False)


def _messaging_counts() -> None:
    op.create_table(
        "messaging_counts",
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "outcome"),
    )


def _talk_messages() -> None:
    op.create_table(
        "talk_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("talk", sa.String(length=40), nullable=False),
        sa.Column("delivery", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("fetched", sa.Float(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("talk", "delivery"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("talk_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_messages_outgoing"), ["outgoing"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_messages_talk"), ["talk"], unique=False)


def _talks() -> None:
    op.create_table(
        "talks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("municipality", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_seen", sa.Float(), nullable=False),
        sa.Column("person_typing", sa.Float(), server_default="0", nullable=False),
        sa.Column("worker_typing", sa.Float(), server_default="0", nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("open_for", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_for"),
    )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talks_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_talks_municipality"), ["municipality"], unique=False)
        batch_op.create_index(batch_op.f("ix_talks_sender"), ["sender"], unique=False)
        batch_op.create_index(batch_op.f("ix_talks_state"), ["state"], unique=False)
