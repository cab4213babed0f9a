"""Advance information handed on: JSON by a published schema, statistics, blocks to copy.

The JSON follows data/schemas/advance_information.yml. It holds every answer as it was given and,
beside that, the same in the codes that other systems use. No code is guessed: an occupation has
the group of ISCO-08 that the person picked herself.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assessment import flow
from bot.assessment.answers import GIVEN, SKIPPED, UNKNOWN, Answer, Draft
from bot.assessment.assessment import Assessment
from bot.assessment.codes import alpha3, country3
from bot.assessment.flags import raised
from bot.assessment.occupations import NONE
from bot.assessment.questions import Question
from bot.assessment.summary import Subject, label_of
from bot.assessment.wording import Words, value_in_words
from bot.files import read_yaml

SCHEMA = "silta-advance-information/1.1"
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 120))  # years


@dataclass(frozen=True)
class Cut:
    """A block of an export: a heading and the questions under it."""

    id: str
    questions: tuple[str, ...]
    caseworker: Mapping[str, str]


@dataclass(frozen=True)
class ExportPlan:
    """How exports are cut, and which questions statistics may hold."""

    blocks: tuple[Cut, ...]
    statistics: tuple[str, ...]


def load_export_plan(path: Path) -> ExportPlan:
    """Read data/assessment/export.yml. Raises ``DataError``."""
    data = read_yaml(path, "export")
    blocks = (Cut(b["id"], tuple(b["questions"]), b["caseworker"]) for b in data["blocks"])
    return ExportPlan(tuple(blocks), tuple(data["statistics"]))


def as_json(
    assessment: Assessment, subject: Subject, municipality: str, today: dt.date
) -> dict[str, Any]:
    """The whole record as JSON data. ``today`` is the day of sending."""
    answers = _Values(assessment, subject.answers)
    flags = raised(assessment.rules, subject.answers, today)
    return {
        "schema": SCHEMA,
        "questionnaire": assessment.questionnaire.version,
        "law_version": assessment.questionnaire.law_version,
        "ref": subject.reference,
        "municipality": municipality,
        "created": subject.sent_at.isoformat() if subject.sent_at else "",
        "language": subject.language,
        "path": subject.path,
        "answered_by": answers("N2"),
        "contact": _contact(answers),
        "interpreter": _interpreter(answers),
        "status": _status(answers),
        "languages": _languages(answers),
        "education": _education(answers),
        "work": _work(answers, subject),
        "work_aimed_at": _aimed_at(answers, subject),
        "goals": answers("J1") or [],
        "needs": answers("K1") or [],
        "flags": [{"code": f.id, "level": f.level, "raised_by": list(f.answers)} for f in flags],
        "skipped": [key for key, a in subject.answers.items() if a.status == SKIPPED],
        "unknown": [key for key, a in subject.answers.items() if a.status == UNKNOWN],
        "answers": [_answer(answer) for answer in subject.answers.values()],
        "provenance": {"source": "client", "verified": False, "machine_translated": []},
    }


def answers_from_json(data: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers of an exported record, as they were."""
    read = (Answer(question=a["id"], **{k: a[k] for k in a if k != "id"}) for a in data["answers"])
    return {answer.question: answer for answer in read}


