"""``make bench``: measure, print a table, write var/bench.json."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import platform
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from bot.files import ROOT
from tests.bench.load import Load, growth, measure, senders_turns
from tests.bench.servers import FOLDER, Running, plain_rasa, silta, train_plain, train_silta

CLIENTS = (1, 8, 32)
SECONDS = float(os.environ.get("BENCH_SECONDS", "12"))
GROWTH_TURNS = 1000
TURNS: dict[str, list[str]] = {
    "button": ["/thank"],
    "action": ["/menu"],
    "form": ["/not_helpful", '/feedback{"reason": "hard"}'],
}


def _messages() -> Iterator[str]:
    """Real messages of all languages; a number at the end makes each one new."""
    texts = [
        json.loads(line)["text"]
        for path in sorted((ROOT / "tests" / "evaluation").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    random.Random(0).shuffle(texts)
    return (f"{text} {number}" for number, text in enumerate(itertools.cycle(texts)))


def _figures(start: Callable[[int], AbstractContextManager[Running]], port: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with start(port) as running:
        figures["start_s"] = running.start
        loads = {"answer": _messages()} | {k: itertools.cycle(v) for k, v in TURNS.items()}
        for name, texts in loads.items():
            for clients in CLIENTS:
                found = asyncio.run(measure(running.url, senders_turns(texts), clients, SECONDS))
                figures[f"{name}_{clients}"] = asdict(found)
                print(f"  {name:7} {_line(found)}", flush=True)
        figures["memory_mib"] = running.memory()
        turns = asyncio.run(growth(running.url, "/thank", GROWTH_TURNS))
        figures["turn_10_ms"], figures[f"turn_{GROWTH_TURNS}_ms"] = turns.values()
    return figures


def _line(load: Load) -> str:
    rate = f"{load.clients:3} clients {load.per_second:7.1f}/s"
    return f"{rate}  p50 {load.p50:7.1f}  p95 {load.p95:7.1f}  p99 {load.p99:7.1f} ms"


def _ratios(ours: dict[str, Any], plain: dict[str, Any]) -> dict[str, float]:
    def throughput(name: str) -> float:
        return float(ours[f"{name}_32"]["per_second"] / plain[f"{name}_32"]["per_second"])

    return {
        "answer_throughput": throughput("answer"),
        "action_throughput": throughput("action"),
        "button_throughput": throughput("button"),
        "form_throughput": throughput("form"),
        "answer_p95": ours["answer_32"]["p95"] / plain["answer_32"]["p95"],
        "memory": ours["memory_mib"] / plain["memory_mib"],
        "start": ours["start_s"] / plain["start_s"],
        # Ours alone: turn 1,000 over turn 10 of one conversation. 1 is flat.
        "growth_turn_1000": ours[f"turn_{GROWTH_TURNS}_ms"] / ours["turn_10_ms"],
        "growth_turn_1000_plain": plain[f"turn_{GROWTH_TURNS}_ms"] / plain["turn_10_ms"],
    }


def main() -> int:
    """Run it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("Silta", flush=True)
    ours_training = train_silta()
    ours = _figures(silta, 8190) | {"training_s": ours_training}
    print("plain Rasa", flush=True)
    plain_training = train_plain()
    plain = _figures(plain_rasa, 8290) | {"training_one_epoch_s": plain_training}
    cores, version = os.cpu_count(), platform.python_version()
    result = {
        "machine": f"{platform.machine()}, {cores} cores, Python {version}",
        "silta": ours,
        "plain": plain,
        "ratios": _ratios(ours, plain),
    }
    (ROOT / "var" / "bench.json").write_text(json.dumps(result, indent=2))
    print(json.dumps(result["ratios"], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
