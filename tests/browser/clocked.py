"""The service as it is, at an office whose clock stands in a file: so that night can fall."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from bot.app import create_app
from bot.composition import build_replies, settings
from bot.keys import OFFICE
from tests.service import Service


class ClockedService(Service):
    """A service of its own process, with the time of day that a test wants."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._clock = folder / "clock"

    @property
    def entrance(self) -> tuple[str, ...]:
        return ("tests.browser.clocked", str(self._clock))

    def at(self, moment: float) -> None:
        """It is that moment at the office now."""
        self._clock.write_text(str(moment))


def main(clock: Path) -> None:
    chosen = settings()
    app = create_app(chosen, build_replies())

    async def set_clock(app: web.Application) -> AsyncIterator[None]:
        app[OFFICE].clock = lambda: float(clock.read_text())
        yield

    app.cleanup_ctx.append(set_clock)
    web.run_app(app, host=chosen.host, port=chosen.port, print=None)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
