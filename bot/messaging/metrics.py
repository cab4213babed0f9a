"""What happens in the messaging apps, in Prometheus' text format, for whoever has the token.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. The labels are
names of channels, outcomes and queues alone, so that their number is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aiohttp import web

from bot.keys import SETTINGS
from bot.messaging.office import OFFICE
from bot.messaging.signatures import same
from bot.records.messaging_queues import Queue

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Samples = Iterable[tuple[Mapping[str, str], float]]


async def metrics(request: web.Request) -> web.Response:
    """The page. Raises 401 without the token."""
    if not permitted(request.headers.get("Authorization", ""), request.app[SETTINGS].metrics_token):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
    figures = request.app[OFFICE].figures()
    text = exposition(figures.totals(), figures.queues())
    return web.Response(text=text, headers={"Content-Type": CONTENT_TYPE})


def permitted(header: str, token: str) -> bool:
    """Whether ``Authorization`` holds the token, as Prometheus sends it."""
    return bool(token) and same(header, f"Bearer {token}")


def exposition(totals: Mapping[tuple[str, str], int], waiting: Sequence[Queue]) -> str:
    """All figures as Prometheus reads them."""
    counted = [({"channel": c, "outcome": o}, float(n)) for (c, o), n in sorted(totals.items())]
    places = [({"channel": queue.channel, "queue": queue.name}, queue) for queue in waiting]
    lines = [
        *_metric("silta_messaging_total", "counter", "What became of messages.", counted),
        *_metric(
            "silta_messaging_queue_length",
            "gauge",
            "Messages without an answer, and parts by their state.",
            [(labels, float(queue.length)) for labels, queue in places],
        ),
        *_metric(
            "silta_messaging_oldest_seconds",
            "gauge",
            "How long the oldest in a queue has been there.",
            [(labels, round(queue.oldest, 1)) for labels, queue in places],
        ),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, meaning: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        shown = ",".join(f'{key}="{label}"' for key, label in labels.items())
        yield f"{name}{{{shown}}} {value!r}"
