"""The process is killed, or PostgreSQL throws everybody out, while somebody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.assessment.answers import Answer
from bot.records.advance import AdvanceRecords
from bot.records.vault import open_vault
from tests.conftest import postgres_address
from tests.service import Service
from tests.visitor import KEPT, SHORT, Visitor, message


@pytest.fixture
def service(database: sa.engine.Engine, tmp_path: Path, worker_id: str) -> Iterator[Service]:
    """A process beside an empty database of each kind."""
    address = postgres_address(worker_id) if database.dialect.name == "postgresql" else ""
    running = Service(tmp_path, address)
    running.start()
    yield running
    running.kill()


def sent_answers(service: Service) -> dict[str, Answer]:
    """What the caseworker gets; there is one record, not none and not two."""
    vault = open_vault("", service.key_file)
    records = AdvanceRecords(sa.create_engine(service.database, future=True), vault)
    (listed,) = records.listed("kajaani")
    return dict(records.opened(listed.reference, "kajaani").answers)


async def send_all(visitor: Visitor) -> None:
    await visitor.press('/answer{"do": "right"}')
    assert (await visitor.press('/answer{"do": "send"}')).asked == "assessment_sent"


async def test_a_killed_process_loses_no_answer(service: Service) -> None:
    """kill -9 between two questions, and again while an answer is on its way."""
    async with Visitor(service.url, "ckb") as visitor:
        await visitor.begin()
        await visitor.answer_until("A4")
        service.kill()
        service.start()
        assert (await visitor.answer("A4", SHORT["A4"]))[1].asked == "A5"
        await visitor.answer("A5", SHORT["A5"])
        sent = message(SHORT["A6"])
        on_its_way = asyncio.create_task(visitor.send(sent))
        await asyncio.sleep(0)  # wherever it is then: not sent, under way, or answered
        service.kill()
        await asyncio.gather(on_its_way, return_exceptions=True)
        service.start()
        assert (await visitor.send(sent)).asked == "A7"
        for key in list(SHORT)[list(SHORT).index("A7") :]:
            await visitor.answer(key, SHORT[key])
        await send_all(visitor)
    answers = sent_answers(service)
    assert {key: answers[key].value for key in SHORT} == KEPT


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_whoever_is_thrown_out_comes_back(service: Service, worker_id: str) -> None:
    """All connections end between two questions, and in the middle of each answer."""
    async with Visitor(service.url, "ckb") as visitor:
        await visitor.begin()
        assert throw_everybody_out(worker_id) > 0
        answered = await visitor.answer("N2", SHORT["N2"])
        assert answered[1].asked == "A1"  # at once: the first message after it is answered
        for key in list(SHORT)[1:]:
            answer = visitor.answer(key, SHORT[key])
            thrown = asyncio.to_thread(throw_everybody_out, worker_id)
            (sent, page), _ = await asyncio.gather(answer, thrown)
            assert page.status in (200, 503)
            if page.status != 200:
                assert (await visitor.send(sent)).status == 200
        await send_all(visitor)
    answers = sent_answers(service)
    assert {key: answers[key].value for key in SHORT} == KEPT
    assert "Traceback" not in service.log.read_text(encoding="utf-8")


def throw_everybody_out(worker: str) -> int:
    """End all connections to the test's database; returns how many there were."""
    address = sa.engine.make_url(postgres_address(worker))
    server = sa.create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    ending = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with server.connect() as connection:
        ended = connection.execute(ending, {"name": address.database}).all()
    server.dispose()
    return len(ended)
