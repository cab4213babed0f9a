"""Dependencies point inward, modules stay small, and every part has its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.files import ROOT, read_yaml
from bot.nlu.text import normalise

MODULES = sorted(
    path
    for folder in ("bot", "actions")
    for path in (ROOT / folder).rglob("*.py")
    if "standins" not in path.parts
)
# What each room may import of ours. Only engine, nlu and actions may import Rasa.
# Known to every room: in which zone its dates are.
CLOCK = {"bot.clock"}
MAY_IMPORT = {
    "bot.content": {"bot.files"},
    "bot.alerts": {"bot.hours", "bot.records"},
    "bot.hours": {"bot.content"},
    "bot.i18n": {"bot.files", "bot.content"},
    "bot.meetings": set(),
    "bot.redaction": {"bot.i18n"},
    "bot.answers": {"bot.assessment", "bot.content", "bot.i18n", "bot.messages"},
    "bot.assessment": {"bot.files", "bot.i18n", "bot.redaction"},
    "bot.records": {
        "bot.assessment.answers",
        "bot.assessment.speaking",
        "bot.handoff.talk",
        "bot.messages",
        "bot.redaction",
    },
    "bot.handoff": {
        "bot.answers",
        "bot.assessment.reading",
        "bot.content",
        "bot.hours",
        "bot.i18n",
        "bot.messages",
        "bot.records",
    },
    "bot.paper": {"bot.assessment.summary", "bot.i18n"},
    "bot.nlu": {"bot.files", "bot.i18n"},
    "bot.engine": {
        "bot.answers",
        "bot.composition",
        "bot.locks",
        "bot.messages",
        "bot.pace",
        "bot.records",
        "bot.settings",
    },
    "bot.channels": {
        "bot.addresses",
        "bot.answers",
        "bot.assessment.summary",
        "bot.assets",
        "bot.handoff",
        "bot.i18n",
        "bot.keys",
        "bot.locks",
        "bot.meetings",
        "bot.messages",
        "bot.messaging",
        "bot.paper",
        "bot.records",
    },
    "bot.messaging": {
        "bot.answers",
        "bot.files",
        "bot.i18n",
        "bot.keys",
        "bot.messages",
        "bot.records",
        "bot.redaction",
    },
    "bot.safety": {"bot.files", "bot.records.vault", "bot.settings"},
    "bot.desk": {
        "bot.addresses",
        "bot.assessment",
        "bot.assets",
        "bot.handoff",
        "bot.files",
        "bot.hours",
        "bot.i18n",
        "bot.keys",
        "bot.meetings",
        "bot.paper",
        "bot.records",
        "bot.settings",
    },
    "actions": {"bot.assessment", "bot.composition", "bot.i18n", "bot.records"},
}
KNOW_RASA = ("bot.engine", "bot.nlu", "actions")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _room(name: str) -> str:
    return max((room for room in MAY_IMPORT if f"{name}.".startswith(f"{room}.")), default="")


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    """A pure room never reaches outward."""
    room = _room(_name(path))
    if not room:
        return
    allowed = MAY_IMPORT[room] | CLOCK | {room}
    for imported in _imports(path):
        if imported.startswith(("bot.", "actions.")):
            assert any(f"{imported}.".startswith(f"{a}.") for a in allowed), f"{imported}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_three_rooms_know_rasa(path: Path) -> None:
    """Everything else would survive a change of the dialogue engine."""
    if not _name(path).startswith(KNOW_RASA):
        names = {name.partition(".")[0] for name in _imports(path)}
        assert not names & {"rasa", "rasa_sdk"}


def test_channels_do_not_know_each_other() -> None:
    """A channel is a folder that can be taken away."""
    for path in (ROOT / "bot" / "channels").rglob("*.py"):
        own = ".".join(_name(path).split(".")[:3])
        for imported in _imports(path):
            if imported.startswith("bot.channels."):
                assert imported.startswith(own), f"{_name(path)} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """What does not fit on a screen or two is two things."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_intents_of_the_domain_and_of_the_training_data_are_the_same() -> None:
    """No intent without messages, no messages without an intent; buttons alone are named here."""
    domain = {next(iter(i)) for i in read_yaml(ROOT / "domain.yml")["intents"]}
    trained = {
        block["intent"].partition("/")[0]
        for path in (ROOT / "data" / "training").glob("*/*.yml")
        for block in read_yaml(path)["nlu"]
    }
    only_buttons = {"nlu_fallback", "menu", "confirm_delete", "feedback", "stop", "answer"}
    assert domain - only_buttons == trained


def test_every_topic_has_training_messages_in_every_language() -> None:
    """A topic that cannot be asked for in a language does not exist there."""
    languages = set(read_yaml(ROOT / "locales" / "languages.yml")["languages"])
    topics = {path.stem for path in (ROOT / "data" / "content").glob("*.yml")}
    for topic in topics:
        blocks = read_yaml(ROOT / "data" / "training" / "topics" / f"{topic}.yml")["nlu"]
        assert {block["metadata"]["language"] for block in blocks} == languages, topic


def test_no_evaluation_message_is_trained_on() -> None:
    """What measures is never learned, in no other spelling either."""
    import json

    trained = {
        normalise(line.removeprefix("- "))
        for path in (ROOT / "data" / "training").glob("*/*.yml")
        for block in read_yaml(path)["nlu"]
        for line in block["examples"].splitlines()
    }
    measuring = [
        *(ROOT / "tests").glob("evaluation/*.jsonl"),
        *(ROOT / "tests").glob("harm/*.jsonl"),
    ]
    assert len(measuring) == 32  # 16 languages, twice
    for path in measuring:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert normalise(json.loads(line)["text"]) not in trained, path.name
