"""The phrase book is whole, and says nothing that a chat must not say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.composition import phrase_book
from bot.content.phrases import load_phrase_book
from bot.files import ROOT, DataError, read_yaml

BOOK = ROOT / "data" / "phrases.yml"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda d: d["phrases"]["greeting"].append({"id": "hello", "text": "Hi."}), "twice"),
        (lambda d: d["phrases"]["greeting"][0].update(answers="maybe"), "no such answers: maybe"),
        (lambda d: d["phrases"]["greeting"][0].update(text="Pay {sum}."), "no such slot: sum"),
        (lambda d: d["phrases"]["greeting"][0].pop("text"), "phrases/greeting/0"),
        (lambda d: d["answers"]["yes_no"].append({"id": "no", "text": "Not"}), "yes_no"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, change: Callable[[dict], object], named: str) -> None:
    data = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
    change(data)
    path = tmp_path / "phrases.yml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(DataError, match=named):
        load_phrase_book(path)


def test_every_category_has_its_title_at_the_desk() -> None:
    titles = read_yaml(ROOT / "data" / "desk.yml", "desk")["desk"]["phrase_categories"]
    assert tuple(titles) == phrase_book().categories


def test_phrases_hold_no_sum_no_date_and_no_phone_number() -> None:
    """What changes is filled in by the worker; 112 alone never changes."""
    for sentence in phrase_book().sentences():
        assert not re.search(r"€|\beuros?\b", sentence), sentence
        assert set(re.findall(r"\d+", sentence)) <= {"112", "18"}, sentence
