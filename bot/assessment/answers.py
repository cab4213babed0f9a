"""What a person has answered so far: the form in which answers are kept and handed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

GIVEN, SKIPPED, UNKNOWN = "given", "skipped", "unknown"  # UNKNOWN: «I do not know»
CLIENT, HELPER = "client", "helper"
FULL, SHORT = "full", "short"


@dataclass(frozen=True)
class Answer:
    """One answer.

    ``value`` is JSON and free of language: option ids, ``YYYY-MM``, numbers, CLDR codes. Where
    the person wrote words, ``said`` holds them as written (blanked where ``redacted``), in
    ``language``. ``item`` is what a repeated question was about: a child's year, a language.
    ``source`` says who answered: decree 874/2024 wants the source of each datum.
    """

    question: str
    status: str = GIVEN
    value: Any = None
    said: str = ""
    language: str = ""
    answered_at: str = ""
    source: str = CLIENT
    redacted: bool = False
    item: Any = None


@dataclass(frozen=True)
class Draft:
    """Advance information that is not sent yet. ``current`` is the question now asked.

    ``trail`` lists the questions asked before it, oldest first, for «back»; ``editing`` is set
    while an answer is corrected from the read-back; ``misses`` counts answers in a row to the
    current question that were not understood; ``waiting`` names what else she is asked just now
    (to go on, to delete, what to change); ``delivery`` names the message that was taken last, so
    that one that comes twice counts once, and ``said`` holds the keys and parameters of what was
    said to it beside the next question.
    """

    language: str
    version: str
    path: str = FULL
    answers: Mapping[str, Answer] = field(default_factory=dict)
    current: str = ""
    trail: tuple[str, ...] = ()
    editing: bool = False
    misses: int = 0
    waiting: str = ""
    delivery: str = ""
    said: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    started_at: str = ""
    revision: int = 0

    def with_answer(self, answer: Answer) -> Draft:
        """The draft with that answer, in place of an earlier one to the same question."""
        return replace(self, answers={**self.answers, answer.question: answer})

    def value(self, question: str) -> Any:
        """The value of an answer that was given, else None."""
        answer = self.answers.get(question)
        return answer.value if answer and answer.status == GIVEN else None

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON data; ``revision`` belongs to the store."""
        data = asdict(self)
        del data["revision"]
        return data


def draft_from_json(data: Mapping[str, Any], revision: int = 0) -> Draft:
    """The reverse of ``Draft.as_json``."""
    answers = {key: Answer(**value) for key, value in data["answers"].items()}
    said = tuple((key, params) for key, params in data.get("said", ()))
    fields = {**data, "answers": answers, "trail": tuple(data["trail"]), "said": said}
    return Draft(**fields, revision=revision)


def timestamp() -> str:
    """Now, in UTC, as ISO 8601 to the second."""
    return dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
