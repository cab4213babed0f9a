"""A translation service that can be plugged in: LibreTranslate's HTTP API. Off by default.

What it makes is shown beside the original, and called a machine's. If it fails, only the original
is shown: a talk never waits for it long.
"""

from __future__ import annotations

import asyncio
import logging

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=6)
# Codes of the service where they are not ours.
CODES = {"zh": "zh-Hans"}
log = logging.getLogger(__name__)


class LibreTranslate:
    """Asks one server. ``session`` is closed by whoever opened it."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str) -> None:
        self._session = session
        self._url = url.rstrip("/") + "/translate"
        self._key = key

    async def __call__(self, text: str, source: str, target: str) -> str:
        """The translation; empty if there is none."""
        if source == target:
            return ""
        asked = {
            "q": text,
            "source": CODES.get(source, source),
            "target": CODES.get(target, target),
            "format": "text",
        }
        if self._key:
            asked["api_key"] = self._key
        try:
            async with self._session.post(self._url, json=asked, timeout=TIMEOUT) as response:
                response.raise_for_status()
                translated = (await response.json())["translatedText"]
        except (
            aiohttp.ClientError,
            asyncio.TimeoutError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            log.warning("no machine translation: %s", type(error).__name__)
            return ""
        return translated if isinstance(translated, str) else ""
