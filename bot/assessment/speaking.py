"""In which language somebody is met: the one she chose for that, and her interpreter's."""

from __future__ import annotations

from collections.abc import Mapping

from bot.assessment.answers import GIVEN, Answer

# Questions: the language she wants to use with us, whether she wants an interpreter, in which
# language.
SPOKEN, WISH, INTERPRETED = "A1", "A2", "A2_language"


def spoken_best(answers: Mapping[str, Answer]) -> str:
    """The language that she named for dealing with the city; empty if she named none."""
    return _language(answers, SPOKEN)


def interpreter_wished(answers: Mapping[str, Answer]) -> str:
    """The language for which she asked an interpreter; empty if she asked for none."""
    wish = answers.get(WISH)
    if wish is None or wish.value != "yes":
        return ""
    return _language(answers, INTERPRETED) or _language(answers, SPOKEN)


def languages_named(answers: Mapping[str, Answer]) -> set[str]:
    """Every language that she named, for herself or for her interpreter."""
    given = (answers.get(question) for question in (INTERPRETED, SPOKEN))
    return {
        str(code) for answer in given if answer and answer.status == GIVEN for code in answer.value
    }


def _language(answers: Mapping[str, Answer], question: str) -> str:
    answer = answers.get(question)
    return str(next(iter(answer.value), "")) if answer and answer.status == GIVEN else ""
