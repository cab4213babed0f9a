"""The whole service, as HTTP sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import settings as settings_of_hypothesis

from bot.answers.replies import Replies
from bot.app import create_app
from bot.messaging import failures, office, pump
from bot.settings import Settings

settings_of_hypothesis.register_profile("storm", max_examples=500, deadline=None)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried soon, and no vendor had anything for us before the start."""
    monkeypatch.setattr(failures, "FIRST", 0.5)
    monkeypatch.setattr(pump, "IDLE", 0.1)
    monkeypatch.setattr(office, "RETURNING", 0.0)


@pytest.fixture
async def client(settings: Settings, replies: Replies) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(settings, replies))) as running:
        yield running
