"""docs/security.md names what is there: files, tests, and each requirement of the ASVS once."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from bot.files import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
THREATS, ASVS = TEXT.split("## OWASP ASVS")
ASVS_COUNT = 253  # requirements of levels 1 and 2 in ASVS 5.0
FOLDERS = ("bot", "actions", "data", "tests", "docs", "requirements", "locales")
NAMED = sorted(set(re.findall(rf"`((?:{'|'.join(FOLDERS)})/[^`: ]+)(?:::(\w+))?`", TEXT)))
ROWS = [line for line in THREATS.splitlines() if re.match(r"\| [STRIDE] \|", line)]
ADMITTED = ("**not yet**", "**the operator**", "as in flow 1", "accepted", "cannot be helped")


@pytest.mark.parametrize(("file", "test"), NAMED, ids="::".join)
def test_what_is_named_is_there(file: str, test: str) -> None:
    """A control that was moved, or a test that was renamed, is found here."""
    path = ROOT / file
    assert path.exists()
    if test:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:60])
def test_every_threat_has_a_test_or_says_that_it_has_none(row: str) -> None:
    assert row.count(" | ") == 3, "four cells: letter, threat, control, test"
    assert "::test_" in row or any(words in row.lower() for words in ADMITTED)


def test_every_letter_is_looked_at() -> None:
    assert {row[2] for row in ROWS} == set("STRIDE")


def test_each_requirement_of_the_asvs_is_judged_once() -> None:
    numbers = Counter(re.findall(r"(?<![\d.])\d{1,2}\.\d{1,2}\.\d{1,2}(?![\d.]\d)", ASVS))
    assert [number for number, count in numbers.items() if count > 1] == []
    assert len(numbers) == ASVS_COUNT
