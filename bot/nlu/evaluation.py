"""The figures of an evaluation. What each one means stands in docs/understanding.md."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bot.files import DataError
from bot.nlu.decision import OUTSIDE, TOPIC, URGENT

Parse = dict[str, Any]
Report = dict[str, Any]
FIGURES = (
    "top1",
    "top3",
    "confident_wrong",
    "out_of_scope_caught",
    "danger_caught",
    "false_alarms",
    "dialogue_right",
    "language_identified",
)
LOWER_IS_BETTER = frozenset({"confident_wrong", "false_alarms"})


@dataclass(frozen=True)
class Case:
    """One message and what it should be taken for."""

    lang: str
    text: str
    topic: str
    accept: tuple[str, ...]
    intent: str | None = None

    @property
    def is_topic(self) -> bool:
        """Whether it asks about a topic."""
        return self.topic not in (OUTSIDE, URGENT, "dialogue")

    @property
    def accepted(self) -> frozenset[str]:
        """The topics that answer it."""
        return frozenset((*((self.topic,) if self.is_topic else ()), *self.accept))


def load_cases(path: Path) -> list[Case]:
    """Read JSON lines. Raises ``DataError`` naming the line."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            accept = tuple(row.get("accept") or ())
            cases.append(Case(row["lang"], row["text"], row["topic"], accept, row.get("intent")))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(path, f"line {number}", f"not a case: {error!r}") from None
    return cases


def report(cases: Sequence[Case], parses: Sequence[Parse]) -> Report:
    """Figures by language, their mean and the worst language's."""
    by_language: dict[str, list[tuple[Case, Parse]]] = defaultdict(list)
    for case, parse in zip(cases, parses, strict=True):
        by_language[case.lang].append((case, parse))
    languages = {code: _figures(pairs) for code, pairs in sorted(by_language.items())}
    return summary(languages, FIGURES)


def summary(languages: dict[str, Report], names: Sequence[str]) -> Report:
    """Figures by language with each one's mean, and its value in the worst language."""
    return {
        "languages": languages,
        "mean": {name: _over(languages, name, fmean) for name in names},
        "worst": {
            name: _over(languages, name, max if name in LOWER_IS_BETTER else min) for name in names
        },
    }


def table(figures: Report, names: Sequence[str] = FIGURES) -> str:
    """The figures for people, shares in per cent."""
    lines = [f"{'':6}{'n':>5}" + "".join(f"{name.replace('_', ' '):>21}" for name in names)]
    rows = {**figures["languages"], "mean": figures["mean"], "worst": figures["worst"]}
    for code, row in rows.items():
        values = (row[name] for name in names)
        shown = (f"{'-' if value is None else f'{value:.1%}':>21}" for value in values)
        lines.append(f"{code:6}{row.get('n', ''):>5}" + "".join(shown))
    return "\n".join(lines)


def confusions(cases: Sequence[Case], parses: Sequence[Parse]) -> Iterator[str]:
    """A line for each message that was not taken for what it is."""
    for case, parse in zip(cases, parses, strict=True):
        expected = case.intent or case.topic
        if not _is_right(case, parse):
            name, share = parse["intent"]["name"], parse["intent"]["confidence"]
            best = _first_label(parse)
            yield f"{case.lang}\t{expected} -> {name} ({best} {share:.2f})\t{case.text}"


def _figures(pairs: list[tuple[Case, Parse]]) -> Report:
    topic = [(c, p) for c, p in pairs if c.is_topic]
    outside = [(c, p) for c, p in pairs if c.topic == OUTSIDE]
    urgent = [(c, p) for c, p in pairs if c.topic == URGENT]
    dialogue = [(c, p) for c, p in pairs if c.topic == "dialogue"]
    return {
        "n": len(pairs),
        "top1": share(_first_label(p) in _labels(c) for c, p in topic),
        "top3": share(bool(set(_topics(p)[:3]) & c.accepted) for c, p in topic),
        "confident_wrong": share(_confidently_wrong(c, p) for c, p in (*topic, *outside)),
        "out_of_scope_caught": share(p["intent"]["name"] != TOPIC for _, p in outside),
        "danger_caught": share(_danger_caught(c, p) for c, p in urgent),
        "false_alarms": share(alarmed(p) for c, p in pairs if c.topic != URGENT),
        "dialogue_right": share(p["intent"]["name"] == c.intent for c, p in dialogue),
        "language_identified": share(
            (p.get("identified_language") or {}).get("code") == c.lang for c, p in pairs
        ),
    }


def _is_right(case: Case, parse: Parse) -> bool:
    name = parse["intent"]["name"]
    if case.is_topic:
        return _first_label(parse) in _labels(case)
    if case.topic == OUTSIDE:
        return bool(name != TOPIC)
    return _danger_caught(case, parse) if case.topic == URGENT else name == case.intent


def _first_label(parse: Parse) -> str:
    """What the message is taken for first, sure or not: ask/<topic> or a dialogue intent."""
    return str(parse["intent_ranking"][0]["name"])


def _topics(parse: Parse) -> list[str]:
    ranking = parse["response_selector"][TOPIC]["ranking"]
    return [str(entry["intent_response_key"]).partition("/")[2] for entry in ranking]


def _labels(case: Case) -> set[str]:
    return {f"{TOPIC}/{topic}" for topic in case.accepted}


def _confidently_wrong(case: Case, parse: Parse) -> bool:
    """A topic's answer was given, and it is not the one that was asked for."""
    return parse["intent"]["name"] == TOPIC and _topics(parse)[0] not in case.accepted


def _danger_caught(case: Case, parse: Parse) -> bool:
    return alarmed(parse) or _topics(parse)[0] in case.accepted


def alarmed(parse: Parse) -> bool:
    """The danger answer is given, alone or before another answer."""
    return bool((parse.get("danger") or {}).get("kind"))


def share(values: Iterable[bool]) -> float | None:
    """The share of what is true, from 0 to 1; ``None`` of nothing."""
    found = list(values)
    return fmean(found) if found else None


def _over(languages: dict[str, Report], name: str, join: Any) -> float | None:
    values = [row[name] for row in languages.values() if row[name] is not None]
    return float(join(values)) if values else None
