"""A record in words: for the caseworker in three languages, beside what the person saw."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import jsonschema
import pytest

from bot.assessment.answers import Answer
from bot.assessment.flags import raised
from bot.composition import assessment, languages
from bot.desk.services import Services
from bot.files import ROOT, read_yaml
from bot.i18n.catalogue_files import DESK
from bot.records.accounts import LANGUAGES
from bot.records.advance import SentRecord

SENT = dt.datetime(2026, 11, 24, 12, 5, tzinfo=dt.timezone.utc)
NAME = "ليلى حسن"


@pytest.fixture
def record() -> SentRecord:
    """Somebody who answers in Arabic and must leave her home in six days."""
    given = {
        "A4": {"value": NAME, "said": NAME},
        "A6": {"value": {"phone": "+358401234567"}, "said": "٠٤٠١٢٣٤٥٦٧"},
        "A7": {"value": "sms_only"},
        "R1": {"value": "rental"},
        "R2": {"value": "yes"},
        "R2_date": {"value": "2026-11-30"},
        "E5": {"status": "unknown"},
        "F5": {"status": "skipped", "source": "helper"},
        "Z9": {"value": "gone", "said": "vanha vastaus"},
    }
    answers = {key: Answer(key, language="ar", **more) for key, more in given.items()}
    flags = [flag.id for flag in raised(assessment().rules, answers, SENT.date())]
    return SentRecord(
        reference="1234-5678-9012",
        state="new",
        sent_at=SENT.timestamp(),
        language="ar",
        taken_by=None,
        delete_by=SENT.timestamp(),
        flags=(*flags, "of_an_older_questionnaire"),
        municipality="kajaani",
        version="1",
        path="full",
        answers=answers,
    )


def test_flags_say_what_raised_them(services: Services, record: SentRecord) -> None:
    flags = {f.id: f for f in services.reader.flags(record, languages()["fi"])}
    housing = flags["housing_urgent"]
    assert (housing.level, housing.label) == (
        "red",
        "Kiireellinen: asunto (30. marraskuuta 2026)",
    )
    assert housing.reasons == ("R2_date Asuminen päättyy: 30. marraskuuta 2026",)
    assert flags["contact_limited"].label == "Yhteydenotto rajattu: vain tekstiviesti"


@pytest.mark.parametrize(
    ("code", "label"),
    [("fi", "Kiireellinen: asunto"), ("sv", "Brådskande: boende"), ("en", "Urgent: housing")],
)
def test_a_list_has_flags_without_their_values(services: Services, code: str, label: str) -> None:
    assert services.reader.flag("housing_urgent", languages()[code]).label == label
    for rule in assessment().rules:
        words = services.reader.flag(rule.id, languages()[code]).label
        assert words
        assert "{" not in words
        assert not words.endswith((":", "(", " "))


def test_how_to_reach_the_person_stands_together(services: Services, record: SentRecord) -> None:
    contact = services.reader.contact(record, languages()["fi"])
    assert contact == [
        ("Nimi", NAME),
        ("Puhelin tai sähköposti", "+358 40 1234567"),
        ("Turvallinen yhteydenotto", "vain tekstiviesti"),
    ]


def test_a_flag_of_an_older_questionnaire_is_not_lost(
    services: Services, record: SentRecord
) -> None:
    assert services.reader.flags(record, languages()["fi"])[-1].id == "of_an_older_questionnaire"


def test_question_by_question(services: Services, record: SentRecord) -> None:
    """What was given, skipped, not known, said in own signs; nothing that was sent is hidden."""
    lines = {line.key: line for line in services.reader.lines(record, languages()["sv"])}
    assert set(lines) == set(record.answers)
    assert (lines["R1"].question, lines["R1"].value) == ("Boendesituation", "hyresbostad")
    assert lines["R1"].asked
    assert lines["A6"].said == "٠٤٠١٢٣٤٥٦٧"
    assert (lines["E5"].status, lines["E5"].value) == ("unknown", "")
    assert (lines["F5"].status, lines["F5"].by_helper) == ("skipped", True)
    assert (lines["Z9"].value, lines["Z9"].said) == ("gone", "vanha vastaus")
    for line in lines.values():
        assert line.language == "ar"
        assert line.asked_in in ("ar", "en")


def test_choices_of_an_older_list_are_shown_as_they_were_stored(
    services: Services, record: SentRecord
) -> None:
    """An option or an ISCO group that is no longer there does not leave an empty line."""
    old = {"J2": "fletcher", "J2_occupation": "7425", "R1": "barracks", "J1": ["job", "bow"]}
    answers = {key: Answer(key, value=value) for key, value in old.items()}
    levels = Answer("E2_levels.1", value={"speak": "fluent"}, item="en")
    answers |= {"E2": Answer("E2", value=["en"]), "E2_levels.1": levels}
    older = replace(record, answers=record.answers | answers)
    lines = {line.key: line.value for line in services.reader.lines(older, languages()["fi"])}
    assert lines["J2_occupation"] == "7425"
    assert lines["R1"] == "barracks"
    assert lines["J1"] == "työ, bow"
    assert lines["E2_levels.1"].endswith("fluent")
    text = services.reader.text(older, languages()["fi"])
    assert "7425" in text
    assert "barracks" in text
    services.reader.json(older)


def test_the_text_to_copy_has_the_headings_of_the_other_system(
    services: Services, record: SentRecord
) -> None:
    blocks = dict(services.reader.blocks(record, languages()["fi"]))
    assert "vuokra-asunto" in blocks["Ohjaus ja neuvonta"]
    assert NAME in services.reader.text(record, languages()["fi"])


def test_the_json_follows_its_published_schema(services: Services, record: SentRecord) -> None:
    data = json.loads(services.reader.json(record))
    schema = read_yaml(ROOT / "data" / "schemas" / "advance_information.yml")
    jsonschema.validate(data, schema)
    assert data["ref"] == record.reference
    assert data["created"].startswith("2026-11-24T14:05")


def test_accounts_may_have_the_languages_that_the_desk_speaks() -> None:
    assert DESK.languages == LANGUAGES
