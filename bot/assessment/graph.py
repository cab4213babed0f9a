"""The questionnaire as a picture: a Mermaid flow chart of questions, conditions and stops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.assessment.conditions import Condition
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.questions import Question


def mermaid(questionnaire: Questionnaire) -> str:
    """The whole flow. A question in bold frame is on the short path."""
    lines = ["flowchart TD", *_sections(questionnaire), *_edges(questionnaire)]
    return "\n".join(lines)


def _sections(questionnaire: Questionnaire) -> Iterator[str]:
    for section in questionnaire.sections:
        yield f'  subgraph {section.id}["{section.caseworker["en"]}"]'
        for question in questionnaire.in_section(section.id):
            yield f'    {question.id}["{question.id} {_label(question)}"]'
        yield "  end"
    for question_id in sorted(questionnaire.short_path):
        yield f"  style {question_id} stroke-width:4px"


def _edges(questionnaire: Questionnaire) -> Iterator[str]:
    names = list(questionnaire.questions)
    for earlier, later in itertools.pairwise(names):
        yield f"  {earlier} --> {later}"
    for question in questionnaire.questions.values():
        for condition in question.when:
            yield f'  {condition.of} -. "if {_words(condition)}" .-> {question.id}'
        for condition in question.unless:
            yield f'  {condition.of} -. "not if {_words(condition)}" .-> {question.id}'
        for stop in question.stop:
            yield f'  {question.id} == "{_words(stop.condition)}" ==> stop_{stop.reason}(["stop"])'


def _label(question: Question) -> str:
    return question.caseworker["en"].replace('"', "'")


def _words(condition: Condition) -> str:
    if condition.younger is not None:
        return f"under {condition.younger}"
    values = ", ".join(map(str, condition.one_of or condition.none_of))
    return values if condition.one_of else f"not {values}"
