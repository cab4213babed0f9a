"""SQLite's journal: what is deleted from the database would stay in it for a while.

``secure_delete`` overwrites what is deleted in the file itself, and the write-ahead log beside it
still holds the pages as they were. PostgreSQL's own log is the operator's (docs/privacy.md).
"""

from __future__ import annotations

from sqlalchemy.engine import Engine


def empty_journal(engine: Engine) -> bool:
    """Write SQLite's journal back and cut it to nothing; whether it is empty now.

    Somebody who reads at this moment is not waited for: the next deletion, or the next round of
    bot/records/retention.py, does it.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
    return not busy
