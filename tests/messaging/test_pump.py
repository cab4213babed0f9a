"""The worker of a queue stops when it is told to, whatever else happens at that moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.messaging.pump import Pump


@pytest.mark.parametrize("moment", range(6))
async def test_a_pump_that_is_called_and_stopped_at_once_stops(moment: int) -> None:
    async def work(item: int) -> None:
        raise AssertionError("nothing is there to do")

    pump: Pump[int] = Pump(lambda free: [], work, width=2)
    running = asyncio.create_task(pump.run())
    await asyncio.sleep(0.01)
    pump.call()
    for _ in range(moment):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=5)
    assert done, "it runs on"
    assert running.cancelled()
