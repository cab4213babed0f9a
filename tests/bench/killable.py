"""A real service process that can be killed, and waiting that ends with a clear failure."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp
import sqlalchemy as sa

from bot.files import ROOT
from bot.settings import Settings
from tests.channels.telegram.server import TOKEN

STALLED = 180.0  # seconds without any progress, after which something hangs; a start takes 3 to 30
# Seconds after which a new process takes over what the killed one had in hand. More than a part may
# take on a busy machine, or the living process would send it twice.
LEASE = "15"
SERVE = (sys.executable, "-m", "bot", "serve")
IN_HAND = "select count(*) from outbox where state = 'sending'"
MOVING = "select count(*) from outbox where state in ('waiting', 'sending')"
LEFT = f"select (select count(*) from inbox where not done) + ({MOVING})"  # noqa: S608  # ours


class Stalled(Exception):
    """What was waited for does not come. The message says what, and how far it was."""


class Service:
    """``python -m bot serve`` as an operator starts it."""

    def __init__(self, folder: Path, vendor_url: str, command: Sequence[str] = SERVE) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"sqlite:///{folder / 'silta.db'}"
        self.log = folder / "log"
        self._command = command
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SILTA_")},
            "PYTHONPATH": str(ROOT),
            "SILTA_MODELS": os.environ.get("SILTA_MODELS", str(Settings.models)),
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
            "SILTA_PORT": str(self.port),
            "SILTA_DATABASE": self.database,
            "SILTA_KEY_FILE": str(folder / "keys"),
            "SILTA_DESK": "off",
            "SILTA_TELEGRAM_TOKEN": TOKEN,
            "SILTA_TELEGRAM_API": vendor_url,
            "SILTA_MESSAGING_LEASE": LEASE,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """SIGKILL: no chance to put anything in order."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def in_hand(self) -> int:
        """Parts that were with the vendor when the process died: theirs is the only doubt."""
        return self._count(IN_HAND)

    def left(self) -> int:
        """Messages without an answer, and parts on their way; dead letters are not waited for."""
        return self._count(LEFT)

    def last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return "\n".join(lines[-20:])

    async def ready(self, http: aiohttp.ClientSession) -> None:
        """Wait until it answers. Raises ``Stalled``."""

        async def answers() -> bool:
            try:
                async with http.get(f"{self.url}/healthz") as response:
                    return response.status == 200
            except aiohttp.ClientError:
                return False

        since = time.monotonic()
        while not await answers():
            self.check(time.monotonic() - since, "the service to answer")
            await asyncio.sleep(0.1)

    async def until(
        self, reached: Callable[[], bool], figure: Callable[[], int], what: str, pause: float
    ) -> None:
        """Wait as long as the figure moves. Raises ``Stalled``."""
        last, since = figure(), time.monotonic()
        while not reached():
            current = figure()
            if current != last:
                last, since = current, time.monotonic()
            self.check(time.monotonic() - since, f"{what}, {current} so far")
            await asyncio.sleep(pause)

    def check(self, seconds: float, what: str) -> None:
        """Raise ``Stalled`` if the service has ended, or if nothing has moved for too long."""
        if self.ended():
            raise Stalled(f"the service ended while waiting for {what}:\n{self.last_lines()}")
        if seconds > STALLED:
            raise Stalled(f"nothing moves for {seconds:.0f} s: {what}\n{self.last_lines()}")

    def _count(self, query: str) -> int:
        engine = sa.create_engine(self.database, future=True)
        try:
            with engine.connect() as connection:
                return int(connection.execute(sa.text(query)).scalar() or 0)
        finally:
            engine.dispose()
