"""The summary of advance information: fixed words around the answers, nothing generated.

The caseworker's and the person's summary are made by the same function from the same answers;
only the words differ. It scores and ranks nobody, and calls a self-estimate a self-estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.assessment import flow
from bot.assessment.answers import FULL, GIVEN, SHORT, SKIPPED, UNKNOWN, Answer, Draft
from bot.assessment.assessment import Assessment
from bot.assessment.conditions import all_hold
from bot.assessment.flags import Flag, raised
from bot.assessment.flow import Step
from bot.assessment.wording import Words, value_in_words

ESTIMATES = ("E5", "E6", "E2_levels")  # what only a language test can tell for certain


@dataclass(frozen=True)
class Line:
    """One answer: the question's words, the answer's, and the person's own where they differ."""

    key: str
    label: str
    value: str
    said: str = ""


@dataclass(frozen=True)
class Block:
    """A section of the summary. Its number stays the same where others are empty."""

    id: str
    number: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FlagLine:
    """A flag in words. ``answers`` are the keys of the answers that raised it."""

    id: str
    level: str
    sign: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """A whole summary in one language, for a page, a text or print."""

    heading: str
    facts: tuple[str, ...]
    flags_heading: str
    flags: tuple[FlagLine, ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What is summarised. ``sent_at`` and ``reference`` are empty before sending."""

    answers: Mapping[str, Answer]
    language: str
    path: str = FULL
    reference: str = ""
    sent_at: dt.datetime | None = None


def summarise(
    assessment: Assessment, subject: Subject, words: Words, today: dt.date, officer: bool
) -> Summary:
    """The summary for a caseworker (``officer``) or for the person. ``today`` is the day of
    sending: flags speak of that day.
    """
    draft = Draft(subject.language, "", subject.path, subject.answers)
    steps = [
        step
        for step in flow.steps(assessment.questionnaire, draft, today)
        if step.key in subject.answers
    ]
    flags = raised(assessment.rules, subject.answers, today)
    phrase = assessment.phrases
    return Summary(
        heading=words.phrase(phrase["heading"]),
        facts=tuple(_facts(assessment, subject, words)),
        flags_heading=words.phrase(phrase["flags"]),
        flags=tuple(_flag(assessment, steps, f, subject, words, officer) for f in flags),
        blocks=tuple(_blocks(assessment, steps, subject, words, officer)),
        notes=tuple(_notes(assessment, steps, subject, words, today, officer)),
    )


def as_text(summary: Summary) -> str:
    """The summary as plain text: what is copied, printed and kept as a golden file."""
    lines = [summary.heading, *summary.facts]
    if summary.flags:
        lines += ["", summary.flags_heading]
        lines += [f"[{flag.sign}] {flag.text}" for flag in summary.flags]
    for block in summary.blocks:
        lines += ["", f"{block.number} {block.title}"]
        lines += [_line(line) for line in block.lines]
    return "\n".join([*lines, "", *summary.notes, ""])


def _line(line: Line) -> str:
    said = f" «{line.said}»" if line.said else ""
    return f"  {line.label}: {line.value}{said}"


def _facts(assessment: Assessment, subject: Subject, words: Words) -> list[str]:
    phrase, facts = assessment.phrases, []
    if subject.reference:
        facts.append(words.phrase(phrase["reference"], reference=subject.reference))
    if subject.sent_at:
        facts.append(words.phrase(phrase["sent"], date=words.day(subject.sent_at.date())))
    facts.append(words.phrase(phrase["language"], language=words.language(subject.language)))
    return [fact for fact in facts if fact]


def _blocks(
    assessment: Assessment, steps: Sequence[Step], subject: Subject, words: Words, officer: bool
) -> list[Block]:
    found = []
    for number, section in enumerate(assessment.questionnaire.sections, 1):
        lines = [
            _answer_line(assessment, step, subject.answers[step.key], words, officer)
            for step in steps
            if step.owner.section == section.id
            and subject.answers[step.key].status == GIVEN
            and step.question.id != flow.MORE
        ]
        if lines:
            found.append(Block(section.id, number, words.section(section), tuple(lines)))
    return found


def _answer_line(
    assessment: Assessment, step: Step, answer: Answer, words: Words, officer: bool
) -> Line:
    value = value_in_words(assessment, step, answer, words)
    if officer and step.owner.id in ESTIMATES:
        value = words.phrase(assessment.phrases["estimate"], value=value)
    if answer.redacted:
        value = f"{value} ({words.phrase(assessment.phrases['redacted'])})"
    # The person's own words are shown beneath where she wrote instead of pressing.
    said = answer.said if officer and answer.said and answer.said != answer.value else ""
    return Line(step.key, label_of(step, words, officer), value, said)


def label_of(step: Step, words: Words, officer: bool) -> str:
    """The words before an answer; for a caseworker also what a repeated question is about."""
    label = words.question(step.question, step.item)
    if officer and step.item is not None:
        return f"{label} ({words.item(step.item)})"
    return label


def _flag(
    assessment: Assessment,
    steps: Sequence[Step],
    flag: Flag,
    subject: Subject,
    words: Words,
    officer: bool,
) -> FlagLine:
    """For a caseworker the flag's text; the person reads her own question and answer."""
    by_key = {step.key: step for step in steps}
    about = [by_key[key] for key in flag.answers if key in by_key]
    if not officer:
        text = words.comma.join(_asked_and_answered(assessment, s, subject, words) for s in about)
        return FlagLine(flag.id, flag.level, flag.sign, text, flag.answers)
    rule = next(rule for rule in assessment.rules if rule.id == flag.id)
    value = words.comma.join(_flag_value(assessment, step, subject, words) for step in about)
    value = value or words.phrase(assessment.phrases["no_answer"])
    caseworker = words.pick(rule.caseworker, "").replace("{value}", value)
    keys = words.comma.join(flag.answers)
    raised_by = assessment.phrases["raised_by"]
    text = words.phrase(raised_by, text=caseworker, questions=keys)
    return FlagLine(flag.id, flag.level, flag.sign, text, flag.answers)


def _flag_value(assessment: Assessment, step: Step, subject: Subject, words: Words) -> str:
    if step.item is not None:
        return words.item(step.item)
    answer = subject.answers[step.key]
    if answer.status != GIVEN:
        return words.phrase(assessment.phrases["no_answer"])
    return value_in_words(assessment, step, answer, words)


def _asked_and_answered(assessment: Assessment, step: Step, subject: Subject, words: Words) -> str:
    answer, label = subject.answers[step.key], words.question(step.question, step.item)
    if answer.status != GIVEN:
        return label
    return f"{label} {value_in_words(assessment, step, answer, words)}"


def _notes(
    assessment: Assessment,
    steps: Sequence[Step],
    subject: Subject,
    words: Words,
    today: dt.date,
    officer: bool,
) -> list[str]:
    phrase, notes = assessment.phrases, []
    for name, status in (("skipped", SKIPPED), ("unknown", UNKNOWN)):
        left = [step for step in steps if subject.answers[step.key].status == status]
        if left:
            shown = words.comma.join(_named(step, words, officer) for step in left)
            notes.append(words.phrase(phrase[name], questions=shown))
    if subject.path == SHORT:
        notes.append(words.phrase(phrase["not_asked"]))
    things = [
        words.phrase(phrase[thing])
        for thing, conditions in assessment.meeting
        if all_hold(conditions, subject.answers, today)
    ]
    notes.append(words.phrase(phrase["meeting"], things=words.comma.join(things)))
    return notes


def _named(step: Step, words: Words, officer: bool) -> str:
    label = label_of(step, words, officer)
    return f"{step.key} {label}" if officer else label
