"""Payloads written from the vendors' published documentation are read as what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.messaging.incoming import Incoming
from tests.channels.test_malformed import _reader
from tests.channels.test_messaging import VENDORS

FOLDER = Path(__file__).parent
CASES = [
    (name, case)
    for name in VENDORS
    for case in yaml.safe_load((FOLDER / name / "payloads.yml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES]
)
def test_a_payload_means_what_the_documentation_says(name: str, case: dict[str, Any]) -> None:
    found = list(_reader(VENDORS[name]())(case["body"]))
    if case["means"] is None:
        assert found == []
        return
    (one,) = found
    shown = {**vars(one), "kind": one.kind.value} if isinstance(one, Incoming) else vars(one)
    assert shown.items() >= case["means"].items()


def test_viber_welcomes_who_opens_the_chat() -> None:
    from bot.channels.viber.events import opened

    event = next(c["body"] for n, c in CASES if n == "viber" and "opened" in c["name"])
    assert opened(event) == "en"
    assert opened({**event, "subscribed": True}) is None
