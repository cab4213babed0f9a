"""A real process, killed without warning, twice: nobody is lost, nobody is answered twice.

``python -m tests.bench.deliveries`` runs it with ten thousand messages and prints the figures.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.deliveries import judged
from tests.bench.storm import storm
from tests.channels.telegram.server import TOKEN

pytestmark = pytest.mark.storm  # starts three processes and waits out leases: make storm


async def test_two_kills_in_a_storm(tmp_path: Path) -> None:
    people, steps = 40, 6
    async with storm(tmp_path, people, steps, seed=7) as after:
        found = judged(after, people)
        assert found.lost == 0
        assert found.out_of_order == 0
        assert found.doubled <= sum(after.in_doubt)  # only what was with the vendor when we died
        log = after.service.log.read_text(encoding="utf-8")
        assert TOKEN not in log
        assert "Traceback" not in log
