"""The two services that are compared, started as their users would start them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from bot.files import ROOT
from tests.service import Service

PLAIN = ROOT / ".venv-plain" / "bin"
FOLDER = ROOT / "var" / "bench"
START = 300  # seconds
# The cost of a turn does not depend on how long a model was trained; one epoch keeps the run short.
EPOCHS = 1
ENVIRONMENT = os.environ | {
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "ignore",
    "OMP_NUM_THREADS": "1",
}


@dataclass
class Running:
    """A service that answers: its address, seconds to the first answer, its processes."""

    url: str
    start: float
    processes: list[subprocess.Popen[bytes]]

    def memory(self) -> float:
        """Resident memory of all its processes, in MiB."""
        roots = [psutil.Process(p.pid) for p in self.processes]
        everyone = [*roots, *(child for root in roots for child in root.children(recursive=True))]
        return sum(process.memory_info().rss for process in everyone) / 2**20


@contextmanager
def silta(port: int) -> Iterator[Running]:
    """Ours, by its own command, with SQLite."""
    service = Service(FOLDER, port=port)
    (FOLDER / "silta.db").unlink(missing_ok=True)
    started = time.perf_counter()
    try:
        service.start()
        _first_answer(service.url)
        yield Running(service.url, time.perf_counter() - started, [service.process])
    finally:
        service.kill()


@contextmanager
def plain_rasa(port: int) -> Iterator[Running]:
    """An ordinary Rasa: default pipeline and policies, `rasa run` and `rasa run actions`."""
    project = FOLDER / "plain"
    actions = [PLAIN / "rasa", "run", "actions", "--port", str(port + 1)]
    server = [PLAIN / "rasa", "run", "--port", str(port), "--endpoints", "endpoints.yml"]
    server += ["--credentials", "credentials.yml"]
    (project / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://localhost:{port + 1}/webhook\n"
    )
    (project / "credentials.yml").write_text("rest:\n")
    environment = ENVIRONMENT | {"SILTA_DATABASE": f"sqlite:///{FOLDER / 'plain.db'}"}
    commands = [(actions, ROOT, environment), (server, project, environment)]
    with _running(commands, f"http://127.0.0.1:{port}") as running:
        yield running


def train_silta() -> float:
    """Seconds to train our model from nothing but what is installed."""
    command = [ROOT / ".venv" / "bin" / "rasa", "train", "--quiet", "--force"]
    command += ["--data", str(_gathered()), "--out", str(FOLDER / "models")]
    return _timed(command, ROOT, ENVIRONMENT | {"OMP_NUM_THREADS": "2"})


def train_plain() -> float:
    """Seconds to train the ordinary Rasa for one epoch on the same training data."""
    project = FOLDER / "plain"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(_gathered(), project / "data")
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    domain["responses"] |= {
        key: [{"text": f"{key} {{topic}}"}] for key in ("utter_answer", "utter_urgent")
    }
    for key in [k for k, v in domain["responses"].items() if "custom" in v[0]]:
        domain["responses"][key][0].pop("custom")
    (project / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True))
    (project / "config.yml").write_text((Path(__file__).parent / "plain.yml").read_text())
    return _timed([PLAIN / "rasa", "train", "--quiet"], project, ENVIRONMENT)


def _gathered() -> Path:
    """The training data in one file, since Rasa copies all messages anew for each file it joins."""
    folder = FOLDER / "training"
    command = [ROOT / ".venv" / "bin" / "python", "-m", "bot", "training", str(folder)]
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    return folder


def _timed(command: list[Path | str], folder: Path, environment: dict[str, str]) -> float:
    started = time.perf_counter()
    with (FOLDER / "train.log").open("ab") as log:
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=log, stderr=log)
    return time.perf_counter() - started


@contextmanager
def _running(
    commands: list[tuple[list[Path | str], Path, dict[str, str]]], url: str
) -> Iterator[Running]:
    started = time.perf_counter()
    with (FOLDER / "servers.log").open("ab") as log:
        processes = [
            subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
            for command, folder, environment in commands
        ]
    try:
        _first_answer(url)
        yield Running(url, time.perf_counter() - started, processes)
    finally:
        for process in processes:
            process.terminate()
            process.wait(30)


def _first_answer(url: str) -> None:
    end = time.monotonic() + START
    body = b'{"sender": "first", "message": "hello"}'
    while time.monotonic() < end:
        try:
            request = urllib.request.Request(f"{url}/webhooks/rest/webhook", data=body)
            request.add_header("Content-Type", "application/json")
            if urllib.request.urlopen(request, timeout=30).status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer; see {FOLDER / 'servers.log'}")
