"""Who works on a record, when several want to; on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from bot.assessment.answers import Answer, Draft
from bot.records.advance import AdvanceRecords, NotFound
from bot.records.vault import Key, Vault


@pytest.fixture
def records(database: Engine) -> AdvanceRecords:
    return AdvanceRecords(database, Vault([Key.new()]))


@pytest.fixture
def reference(records: AdvanceRecords) -> str:
    records.save_draft("web:1", Draft("ar", "1").with_answer(Answer("A4", value="Salma")))
    return records.send("web:1", "kajaani", flags=["interpreter"])


def test_looking_at_the_head_changes_nothing(records: AdvanceRecords, reference: str) -> None:
    assert records.head(reference, "kajaani").state == "new"
    assert records.head(reference, "kajaani").flags == ("interpreter",)
    with pytest.raises(NotFound):
        records.head(reference, "sotkamo")


def test_of_many_at_once_one_takes_it(records: AdvanceRecords, reference: str) -> None:
    names = [f"worker.{number}" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda name: records.take(reference, "kajaani", name), names))
    assert done.count(True) == 1
    assert records.head(reference, "kajaani").taken_by == names[done.index(True)]


def test_taking_over_names_from_whom(records: AdvanceRecords, reference: str) -> None:
    assert records.take(reference, "kajaani", "anna")
    assert not records.take(reference, "kajaani", "bo")
    assert not records.take(reference, "kajaani", "bo", instead_of="cecilia")
    assert records.take(reference, "kajaani", "bo", instead_of="anna")
    assert records.head(reference, "kajaani").taken_by == "bo"


def test_nobody_elsewhere_takes_it(records: AdvanceRecords, reference: str) -> None:
    assert not records.take(reference, "sotkamo", "dan")
    assert records.head(reference, "kajaani").taken_by is None
