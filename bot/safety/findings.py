"""What is unsafe in a set-up, by the rules of data/safety.yml."""

from __future__ import annotations

from bot.files import ROOT
from bot.safety.facts import facts_of
from bot.safety.rules import UNSAFE, Finding, judge, load_rules
from bot.settings import Settings


def findings(settings: Settings) -> list[Finding]:
    """What should be changed, the worst first. Raises ``DataError``."""
    facts = facts_of(settings)
    return judge(load_rules(ROOT / "data" / "safety.yml", facts), facts)


def count_unsafe(settings: Settings) -> int:
    """How many of the findings should not be so before real people. Raises ``DataError``."""
    return sum(finding.level == UNSAFE for finding in findings(settings))
