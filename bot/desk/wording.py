"""What flags are called at the desk. The questionnaire's data says it, in the desk's languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.assessment.assessment import Assessment
from bot.i18n.languages import Language

LEVELS = ("red", "amber", "info")  # the worst first
# The part of a flag's words that tells the answer: «… ({value})», «…: born {value}».
VALUE = re.compile(r"\s*\(\{value\}\)|:[^:({]*\{value\}")


@dataclass(frozen=True)
class FlagWords:
    """A flag in words. ``level`` is one of LEVELS."""

    id: str
    level: str
    label: str
    reason: str = ""

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return LEVELS.index(self.level)


class Wording:
    """Gives the words for the caseworker."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._rules = {rule.id: rule for rule in assessment.rules}

    def flag(self, flag_id: str, language: Language) -> FlagWords:
        """A flag without its value, for lists. One of an older questionnaire stays an id."""
        rule = self._rules.get(flag_id)
        if rule is None:
            return FlagWords(flag_id, LEVELS[-1], flag_id)
        return FlagWords(flag_id, rule.level, VALUE.sub("", rule.caseworker[language.code]))
