"""A caseworker asks for alerts on her own page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.services import Services
from bot.records.alerts import URGENT, Alert, AlertQueue
from bot.settings import Settings
from tests.desk.conftest import Browser


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = f"sqlite:///{tmp_path / 'silta.db'}"
    return Settings(
        database=database,
        key_file=tmp_path / "keys",
        smtp_host="localhost",
        smtp_from="a@b.example",
    )


async def test_alerts_are_wished_for_changed_and_forgotten(
    signed_in: Callable[..., Awaitable[Browser]], services: Services
) -> None:
    browser = await signed_in()
    account = services.accounts.named("anna.virtanen")
    assert account
    assert "Alerts by e-mail" in await browser.get("/desk/me")
    for wrong in (
        "",
        "anna",
        "anna@x",
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "änna@kajaani.example",
        "anna@sähköposti.example",
        "anna@kajaani..example",
        ".anna@kajaani.example",
        "=?utf-8?q?anna?=@kajaani.example",
        f"{'a' * 65}@kajaani.example",
    ):
        await browser.post("/desk/me/alerts", wanted="urgent", address=wrong)
        assert browser.status == 422
        assert "not possible" in browser.page
    assert services.wishes.of(account.id) is None
    await browser.post("/desk/me/alerts", wanted="urgent", address="anna@kajaani.example")
    wish = services.wishes.of(account.id)
    assert wish and (wish.wanted, wish.address) == (URGENT, "anna@kajaani.example")
    assert 'value="anna@kajaani.example"' in browser.page
    await browser.post("/desk/me/alerts", wanted="off", address="anna@kajaani.example")
    assert services.wishes.all() == []
    logged = [e.detail for e in services.audit.entries("kajaani") if e.what == "alerts_changed"]
    assert logged == ["off", "urgent"]


async def test_an_auditor_is_not_asked(signed_in: Callable[..., Awaitable[Browser]]) -> None:
    browser = await signed_in("auli.auditoija", "auditor")
    assert "Alerts by e-mail" not in await browser.get("/desk/me")


async def test_an_address_that_the_mail_server_refuses_is_told_to_its_owner_and_the_lead(
    signed_in: Callable[..., Awaitable[Browser]],
    services: Services,
    database_of_desk: sa.engine.Engine,
) -> None:
    """Until another address is saved."""
    browser, lead = await signed_in(), await signed_in("liisa.lead", "lead")
    account = services.accounts.named("anna.virtanen")
    assert account
    services.wishes.set(account.id, URGENT, "anna@kajani.example")
    queue = AlertQueue(database_of_desk)
    queue.add([Alert("new:1-2:1", account.id, "1-2", "new", "urgent")])
    assert "does not take alerts" not in await lead.get("/desk/records")
    refused = queue.claim()
    assert refused
    queue.refused(refused)
    assert "does not take alerts to: anna.virtanen." in await lead.get("/desk/records")
    assert "does not take alerts" not in await browser.get("/desk/records")
    assert "did not take the last alert" in await browser.get("/desk/me")
    address = "anna.o'hara+silta@xn--shkposti-0za.example"
    await browser.post("/desk/me/alerts", wanted="urgent", address=address)
    assert browser.status == 200
    assert "did not take the last alert" not in browser.page
    assert "does not take alerts" not in await lead.get("/desk/records")
