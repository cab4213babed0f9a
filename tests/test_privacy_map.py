"""The data map names every datum there is, and no other; the document says what the map says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.channels.web import conversation
from bot.desk import cookies
from bot.files import ROOT, DataError
from bot.privacy import BEGIN, END, document, load_map
from bot.records import database
from bot.records.resealing import SEALED

MAP = ROOT / "data" / "privacy.yml"
SETTERS = {"bot/channels/web/conversation.py", "bot/desk/cookies.py"}
PAGES = ("bot/channels/web", "bot/desk")


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return load_map(MAP)


def test_every_column_is_in_the_map_once_and_no_other(known: dict[str, Any]) -> None:
    """A new column is a new datum: somebody has to say why it is there."""
    mapped = Counter(
        f"{table}.{column}"
        for datum in known["data"]
        for table, columns in datum["columns"].items()
        for column in columns
    )
    real = {
        f"{table.name}.{column.name}"
        for table in database.metadata.tables.values()
        for column in table.columns
    }
    assert set(mapped) - real == set(), "in the map, not in the database"
    assert real - set(mapped) == set(), "in the database, not in the map"
    assert [name for name, count in mapped.items() if count > 1] == []


def test_what_is_said_to_be_sealed_is(known: dict[str, Any]) -> None:
    """The same columns are sealed anew when a key changes."""
    resealed = {f"{table.name}.{column}" for table, _, columns in SEALED for column in columns}
    assert {name for datum in known["data"] for name in datum["sealed"]} == resealed


def test_every_cookie_is_in_the_map(known: dict[str, Any]) -> None:
    set_by_us = {conversation.COOKIE, cookies.SESSION, cookies.FORM, cookies.CITY}
    named = {entry["name"] for entry in known["browser"] if entry["kind"] == "cookie"}
    assert named == set_by_us
    setting = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        if ".set_cookie(" in path.read_text(encoding="utf-8")
    }
    assert setting == SETTERS, "another module sets cookies: name them here and in the map"


def test_every_key_that_a_page_stores_is_in_the_map(known: dict[str, Any]) -> None:
    for kind in ("localStorage", "sessionStorage"):
        named = {entry["name"] for entry in known["browser"] if entry["kind"] == kind}
        assert named == {key for path in _scripts() for key in _stored(path, kind)}, kind


def test_pages_store_in_no_other_way() -> None:
    for path in _scripts():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"document\.cookie|indexedDB|caches\.|serviceWorker", text), path.name


def test_the_document_is_made_from_the_map(known: dict[str, Any]) -> None:
    """Else: python -m bot privacy write."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert text == document(text, known)


def test_what_stands_around_the_map_stays(known: dict[str, Any]) -> None:
    made = document(f"before\n{BEGIN}\nold\n{END}\nafter\n", known)
    assert made.startswith(f"before\n{BEGIN}\n")
    assert made.endswith(f"{END}\nafter\n")
    assert "old" not in made.splitlines()


def test_a_basis_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "privacy.yml"
    file.write_text(MAP.read_text(encoding="utf-8").replace("basis: advice", "basis: curiosity", 1))
    with pytest.raises(DataError, match="no such basis: curiosity"):
        load_map(file)


def _scripts() -> list[Path]:
    return [
        path
        for folder in PAGES
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".js", ".html")
    ]


def _stored(path: Path, kind: str) -> set[str]:
    """The keys that a script reads or writes, written out or as a constant of the script."""
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(rf"{kind}\.(?:get|set|remove)Item\(\s*([^,)]+)", text))
    constants = dict(re.findall(r'const (\w+) = "([^"]+)"', text))
    return {constants.get(key, key.strip("\"'`")) for key in used}
