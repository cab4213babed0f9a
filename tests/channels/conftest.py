"""The whole service, as HTTP sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.settings import Settings


@pytest.fixture
async def client(settings: Settings, replies: Replies) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(settings, replies))) as running:
        yield running
