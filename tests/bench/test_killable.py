"""The storm's waiting ends: with what was waited for, or with a failure that says why."""

from __future__ import annotations

import sys
from pathlib import Path

import aiohttp
import pytest

from tests.bench import killable
from tests.bench.killable import Service, Stalled

VENDOR = "http://127.0.0.1:9"


async def test_a_service_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    service = Service(tmp_path, VENDOR, (sys.executable, "-c", "print('no model')"))
    service.start()
    async with aiohttp.ClientSession() as http:
        with pytest.raises(Stalled, match=r"(?s)ended while .*no model"):
            await service.ready(http)


async def test_a_figure_that_moves_no_more_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killable, "STALLED", 0.3)
    service = Service(tmp_path, VENDOR, (sys.executable, "-c", "import time; time.sleep(600)"))
    service.start()
    try:
        with pytest.raises(Stalled, match="nothing moves for .* answers, 7 so far"):
            await service.until(lambda: False, lambda: 7, "answers", 0.05)
    finally:
        service.kill()


async def test_a_figure_that_moves_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killable, "STALLED", 0.3)
    figures = iter(range(20))
    seen: list[int] = []

    def figure() -> int:
        seen.append(next(figures))
        return seen[-1]

    service = Service(tmp_path, VENDOR)
    await service.until(lambda: len(seen) == 12, figure, "answers", 0.05)
    assert seen[-1] == 11
