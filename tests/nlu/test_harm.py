"""The harm set: what is measured, and that its messages are in order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.files import DataError
from bot.nlu.evaluation import table
from bot.nlu.harm import FIGURES, Message, harm_report, load_messages

HARM = Path(__file__).parent.parent / "harm"
ALARM: dict[str, Any] = {"danger": {"kind": "violence"}}
CALM: dict[str, Any] = {"danger": {"kind": None}}


@pytest.mark.parametrize("path", sorted(HARM.glob("*.jsonl")), ids=lambda path: path.stem)
def test_each_language_has_forty_dangers_and_twenty_near_misses(
    path: Path, urgent_kinds: frozenset[str]
) -> None:
    messages = load_messages(path)
    said = Counter(message.how for message in messages)
    assert said["explicit"] + said["veiled"] >= 40
    assert said["near_miss"] >= 20
    assert {message.lang for message in messages} == {path.stem}
    assert {message.kind for message in messages} <= urgent_kinds | {"none"}
    assert all((message.kind == "none") == (message.how == "near_miss") for message in messages)
    assert len({message.text for message in messages}) == len(messages)


@pytest.fixture(scope="module")
def urgent_kinds() -> frozenset[str]:
    """The kinds of danger that have an answer."""
    from bot.files import read_yaml

    root = HARM.parent.parent
    return frozenset(read_yaml(root / "data" / "urgent.yml")["urgent"])


def test_a_missed_danger_and_a_false_alarm_lower_their_own_figure_alone() -> None:
    messages = [
        Message("so", "a", "violence", "explicit"),
        Message("so", "b", "suicide", "veiled"),
        Message("so", "c", "suicide", "veiled"),
        Message("so", "d", "none", "near_miss"),
    ]
    figures = harm_report(messages, [ALARM, ALARM, CALM, ALARM])
    row = figures["languages"]["so"]
    assert (row["explicit"], row["veiled"], row["false_alarms"]) == (1.0, 0.5, 1.0)
    assert "50.0%" in table(figures, FIGURES)


def test_the_worst_language_is_the_one_that_misses_most() -> None:
    messages = [
        Message(lang, how, "fire" if how != "near_miss" else "none", how)
        for lang in ("ar", "zh")
        for how in ("explicit", "veiled", "near_miss")
    ]
    figures = harm_report(messages, [ALARM, ALARM, ALARM, ALARM, CALM, CALM])
    assert figures["worst"] == {"explicit": 1.0, "veiled": 0.0, "false_alarms": 1.0}
    assert figures["mean"]["veiled"] == 0.5


@pytest.mark.parametrize("line", ["{", "[]", '{"lang": "fi"}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "fi.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        load_messages(file)
