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


async def test_an_address_that_leads_nowhere_is_a_page_with_a_way_back(
    browser: Browser, signed_in: SignedIn, sent: Callable[..., str]
) -> None:
    """Mistyped, or the address of a form that was loaded again; known or unknown to the desk."""
    worker, reference = await signed_in(), sent()
    for path in ("/desk/nothing", "/desk/", f"/desk/records/{reference}/meeting", "/desk/a/b"):
        for who in (worker, browser):
            page = await who.get(path)
            assert who.status == 404, path
            assert 'href="/desk"' in page
            assert who.response and who.response.headers["Cache-Control"] == "no-store"


async def test_a_fault_of_ours_is_a_page_and_its_text_is_not_logged(
    signed_in: SignedIn, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """What is stored wrongly makes an error whose text is what a person wrote."""
    from bot.assessment.answers import Answer, Draft

    answers = {"A5": Answer("A5", value="Leilan salaisuus", language="ar")}
    services.records.save_draft("web:x", Draft("ar", "1", answers=answers))
    reference = services.records.send("web:x", "kajaani")
    browser = await signed_in()
    page = await browser.get(f"/desk/records/{reference}")
    assert browser.status == 500
    assert "does not work at the moment" in page
    assert "Leilan" not in page + caplog.text
    assert "desk: " in caplog.text and ".py:" in caplog.text


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
