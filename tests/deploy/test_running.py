"""Probes, limits, patience and commands are those of the code; what must be one stays one."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator

import pytest
from aiohttp import web

from bot import health
from bot.app import MAX_BODY
from bot.commands import main
from bot.files import ROOT
from bot.messaging.pump import GRACE
from tests.deploy import files

ROUTES = {route.path for route in health.routes()}
SHUTDOWN = inspect.signature(web.run_app).parameters["shutdown_timeout"].default  # seconds


def probes() -> dict[str, str]:
    pod = files.manifests()["Deployment"]["spec"]["template"]["spec"]
    found = {name: probe for name, probe in pod["containers"][0].items() if name.endswith("Probe")}
    return {name: probe["httpGet"]["path"] for name, probe in found.items()}


def test_probes_ask_what_is_there() -> None:
    (check,) = files.instruction("HEALTHCHECK")
    asked = {*probes().values(), *re.findall(r"http://[\d.:]+(/\w+)", check)}
    assert asked == ROUTES


def test_a_database_that_is_away_takes_nobody_the_page_with_112() -> None:
    """Only the start asks for it: the page itself says what to do meanwhile."""
    assert probes() == {
        "startupProbe": "/readyz",
        "readinessProbe": "/healthz",
        "livenessProbe": "/healthz",
    }


def test_the_world_is_not_told_what_the_operator_is() -> None:
    caddy = (files.DEPLOY / "Caddyfile").read_text()
    (hidden,) = re.findall(r"@operator path (.*)", caddy)
    assert set(hidden.split()) >= ROUTES


def test_the_proxy_takes_as_much_as_the_service() -> None:
    caddy = (files.DEPLOY / "Caddyfile").read_text()
    assert f"max_size {MAX_BODY // 1024}KiB" in caddy


def test_what_is_in_work_may_come_to_its_end() -> None:
    """A stop waits as long as the service does."""
    needed = SHUTDOWN + GRACE
    assert int(files.unit("silta.service")["TimeoutStopSec"][0]) > needed
    assert int(files.compose()["services"]["silta"]["stop_grace_period"].rstrip("s")) > needed
    pod = files.manifests()["Deployment"]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > needed


def test_one_process_owns_the_conversations() -> None:
    """Until several can (docs/adr/0002): none beside it, none before it has ended."""
    spec = files.manifests()["Deployment"]["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}
    assert files.compose()["services"]["silta"]["deploy"]["replicas"] == 1
    assert "HorizontalPodAutoscaler" not in files.manifests()


def test_kubernetes_adds_no_settings_of_its_own() -> None:
    """SILTA_PORT=tcp://… for a Service of this name would stop the start."""
    assert all(pod["enableServiceLinks"] is False for pod in files.pods())


def test_labels_lead_to_the_service_and_to_nothing_else() -> None:
    objects = files.manifests()
    labels = {
        kind: objects[kind]["spec"]["template"]["metadata"]["labels"].items()
        for kind in ("Deployment", "Job")
    }
    selector = objects["Service"]["spec"]["selector"].items()
    assert selector <= labels["Deployment"]
    assert not selector <= labels["Job"]
    policed = objects["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items()
    assert policed <= labels["Deployment"]
    assert policed <= labels["Job"]


def test_what_is_applied_is_all_there() -> None:
    """The job is run apart; all else is on the list."""
    folder = files.DEPLOY / "kubernetes"
    listed = set(files.manifests()["Kustomization"]["resources"])
    there = {file.name for file in folder.glob("*.yaml")}
    assert there - listed == {"kustomization.yaml", "upgrade-job.yaml"}
    assert listed <= there


def commands() -> Iterator[str]:
    """Every command that the files and documents name."""
    yield " ".join(json.loads(files.instruction("CMD")[0]))
    for pod in files.pods():
        yield " ".join(pod["containers"][0]["args"])
    named = r"(?:python -m bot|sudo silta) ([^`\n#'\")|;&]+)"
    for file in [*files.written(), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        yield from re.findall(named, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", sorted({command.strip() for command in commands()}))
def test_the_commands_that_are_named_exist(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real parser takes what stands before the first word that an operator would replace."""
    words = []
    for word in command.split():
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        words.append(word)
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0, capsys.readouterr().err
