"""Rules about a set-up, from data/safety.yml, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.files import DataError, read_yaml
from bot.settings import PREFIX

UNSAFE, ADVICE = "unsafe", "advice"
IT = "it"
# What a rule can ask about a fact.
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda fact, wanted: bool(fact == wanted),
    "set": lambda fact, wanted: bool(fact) is wanted,
    "over": lambda fact, wanted: bool(fact > wanted),
    "shorter": lambda fact, wanted: len(fact) < wanted,
    "one_of": lambda fact, wanted: str(fact).casefold() in wanted,
}


@dataclass(frozen=True)
class Finding:
    """Something in this set-up that should be changed: how bad, what it is, what to do."""

    rule: str
    level: str
    what: str
    do: str


@dataclass(frozen=True)
class Rule:
    """``when``: tests by fact, all of which must hold.

    ``of``: the settings that ``it`` stands for, one after the other; ``it_x`` is a fact of it.
    """

    id: str
    level: str
    when: Mapping[str, Mapping[str, Any]]
    what: str
    do: str
    of: tuple[str, ...] = ("",)

    def needs(self) -> set[str]:
        """The facts that the rule looks at."""
        return {_named(fact, name) for name in self.of for fact in self.when}

    def findings(self, facts: Mapping[str, Any]) -> Iterator[Finding]:
        """What the rule says of these facts; of secrets only their names are told."""
        for name in self.of:
            asked = {_named(fact, name): tests for fact, tests in self.when.items()}
            if all(_holds(facts[fact], tests) for fact, tests in asked.items()):
                setting = f"{PREFIX}{name.upper()}"
                texts = (text.format(setting=setting) for text in (self.what, self.do))
                yield Finding(self.id, self.level, *texts)


def load_rules(path: Path, known: Iterable[str]) -> list[Rule]:
    """The rules. Raises ``DataError``, also for a fact that nobody knows."""
    facts = set(known)
    rules = []
    for entry in read_yaml(path, schema="safety")["rules"]:
        rule = Rule(**{**entry, "of": tuple(entry.get("of", ("",)))})
        for fact in sorted(rule.needs() - facts):
            raise DataError(path, rule.id, f"no such fact: {fact}")
        rules.append(rule)
    return rules


def judge(rules: Iterable[Rule], facts: Mapping[str, Any]) -> list[Finding]:
    """What the rules find, the worst first."""
    found = [finding for rule in rules for finding in rule.findings(facts)]
    return sorted(found, key=lambda finding: finding.level != UNSAFE)


def _named(fact: str, name: str) -> str:
    return name + fact.removeprefix(IT) if fact == IT or fact.startswith(f"{IT}_") else fact


def _holds(fact: Any, tests: Mapping[str, Any]) -> bool:
    return all(TESTS[name](fact, wanted) for name, wanted in tests.items())
