"""The questionnaire: all questions in order, checked as a whole when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.assessment.questions import Option, Question, read_option, read_question
from bot.files import DataError, read_yaml

FILE = "questionnaire.yml"


@dataclass(frozen=True)
class Section:
    """Questions that belong together, and the heading over them."""

    id: str
    title: str
    caseworker: Mapping[str, str]


@dataclass(frozen=True)
class Questionnaire:
    """Everything that is asked, in the English source."""

    version: str
    law_version: str
    sections: tuple[Section, ...]
    questions: Mapping[str, Question]
    short_path: frozenset[str]
    hints: Mapping[str, str]
    levels: tuple[Option, ...]
    skills: tuple[Option, ...]
    common_languages: tuple[str, ...]
    common_countries: tuple[str, ...]
    blank_topics: frozenset[str]
    adult_age: int
    seconds_a_question: int

    def in_section(self, section: str) -> list[Question]:
        """The questions of a section, in order."""
        return [q for q in self.questions.values() if q.section == section]


def load_questionnaire(folder: Path) -> Questionnaire:
    """Read ``data/assessment``. Raises ``DataError`` that names file and field."""
    frame = read_yaml(folder / FILE, "questionnaire")
    shared = {data["id"]: read_option(data) for data in frame["shared_options"]}
    sections = tuple(Section(s["id"], s["title"], s["caseworker"]) for s in frame["sections"])
    questions: dict[str, Question] = {}
    for section in sections:
        for question in _load_section(folder / f"{section.id}.yml", section.id, shared):
            if question.id in questions:
                path = folder / f"{section.id}.yml"
                raise DataError(path, f"questions/{question.id}", "this id is used twice")
            questions[question.id] = question
    for question_id in frame["short_path"]:
        if question_id not in questions:
            raise DataError(folder / FILE, "short_path", f"no such question: {question_id}")
    return Questionnaire(
        sections=sections,
        questions=questions,
        short_path=frozenset(frame["short_path"]),
        hints={kind: hint["text"] for kind, hint in frame["hints"].items()},
        levels=tuple(read_option(data) for data in frame["levels"]),
        skills=tuple(read_option(data) for data in frame["skills"]),
        common_languages=tuple(frame["common_languages"]),
        common_countries=tuple(frame["common_countries"]),
        blank_topics=frozenset(frame["blank_topics"]),
        **{key: frame[key] for key in _PLAIN},
    )


_PLAIN = ("version", "law_version", "adult_age", "seconds_a_question")


def _load_section(path: Path, section: str, shared: Mapping[str, Option]) -> list[Question]:
    found = []
    for number, data in enumerate(read_yaml(path, "questions")["questions"]):
        where = f"questions/{number} ({data['id']})"
        try:
            question = read_question(data, section, shared)
        except KeyError as unknown:
            raise DataError(path, f"{where}/options", f"no shared option: {unknown}") from None
        _check_shape(question, path, where)
        found.append(question)
    return found


def _check_shape(question: Question, path: Path, where: str) -> None:
    if question.kind == "group":
        if not question.parts:
            raise DataError(path, f"{where}/parts", "a group needs parts")
        for part in question.parts:
            _check_shape(part, path, f"{where}/parts/{part.id}")
    elif not question.question or not question.why:
        raise DataError(path, where, "a question needs its words and why it is asked")
    if question.kind in ("choice", "several") and not question.options:
        raise DataError(path, f"{where}/options", "a choice needs options")
    ids = [option.id for option in question.options]
    if len(set(ids)) != len(ids):
        raise DataError(path, f"{where}/options", "an option id is used twice")
