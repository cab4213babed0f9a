"""Content is checked as a whole, and each mistake is named by file and field."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.composition import library
from bot.content.freshness import Freshness
from bot.content.library import load_library
from bot.files import ROOT, DataError, read_yaml


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy, ignore=shutil.ignore_patterns("training", "schemas"))
    return copy


def _edit(path: Path, change: Callable[[dict], object]) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("content/first_steps.yml", lambda d: d.pop("sources"), "'sources' is a required"),
        ("content/first_steps.yml", lambda d: d.update(title="x" * 60), "title"),
        ("content/first_steps.yml", lambda d: d.update(reviewed="soon"), "reviewed"),
        ("content/first_steps.yml", lambda d: d.update(related=["nothing"]), "related"),
        ("content/first_steps.yml", lambda d: d.update(contacts=["nobody"]), "contacts"),
        ("content/first_steps.yml", lambda d: d.update(id="second_steps"), "id"),
        ("content/first_steps.yml", lambda d: d.update(category="sport"), "category"),
        ("contacts.yml", lambda d: d["contacts"]["dvv"].update(phone="call us"), "dvv/phone"),
        ("municipalities/kajaani.yml", lambda d: d.update(responsible="mayor"), "responsible"),
        ("urgent.yml", lambda d: d["urgent"]["fire"].update(topic="smoke"), "urgent/fire/topic"),
        ("interface.yml", lambda d: d["labels"].update(sources=False), "labels/sources"),
        ("policy.yml", lambda d: d["grace"].update(low=-1), "grace/low"),
    ],
)
def test_a_mistake_is_named(
    data: Path, file: str, change: Callable[[dict], object], named: str
) -> None:
    """One clear error: which file, which field."""
    _edit(data / file, change)
    with pytest.raises(DataError) as error:
        load_library(data, "kajaani")
    assert Path(file).name in str(error.value)
    assert named in str(error.value)


def test_broken_yaml_and_a_missing_municipality_are_named(data: Path) -> None:
    with pytest.raises(DataError, match="no such municipality; there are: kajaani"):
        load_library(data, "atlantis")
    (data / "urgent.yml").write_text("urgent: [", encoding="utf-8")
    with pytest.raises(DataError, match="urgent.yml: not readable as YAML"):
        load_library(data, "kajaani")


def test_a_second_municipality_is_a_file_alone(data: Path) -> None:
    """Nothing of Kajaani stands in the national text: another town's contacts take its place."""
    small = data / "municipalities" / "pikkula.yml"
    shutil.copy(data / "municipalities" / "kajaani.yml", small)
    _edit(small, lambda d: d.update(id="pikkula", name={"fi": "Pikkula"}))
    _edit(small, lambda d: d["contacts"].pop("rental_company"))
    there = load_library(data, "pikkula")
    assert there.municipality.name == {"fi": "Pikkula"}
    assert there.contact("rental_company") is None
    text = " ".join(s for t in library().topics.values() for s in (*t.answer, *t.steps))
    assert "Kajaani" not in text
    assert "Kainuu" not in text


def test_freshness_by_volatility() -> None:
    """Past its review date a text is shown with a remark; past the grace it is withheld."""
    content = library()
    topic = content.topics["residence_permits"]
    due = content.policy.review_due(topic)
    grace = dt.timedelta(days=content.policy.grace[topic.volatility])
    day = dt.timedelta(days=1)
    assert content.policy.freshness(topic, due) is Freshness.CURRENT
    assert content.policy.freshness(topic, due + day) is Freshness.DUE
    assert content.policy.freshness(topic, due + grace) is Freshness.DUE
    assert content.policy.freshness(topic, due + grace + day) is Freshness.WITHHELD


def test_an_old_contact_is_not_spoken_but_112_always_is() -> None:
    content = library()
    later = dt.date(2036, 1, 1)
    assert [c.id for c in content.spoken(["dvv", "emergency_number"], later)] == [
        "emergency_number"
    ]
    today = dt.date(2026, 11, 24)
    assert content.spoken(["family_centre"], today) == []  # low confidence: never


def test_no_text_holds_a_euro_sum_or_an_unlisted_phone_number() -> None:
    """Amounts change each January; numbers come from contacts, which have a date."""
    import re

    for where, sentence in library().sentences():
        assert not re.search(r"€|\beuros?\b", sentence), f"{where}: {sentence}"
        if where.startswith("data/content/"):
            digits = re.findall(r"\b0\d[\d ]{4,}", sentence)
            assert not digits, f"{where}: {sentence}"


def test_the_responsible_contact_has_hours(data: Path) -> None:
    """Reminders and appointments go by them."""
    town = data / "municipalities" / "kajaani.yml"
    _edit(town, lambda d: d.update(closed_on=["2026-12-31"]))
    assert load_library(data, "kajaani").municipality.closed_on == (dt.date(2026, 12, 31),)
    _edit(town, lambda d: d["contacts"]["integration_office"].pop("hours"))
    with pytest.raises(DataError, match="integration_office needs hours"):
        load_library(data, "kajaani")


@pytest.mark.parametrize(
    "topic", ["domestic_violence", "mental_health", "police_crime", "emergency_112"]
)
def test_where_danger_is_near_the_number_comes_first(topic: str) -> None:
    """Whoever is taken to ask about the subject may be in the middle of it."""
    answer = read_yaml(ROOT / "data" / "content" / f"{topic}.yml")["answer"]
    assert "112" in answer[0]
