"""Rules and dashboard ask for figures that there are, and about states that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from bot.commands import main
from bot.files import ROOT
from bot.messaging.metrics import exposition
from bot.records.messaging_queues import Queue
from tests.deploy import files

FOLDER = files.DEPLOY / "prometheus"
FIGURES = set(re.findall(r"^# TYPE (\w+)", exposition({}, [Queue("sms", "dead", 1, 1.0)]), re.M))


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in json.loads((FOLDER / "dashboard.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def documented(label: str) -> set[str]:
    """The values of a label that docs/channels.md names."""
    text = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    (named,) = re.findall(rf"^\| `silta_\w+` \| `channel`; `{label}`: (.*) \|$", text, re.M)
    return set(re.findall(r"`(\w+)`", named))


def test_the_figures_exist() -> None:
    """``up`` is Prometheus' own."""
    asked = {name for text in expressions() for name in re.findall(r"\b(?:silta_\w+|up)\b", text)}
    assert asked <= FIGURES | {"up"}
    assert asked >= FIGURES


def test_the_states_exist() -> None:
    for label in ("queue", "outcome"):
        for text in expressions():
            for values in re.findall(rf'{label}=~?"([^"]*)"', text):
                assert set(values.split("|")) <= documented(label), text


def test_what_an_alarm_says_to_do_can_be_done() -> None:
    text = (FOLDER / "alerts.yml").read_text()
    for command in re.findall(r"Run (channels \w+)", text):
        try:
            main([*command.split(), "--help"])
        except SystemExit as ended:
            assert ended.code == 0, command
    for page, anchor in re.findall(r"\((docs/\w+\.md)#([a-z-]+)\)", text):
        assert f"## {anchor.replace('-', ' ')}\n" in (ROOT / page).read_text().lower()


def test_prometheus_asks_at_the_port_and_by_the_jobs_name_that_the_rules_know() -> None:
    (job,) = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    port = files.image_environment()["SILTA_PORT"]
    assert job["static_configs"] == [{"targets": [f"127.0.0.1:{port}"]}]
    jobs = {name for text in expressions() for name in re.findall(r'job="(\w+)"', text)}
    assert jobs == {job["job_name"]}
