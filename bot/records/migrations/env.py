"""What Alembic runs: the revisions, on the connection given by bot/records/migrating.py."""

from __future__ import annotations

from alembic import context

from bot.records.migrating import OPTIONS, all_tables

connection = context.config.attributes["connection"]
# SQLite cannot alter a column: Alembic copies the table instead (batch).
context.configure(
    connection=connection,
    target_metadata=all_tables(),
    render_as_batch=True,
    **OPTIONS,
    transactional_ddl=False,  # the transaction is begun and ended by bot/records/migrating.py
)
context.run_migrations()
