"""Advance information is kept sealed, given to its municipality alone, and deleted in time."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.assessment.answers import SKIPPED, Answer, Draft
from bot.records.advance import AdvanceRecords, DraftChanged, NotFound
from bot.records.database import advance_records, drafts, now, open_database
from bot.records.periods import DAY, HOUR, Periods
from bot.records.references import new_reference, new_secret, tidy_reference
from bot.records.resealing import reseal
from bot.records.retention import purge_advance
from bot.records.vault import Key, Vault

DRAFT = Draft("ar", "2026-11").with_answer(Answer("A4", value="Salma", said="سلمى", language="ar"))


@pytest.fixture
def records(database: sa.engine.Engine) -> AdvanceRecords:
    return AdvanceRecords(database, Vault([Key.new()]))


def sent(records: AdvanceRecords, sender: str = "web:1", secret: str = "") -> str:
    records.save_draft(sender, DRAFT)
    return records.send(sender, "kajaani", flags=["interpreter"], secret=secret)


def test_a_draft_grows_answer_by_answer(records: AdvanceRecords) -> None:
    records.save_draft("web:1", DRAFT)
    records.save_answer("web:1", Answer("A6", SKIPPED))
    draft = records.draft("web:1")
    assert draft is not None
    assert draft.value("A4") == "Salma"
    assert draft.answers["A6"].status == SKIPPED
    assert records.draft("web:2") is None


def test_two_windows_do_not_overwrite_each_other(records: AdvanceRecords) -> None:
    """The second one is told; nothing is lost silently."""
    first = records.save_draft("web:1", DRAFT)
    records.save_draft("web:1", first.with_answer(Answer("A5", value="1990-05")))
    with pytest.raises(DraftChanged):
        records.save_draft("web:1", first.with_answer(Answer("A5", value="1999-01")))
    with pytest.raises(DraftChanged):
        records.save_draft("web:1", DRAFT)


def test_sending_hands_over_once(records: AdvanceRecords) -> None:
    reference = sent(records)
    assert records.draft("web:1") is None
    with pytest.raises(NotFound):
        records.send("web:1", "kajaani")
    (listed,) = records.listed("kajaani")
    assert (listed.reference, listed.state, listed.language) == (reference, "new", "ar")
    assert listed.flags == ("interpreter",)


def test_a_lost_receipt_is_shown_again(records: AdvanceRecords) -> None:
    """The connection broke just when it was sent: nothing is sent twice, nothing is lost."""
    secret = new_secret()
    reference = sent(records, secret=secret)
    receipt = records.receipt("web:1")
    assert receipt is not None
    assert (receipt.reference, receipt.secret) == (reference, secret)
    assert records.draft("web:1") is None
    records.save_draft("web:1", DRAFT)  # a new beginning takes its place
    assert records.receipt("web:1") is None


def test_a_draft_moves_to_another_phone_once(
    records: AdvanceRecords, database: sa.engine.Engine
) -> None:
    records.save_draft("web:1", DRAFT)
    secret = records.resume_secret("web:1")
    records.save_draft("web:2", DRAFT.with_answer(Answer("A4", value="Old")))
    records.resume(secret, "web:2")
    moved = records.draft("web:2")
    assert moved is not None
    assert moved.value("A4") == "Salma"
    assert records.draft("web:1") is None
    with pytest.raises(NotFound):
        records.resume(secret, "web:3")
    later = records.resume_secret("web:2")
    with database.begin() as connection:
        connection.execute(sa.update(drafts).values(resume_until=now() - 1))
    with pytest.raises(NotFound):
        records.resume(later, "web:3")
    with pytest.raises(NotFound):
        records.resume_secret("web:9")


def test_another_municipality_sees_nothing(records: AdvanceRecords) -> None:
    reference = sent(records)
    assert records.listed("oulu") == []
    for forbidden in (
        lambda: records.opened(reference, "oulu"),
        lambda: records.mark(reference, "oulu", "taken", "x"),
        lambda: records.delete(reference, "oulu"),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert records.opened(reference, "kajaani").answers["A4"].said == "سلمى"


def test_the_caseworker_takes_it_and_marks_it(records: AdvanceRecords) -> None:
    reference = sent(records)
    assert records.opened(reference, "kajaani").state == "opened"
    records.mark(reference, "kajaani", "taken", "anna")
    assert records.opened(reference, "kajaani").taken_by == "anna"
    with pytest.raises(ValueError, match="no such state"):
        records.mark(reference, "kajaani", "lost", "anna")


def test_the_person_follows_and_withdraws_with_her_secret(records: AdvanceRecords) -> None:
    secret = new_secret()
    reference = sent(records, secret=secret)
    typed = secret.lower().replace("-", " ")
    assert records.status(reference, typed).state == "new"
    with pytest.raises(NotFound):
        records.status(reference, new_secret())
    with pytest.raises(NotFound):
        records.withdraw(new_reference(), secret)
    records.withdraw(reference, secret)
    assert records.listed("kajaani") == []


def test_a_reference_may_be_typed_in_any_digits() -> None:
    assert tidy_reference("٤٨٢٩ ١٧٣٠ ٥١٢٦") == "4829-1730-5126"


def test_nothing_readable_is_in_the_database(tmp_path: Path) -> None:
    """Neither words, nor ids of answers, nor flags, nor languages, nor the secret."""
    database = open_database(f"sqlite:///{tmp_path / 'silta.db'}")
    records = AdvanceRecords(database, Vault([Key.new()]))
    secret = new_secret()
    sent(records, secret=secret)
    records.save_draft("web:2", DRAFT)
    database.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for planted in ("Salma", "سلمى", '"A4"', "interpreter", '"ar"', secret):
        assert planted.encode() not in stored


def test_drafts_vanish_after_a_day_of_silence(
    records: AdvanceRecords, database: sa.engine.Engine
) -> None:
    records.save_draft("web:1", DRAFT)
    periods = Periods()
    assert purge_advance(database, periods, now() + 23 * HOUR) == (0, 0)
    with database.begin() as connection:  # unseen even before the purge comes by
        connection.execute(sa.update(drafts).values(updated=now() - 25 * HOUR))
    assert records.draft("web:1") is None
    assert records.save_draft("web:1", DRAFT).revision == 1
    assert purge_advance(database, periods, now() + 25 * HOUR) == (1, 0)


def test_sent_records_are_deleted_in_time(
    records: AdvanceRecords, database: sa.engine.Engine
) -> None:
    """30 days at most, 14 days after import, and import never lengthens a life."""
    first, second = sent(records), sent(records, "web:2")
    records.mark(first, "kajaani", "imported", "anna")
    periods = Periods()
    assert purge_advance(database, periods, now() + 13 * DAY) == (2, 0)  # the receipts
    assert purge_advance(database, periods, now() + 15 * DAY) == (0, 1)
    with database.begin() as connection:
        connection.execute(sa.update(advance_records).values(delete_by=now() + 5 * DAY))
    records.mark(second, "kajaani", "imported", "anna")
    assert purge_advance(database, periods, now() + 6 * DAY) == (0, 1)


def test_keys_are_changed_without_losing_anything(database: sa.engine.Engine) -> None:
    old, new = Key.new(), Key.new()
    before = AdvanceRecords(database, Vault([old]))
    reference = sent(before)
    before.save_draft("web:2", DRAFT)
    assert reseal(database, Vault([new, old])) == 4  # record, its head, its receipt, a draft
    after = AdvanceRecords(database, Vault([new]))
    assert reseal(database, Vault([new])) == 0
    assert after.opened(reference, "kajaani").answers["A4"].value == "Salma"
    assert after.draft("web:2") is not None
