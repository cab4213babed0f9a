"""The service in a process of its own, as an operator starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bot.files import ROOT
from bot.settings import Settings

START = 120  # seconds; a busy machine takes its time


class Service:
    """A process that can be killed and started again.

    ``database``: its address; an SQLite file in the folder if it is left out. ``settings``: more
    of the environment, by the names in docs/settings.md. What the shell has set of these is not
    taken over, but for the model.
    """

    def __init__(self, folder: Path, database: str = "", port: int = 0, **settings: str) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = database or f"sqlite:///{folder / 'silta.db'}"
        self.key_file = folder / "keys"
        self.log = folder / "service.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self.process is not None
        return self.process.pid

    @property
    def entrance(self) -> tuple[str, ...]:
        """What is run, after ``python -m``."""
        return ("bot", "serve")

    @property
    def environment(self) -> dict[str, str]:
        """What the service and the operator's commands are started with."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("SILTA_")},
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
            "SILTA_MODELS": os.environ.get("SILTA_MODELS", str(Settings.models)),
            "SILTA_PORT": str(self.port),
            "SILTA_DATABASE": self.database,
            "SILTA_KEY_FILE": str(self.key_file),
            **self._settings,
        }

    def command(self, *arguments: str) -> str:
        """What ``python -m bot …`` prints, run beside the service."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.entrance],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        self._wait()

    def kill(self) -> None:
        """As a power cut would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + START
        while time.monotonic() < end and self.process and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
