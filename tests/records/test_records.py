"""What is kept and what is deleted, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.messages import Button, Reply
from bot.records.database import now
from bot.records.periods import DAY
from bot.records.ratings import Ratings
from bot.records.retention import purge
from bot.records.transcripts import Transcripts

REPLY = Reply("Vastaus", (Button("Lisää", "/menu"),), {"kind": "answer", "language": "fi"})


def test_a_conversation_comes_back_as_it_was(database: sa.engine.Engine) -> None:
    transcripts = Transcripts(database)
    transcripts.append("a", "1", "መርሓባ", [REPLY, REPLY])
    transcripts.append("b", "1", "other", [REPLY])
    entries = transcripts.latest("a", 10)
    assert [entry.role for entry in entries] == ["person", "silta", "silta"]
    assert entries[0].text == "መርሓባ"
    assert entries[1].reply == REPLY


def test_the_database_is_not_opened_anew_for_each_use(database: sa.engine.Engine) -> None:
    """On SQLite, to open it costs more than what is asked, and to close it more than both."""
    database.dispose()
    opened: list[object] = []
    sa.event.listen(database, "connect", lambda connection, record: opened.append(connection))
    transcripts = Transcripts(database)
    for number in range(5):
        transcripts.append("a", str(number), "hello", [REPLY])
        transcripts.latest("a", 10)
    assert len(opened) == 1


def test_codes_and_numbers_are_no_part_of_the_copy(database: sa.engine.Engine) -> None:
    """Neither she nor anybody with the database reads them there; what stands around them stays."""
    transcripts = Transcripts(database)
    written = "olen 131052-308T, tili FI21 1234 5600 0007 85, soita 040 559 6732"
    (said, _) = transcripts.append("a", "1", written, [REPLY])
    assert said.text == "olen […], tili […], soita […]"
    with database.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT body FROM transcripts").all())
    for planted in ("131052", "1234 5600", "559"):
        assert planted not in rows


def test_a_delivery_is_stored_once(database: sa.engine.Engine) -> None:
    transcripts = Transcripts(database)
    transcripts.append("a", "1", "hello", [REPLY])
    with pytest.raises(sa.exc.IntegrityError):
        transcripts.append("a", "1", "hello", [REPLY])
    assert len(transcripts.delivered("a", "1")) == 2


def test_deleting_leaves_others_alone(database: sa.engine.Engine) -> None:
    transcripts = Transcripts(database)
    transcripts.append("a", "1", "mine", [REPLY])
    transcripts.append("b", "1", "hers", [REPLY])
    transcripts.delete("a")
    assert transcripts.latest("a", 10) == []
    assert len(transcripts.latest("b", 10)) == 2


def test_a_conversation_is_purged_by_its_last_message(database: sa.engine.Engine) -> None:
    """One that goes on is kept whole, one that fell silent goes whole."""
    transcripts = Transcripts(database)
    transcripts.append("old", "1", "long ago", [REPLY])
    later = now() + 8 * DAY
    assert purge(database, days=7, at=now()) == 0
    assert len(transcripts.latest("old", 10)) == 2
    purge(database, days=7, at=later)
    assert transcripts.latest("old", 10) == []


def test_ratings_hold_no_person(database: sa.engine.Engine) -> None:
    ratings = Ratings(database)
    ratings.count("health_services", "so", "helpful")
    ratings.count("health_services", "ar", "helpful")
    ratings.count("health_services", "ar", "hard")
    assert ratings.totals() == {("health_services", "helpful"): 2, ("health_services", "hard"): 1}


@hypothesis_settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(text=st.text(max_size=200).filter(lambda t: "\x00" not in t), title=st.text(max_size=40))
def test_any_text_survives_storing(database: sa.engine.Engine, text: str, title: str) -> None:
    """Every script, emoji and control mark; PostgreSQL takes all but NUL, which JSON escapes."""
    try:
        text.encode("utf-8")
        title.encode("utf-8")
    except UnicodeEncodeError:
        return
    transcripts = Transcripts(database)
    sender = f"p{abs(hash((text, title)))}"
    transcripts.delete(sender)
    transcripts.append(sender, "1", text, [Reply(text, (Button(title, "/x"),), {"kind": "k"})])
    entries = transcripts.latest(sender, 5)
    assert entries[0].text == text
    assert entries[1].reply == Reply(text, (Button(title, "/x"),), {"kind": "k"})