def as_csv(plan: ExportPlan, subjects: Iterable[Subject], today: dt.date) -> str:
    """Statistics: one row a record, ids alone. No name, contact, date, place or own words."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["language", "path", "age", *plan.statistics])
    for subject in subjects:
        answers = subject.answers
        row = [_plain(answers.get(question)) for question in plan.statistics]
        writer.writerow([subject.language, subject.path, _age_band(answers, today), *row])
    return out.getvalue()


def text_blocks(
    assessment: Assessment,
    plan: ExportPlan,
    subject: Subject,
    words: Words,
    language: str,
    today: dt.date,
) -> list[tuple[str, str]]:
    """(heading, text) pairs to copy into another system, one under each of its headings."""
    draft = Draft(subject.language, "", subject.path, subject.answers)
    steps = list(flow.steps(assessment.questionnaire, draft, today))
    blocks = []
    for cut in plan.blocks:
        lines = [
            f"{label_of(step, words, officer=True)}: "
            f"{value_in_words(assessment, step, subject.answers[step.key], words)}"
            for step in steps
            if step.owner.id in cut.questions
            and step.question.id != flow.MORE
            and step.key in subject.answers
            and subject.answers[step.key].status == GIVEN
        ]
        if lines:
            blocks.append((cut.caseworker[language], "\n".join(lines)))
    return blocks


class _Values:
    """Values by key, and the codes of chosen options."""

    def __init__(self, assessment: Assessment, answers: Mapping[str, Answer]) -> None:
        self.questions: Mapping[str, Question] = assessment.questionnaire.questions
        self._answers = answers

    def __call__(self, key: str) -> Any:
        answer = self._answers.get(key)
        return answer.value if answer and answer.status == GIVEN else None

    def code(self, question: str, name: str) -> Any:
        """A code (``isced``, ``cefr``…) of the option that was chosen."""
        option = self.questions[question].option(str(self(question)))
        return option.codes.get(name) if option else None


def _contact(answers: _Values) -> dict[str, Any]:
    reached = answers("A6") or {}
    return {
        "name": answers("A4"),
        "phone": reached.get("phone"),
        "email": reached.get("email"),
        "safe": answers("A7"),
        "times": answers("A8") or [],
        "arrangements": answers("A9") or [],
    }


def _interpreter(answers: _Values) -> dict[str, Any]:
    return {
        "needed": answers("A2"),
        "languages": [alpha3(code) for code in answers("A2_language") or []],
        "note": answers("A2_dialect"),
        "wish": answers("A3"),
    }


def _status(answers: _Values) -> dict[str, Any]:
    return {
        "birth": answers("A5"),
        "arrived": answers("B1"),
        "first_permit": answers("B3"),
        "valid": answers("B2"),
        "identity_code": answers("B4"),
        "prior_plan": answers("B5"),
        "residence": answers("A10"),
    }


def _languages(answers: _Values) -> list[dict[str, Any]]:
    own = [_language(code, first=True) for code in answers("E1") or []]
    others = [
        _language(code, skills=dict(answers(f"E2_levels.{number}") or {}))
        for number, code in enumerate(answers("E2") or [], 1)
    ]
    estimated = [
        _language(code, own_word=answers(question), hint=answers.code(question, "cefr"))
        for code, question in (("fi", "E5"), ("sv", "E6"))
        if answers(question)
    ]
    return [*own, *others, *estimated]


def _language(
    code: str,
    first: bool = False,
    skills: Mapping[str, str] | None = None,
    own_word: str | None = None,
    hint: str | None = None,
) -> dict[str, Any]:
    return {
        "iso639_3": alpha3(code),
        "first": first,
        "skills": dict(skills or {}),
        "self": own_word,
        "cefr_hint": hint,
    }


def _education(answers: _Values) -> dict[str, Any]:
    return {
        "years": answers("F1"),
        "isced2011": answers.code("F2", "isced"),
        "iscedf": answers.code("F3_field", "iscedf"),
        "country": country3(answers("F3_country")),
        "finished_year": answers("F3_year"),
        "papers": answers("F4"),
        "accepted": answers("F5"),
    }


def _work(answers: _Values, subject: Subject) -> list[dict[str, Any]]:
    group = next(part for part in answers.questions["G3"].parts if part.id == "group")
    jobs = []
    for number in range(1, (answers.questions["G3"].most or 1) + 1):
        key = f"G3.{number}"
        if answers(f"{key}.name"):
            option = group.option(str(answers(f"{key}.group")))
            code = _picked(answers(f"{key}.occupation"))
            jobs.append(
                {
                    "said": answers(f"{key}.name"),
                    "said_lang": subject.answers[f"{key}.name"].language or subject.language,
                    "isco08": code or (option.codes.get("isco") if option else None),
                    "country": country3(answers(f"{key}.country")),
                    "years": answers(f"{key}.years"),
                    "confirmed_by_client": bool(code or option),
                }
            )
    return jobs


def _aimed_at(answers: _Values, subject: Subject) -> dict[str, Any] | None:
    """The work that she would like to do later, and its code if she picked one."""
    if not answers("J2"):
        return None
    code = _picked(answers("J2_occupation"))
    return {
        "said": answers("J2"),
        "said_lang": subject.answers["J2"].language or subject.language,
        "isco08": code,
        "confirmed_by_client": code is not None,
    }


def _picked(code: Any) -> str | None:
    return str(code) if code and code != NONE else None


def _answer(answer: Answer) -> dict[str, Any]:
    return {"id": answer.question, **{k: v for k, v in vars(answer).items() if k != "question"}}


def _plain(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.status != GIVEN:
        return answer.status
    values: Sequence[Any] = answer.value if isinstance(answer.value, list) else [answer.value]
    return "|".join(map(str, values))


def _age_band(answers: Mapping[str, Answer], today: dt.date) -> str:
    birth = answers.get("A5")
    if birth is None or birth.status != GIVEN:
        return ""
    age = today.year - int(str(birth.value)[:4])
    return next((f"{low}-{high}" for low, high in AGE_BANDS if low <= age <= high), "")
