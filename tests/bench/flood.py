"""Is health quick while everybody writes at once: ``python -m tests.bench.flood [messages]``.

So many people send one message each in the same moment to a real service process, half of them
buttons, half of them on the chat page. Another process asks ``/healthz`` every twentieth of a
second until all are answered.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor

import aiohttp

from bot.channels.web.views import FRAGMENT
from bot.files import ROOT
from tests.bench.load import WEBHOOK
from tests.bench.servers import FOLDER, silta

PORT = 8390
EVERY = 0.05  # seconds between two questions after health
BUTTONS = ("/menu", '/ask{"topic": "health_services"}')


def messages(count: int) -> list[str]:
    """Buttons and real messages of all languages, in turn."""
    files = sorted((ROOT / "tests" / "evaluation").glob("*.jsonl"))
    texts = [json.loads(f.read_text(encoding="utf-8").splitlines()[0])["text"] for f in files]
    both = itertools.chain.from_iterable(
        zip(itertools.cycle(BUTTONS), itertools.cycle(texts), strict=False)
    )
    return list(itertools.islice(both, count))


def flood(url: str, count: int) -> Counter[int]:
    """Send all at once; returns how many got which answer."""

    async def run() -> Counter[int]:
        options = {
            "connector": aiohttp.TCPConnector(limit=0),
            "timeout": aiohttp.ClientTimeout(total=None),
            "cookie_jar": aiohttp.DummyCookieJar(),  # everybody is somebody else
        }
        async with aiohttp.ClientSession(**options) as session:

            async def say(number: int, text: str) -> int:
                body = {"sender": f"flood-{number}", "message": text}
                on_the_page = {"data": {"message": text}, "headers": {"Accept": FRAGMENT}}
                path, sent = [(WEBHOOK, {"json": body}), ("/chat", on_the_page)][number // 2 % 2]
                async with session.post(url + path, **sent) as response:
                    await response.read()
                    return response.status

            said = (say(number, text) for number, text in enumerate(messages(count)))
            return Counter(await asyncio.gather(*said))

    return asyncio.run(run())


def healths(url: str, until: Future[Counter[int]]) -> list[float]:
    """Milliseconds of each question after health until the flood is over."""
    times = []
    while not until.done():
        started = time.perf_counter()
        with urllib.request.urlopen(f"{url}/healthz", timeout=120) as response:
            assert response.status == 200
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(EVERY)
    return sorted(times)


def main(count: int) -> None:
    """Flood a service and print what its health took."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with silta(PORT) as running, ProcessPoolExecutor(1) as other:
        other.submit(flood, running.url, 2).result()  # what is only done once is done
        started = time.perf_counter()
        flooding = other.submit(flood, running.url, count)
        times = healths(running.url, flooding)
        seconds = time.perf_counter() - started
    for status, number in sorted(flooding.result().items()):
        print(f"answered {status:<25} {number:8}")
    print(f"{'seconds':34} {seconds:8.1f}")
    print(f"{'questions after health':34} {len(times):8}")
    for name, share in (("half", 0.5), ("95 of 100", 0.95), ("all", 1.0)):
        within = times[min(len(times) - 1, int(len(times) * share))]
        print(f"{f'{name} within, ms':34} {within:8.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
