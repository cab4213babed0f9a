"""Questions, flags and summary words of one installation, loaded and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.assessment.checks import check_questionnaire
from bot.assessment.conditions import Condition
from bot.assessment.flags import FlagRule, load_flags
from bot.assessment.occupations import Occupations, load_occupations
from bot.assessment.questionnaire import Questionnaire, load_questionnaire
from bot.assessment.questions import Option
from bot.files import read_yaml


@dataclass(frozen=True)
class Phrase:
    """Fixed words of the summary: the person's (may be empty) and the caseworker's."""

    text: str
    caseworker: Mapping[str, str]


@dataclass(frozen=True)
class Assessment:
    """Everything about advance information that is data."""

    questionnaire: Questionnaire
    rules: tuple[FlagRule, ...]
    phrases: Mapping[str, Phrase]
    meeting: tuple[tuple[str, tuple[Condition, ...]], ...]
    occupations: Occupations

    @property
    def major_groups(self) -> Mapping[str, Option]:
        """The options of the questionnaire that stand for a major group of ISCO-08, by digit."""
        parts = (part for q in self.questionnaire.questions.values() for part in q.parts)
        options = (option for part in parts for option in part.options)
        return {option.codes["isco"]: option for option in options if "isco" in option.codes}


def load_assessment(data: Path) -> Assessment:
    """Read and check ``data/assessment``. Raises ``DataError``."""
    folder = data / "assessment"
    questionnaire = load_questionnaire(folder)
    rules = load_flags(folder / "flags.yml")
    dangers = read_yaml(data / "urgent.yml", "urgent")["urgent"]
    check_questionnaire(questionnaire, rules, dangers, folder)
    words = read_yaml(folder / "summary.yml", "summary")
    phrases = {
        key: Phrase(entry.get("text", ""), entry["caseworker"])
        for key, entry in words["summary"].items()
    }
    meeting = tuple(
        (entry["thing"], tuple(Condition.read(c) for c in entry["when"]))
        for entry in words["meeting"]
    )
    occupations = load_occupations(data / "occupations")
    return Assessment(questionnaire, rules, phrases, meeting, occupations)
