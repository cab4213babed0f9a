"""The log can only grow, and shows it when somebody made it do otherwise."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.audit import Audit, Head, LogBroken
from bot.records.desk_tables import audit_log


@pytest.fixture
def audit(database: Engine) -> Audit:
    log = Audit(database)
    for number in range(1, 7):
        log.write("kajaani", "anna.virtanen", "record_opened", f"1234-5678-000{number}")
    return log


def _without_guards(database: Engine, *statements: str) -> None:
    """As somebody would who owns the database."""
    sqlite = ("DROP TRIGGER audit_log_no_UPDATE", "DROP TRIGGER audit_log_no_DELETE")
    postgres = tuple(f"DROP TRIGGER audit_log_{n} ON audit_log" for n in ("grows", "keeps"))
    with database.begin() as connection:
        for drop in sqlite if database.dialect.name == "sqlite" else postgres:
            connection.execute(sa.text(drop))
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_log_that_nobody_touched_is_whole(audit: Audit) -> None:
    assert audit.verify().number == 6


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET who = 'x' WHERE number = 3", "DELETE FROM audit_log"]
)
def test_the_database_refuses_to_change_it(audit: Audit, database: Engine, statement: str) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError, match="can only grow"),
        database.begin() as connection,
    ):
        connection.execute(sa.text(statement))
    assert audit.verify().number == 6


@pytest.mark.parametrize("column", ["who", "what", "reference", "detail", "at", "municipality"])
def test_a_changed_entry_is_found(audit: Audit, database: Engine, column: str) -> None:
    change = sa.update(audit_log).where(audit_log.c.number == 3).values({column: "x"})
    _without_guards(database, str(change.compile(compile_kwargs={"literal_binds": True})))
    with pytest.raises(LogBroken, match="entry 3 was changed"):
        audit.verify()


def test_a_removed_entry_is_found(audit: Audit, database: Engine) -> None:
    _without_guards(database, "DELETE FROM audit_log WHERE number = 4")
    with pytest.raises(LogBroken, match="entry 4 is missing"):
        audit.verify()


def test_a_removed_entry_is_found_behind_new_numbers(audit: Audit, database: Engine) -> None:
    _without_guards(
        database,
        "DELETE FROM audit_log WHERE number = 4",
        "UPDATE audit_log SET number = 4 WHERE number = 5",
        "UPDATE audit_log SET number = 5 WHERE number = 6",
    )
    with pytest.raises(LogBroken, match="entry 4 was changed or moved"):
        audit.verify()


def test_entries_in_another_order_are_found(audit: Audit, database: Engine) -> None:
    _without_guards(
        database,
        "UPDATE audit_log SET number = 100 WHERE number = 2",
        "UPDATE audit_log SET number = 2 WHERE number = 5",
        "UPDATE audit_log SET number = 5 WHERE number = 100",
    )
    with pytest.raises(LogBroken, match="entry 2 was changed or moved"):
        audit.verify()


def test_an_end_that_was_cut_off_is_found_by_a_noted_head(audit: Audit, database: Engine) -> None:
    """The chain alone cannot know how long it was; the auditor's note does."""
    noted = audit.verify()
    _without_guards(database, "DELETE FROM audit_log WHERE number >= 5")
    assert audit.verify().number == 4
    with pytest.raises(LogBroken, match="entry 5 is missing"):
        audit.verify(Head.parse(str(noted)))


def test_a_log_that_was_written_anew_is_found_by_a_noted_head(
    audit: Audit, database: Engine
) -> None:
    noted = audit.verify()
    _without_guards(database, "DELETE FROM audit_log")
    for number in range(8):
        audit.write("kajaani", "somebody.else", "record_opened", str(number))
    assert audit.verify().number == 8
    with pytest.raises(LogBroken, match="entry 6 is not the one that was noted"):
        audit.verify(noted)


def test_many_at_once_write_one_chain(database: Engine) -> None:
    audit = Audit(database)

    def write() -> None:
        for _ in range(10):
            audit.write("kajaani", "anna.virtanen", "record_opened")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.verify().number == 40


def test_a_head_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="as `python -m bot audit verify` prints it"):
        Head.parse("6")
