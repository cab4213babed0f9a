"""An engine for a command: loaded, used, closed; with a database of its own in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.composition import build_replies, settings
from bot.engine.engine import Engine, running_engine


@asynccontextmanager
async def engine_for_command() -> AsyncIterator[Engine]:
    """An engine that leaves nothing behind."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="silta-") as folder:
        chosen = replace(settings(), database=f"sqlite:///{folder}/command.db", log_level="ERROR")
        async with running_engine(chosen, build_replies()) as engine:
            yield engine
