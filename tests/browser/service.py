"""The service in a process of its own."""

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

START = 60  # seconds


class Service:
    """The service as an operator starts it; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"sqlite:///{folder / 'silta.db'}"
        self.key_file = folder / "keys"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where the service keeps its database, keys and log."""
        return self._folder

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def entrance(self) -> tuple[str, ...]:
        """What is run, after ``python -m``."""
        return ("bot", "serve")

    @property
    def environment(self) -> dict[str, str]:
        """What the service and the operator's commands are started with."""
        return os.environ | {
            "SILTA_PORT": str(self.port),
            "SILTA_DATABASE": self.database,
            "SILTA_KEY_FILE": str(self.key_file),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
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
        with (self._folder / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.entrance],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        self._wait()

    def kill(self) -> None:
        """As a power cut would."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + START
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "service.log").read_text())
