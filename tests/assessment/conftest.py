"""A reader for each language, with the titles that a person of that language sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.assessment.questionnaire import Questionnaire
from bot.assessment.reading.reader import Reader
from bot.composition import assessment, languages

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return assessment().questionnaire


@pytest.fixture(scope="session")
def reader() -> Callable[[str], Reader]:
    """Readers whose option titles are the English and Finnish words of the data."""

    def make(code: str) -> Reader:
        known = languages()
        locales = [str(known[code].locale), *(str(k.locale) for c, k in known.items() if c != code)]
        frame = assessment().questionnaire
        return Reader(
            language=code,
            locales=tuple(locales),
            titles=lambda option: (option.title, option.caseworker["fi"]),
            today=TODAY,
            skills=frame.skills,
            levels=frame.levels,
        )

    return make
