"""Whole numbers, in digits of any script or in words."""

from __future__ import annotations

import re

from bot.assessment.reading.words import spelled_numbers
from bot.i18n.digits import digits

NUMBER = re.compile(r"\d+(?:[.,٫]\d+)?")


def numbers(text: str, language: str) -> list[int]:
    """All numbers of a text in order; of «9,5» the whole part. Words count where no digit is."""
    found = [int(re.split(r"[.,٫]", number)[0]) for number in NUMBER.findall(digits(text))]
    return found or spelled_numbers(text, language)


def read_number(text: str, language: str, least: int | None, most: int | None) -> int | None:
    """The one number of a text, if it is within bounds."""
    found = numbers(text, language)
    if len(found) != 1:
        return None
    inside = (least is None or found[0] >= least) and (most is None or found[0] <= most)
    return found[0] if inside else None


def read_years(text: str, this_year: int, most: int | None) -> list[int] | None:
    """Birth years, as many as there are; None if anything in it cannot be one."""
    found = [int(number) for number in re.findall(r"\d+", digits(text))]
    possible = all(this_year - 30 <= year <= this_year for year in found)
    if not found or not possible or (most is not None and len(found) > most):
        return None
    return found
