"""What browsers do not send, and what proxies add."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy.engine import Engine

from bot.addresses import address
from bot.desk.services import Services
from bot.records.desk_tables import accounts
from tests.desk.conftest import Browser

SignedIn = Callable[..., Awaitable[Browser]]


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "203.0.113.9", None),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", None),
    ],
)
def test_the_address_is_the_one_our_proxies_saw(
    proxies: int, header: str, expected: str | None
) -> None:
    """What a visitor writes into the header himself counts for nothing."""
    request = make_mocked_request("GET", "/desk", headers={"X-Forwarded-For": header})
    assert address(request, proxies) == (expected or request.remote or "unknown")


async def test_strange_input_is_refused_and_not_a_fault(
    signed_in: SignedIn, services: Services
) -> None:
    browser = await signed_in("somebody", "auditor")
    for query in ("before=9" * 2, "before=99999999999999999999", "who=%00", "reference=%00%FF"):
        await browser.get(f"/desk/log?{query}")
        assert browser.status == 200, query
    worker = await signed_in("anna.virtanen")
    for reference in ("%00", "x", "1234%2F5678", "٤٤٤٤", "9" * 500):
        await worker.get(f"/desk/records/{reference}")
        assert worker.status == 404, reference
    garbage = await worker.client.post(
        "/desk/sign-in",
        data=b"name=%FF\xff&password=\xfe",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert garbage.status in (400, 403)


async def test_a_database_that_is_away_is_told_and_nothing_is_shown(
    signed_in: SignedIn, sent: Callable[..., str], database_of_desk: Engine
) -> None:
    """Without the log nothing is read: the record stays closed."""
    from bot.records.desk_tables import audit_log
    from tests.desk.conftest import SAID

    reference, browser = sent(), await signed_in()
    audit_log.drop(database_of_desk)
    page = await browser.get(f"/desk/records/{reference}")
    assert browser.status == 503
    assert SAID not in page
    accounts.drop(database_of_desk)
