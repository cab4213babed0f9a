"""A closed-loop load over Rasa's REST contract: each client waits for its answer, then asks on."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiohttp

TURNS_OF_A_SENDER = 10
WEBHOOK = "/webhooks/rest/webhook"


@dataclass(frozen=True)
class Load:
    """What one measurement found; times in milliseconds."""

    clients: int
    turns: int
    per_second: float
    p50: float
    p95: float
    p99: float


async def measure(
    url: str, turns_of: Callable[[int], list[str]], clients: int, seconds: float
) -> Load:
    """Send what ``turns_of(sender)`` says, by so many clients, for so long."""
    times: list[float] = []
    senders = itertools.count()
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession() as session:

        async def client() -> None:
            while time.perf_counter() < end:
                number = next(senders)
                for text in turns_of(number):
                    times.append(
                        await _turn(session, url, f"bench-{time.time_ns()}-{number}", text)
                    )

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        elapsed = time.perf_counter() - started
    ordered = sorted(times)
    return Load(
        clients,
        len(times),
        len(times) / elapsed,
        statistics.median(times),
        ordered[int(len(ordered) * 0.95)],
        ordered[int(len(ordered) * 0.99)],
    )


async def growth(url: str, text: str, turns: int) -> dict[int, float]:
    """Milliseconds of one sender's turns: medians around the 10th and the last turn."""
    times: list[float] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(turns):
            times.append(await _turn(session, url, "bench-growth", text))
    return {10: statistics.median(times[5:15]), turns: statistics.median(times[-10:])}


async def _turn(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> float:
    started = time.perf_counter()
    body = {"sender": sender, "message": text, "metadata": {"language": "en"}}
    async with session.post(url + WEBHOOK, json=body) as response:
        await response.read()
        if response.status != 200:
            raise RuntimeError(f"{url} answered {response.status}")
    return (time.perf_counter() - started) * 1000


def senders_turns(texts: Iterator[str]) -> Callable[[int], list[str]]:
    """Ten turns a sender, taken one after another."""
    return lambda number: [next(texts) for _ in range(TURNS_OF_A_SENDER)]
