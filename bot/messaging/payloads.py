"""What a button sends, in fewer bytes: Telegram gives a button 64.

``/ask{"topic": "a", "part": "b"}`` becomes ``/ask?topic=a&part=b`` and is read back.
"""

from __future__ import annotations

import json
import re

LONG = re.compile(r"(/[a-z_]+)(\{.*\})")
SHORT = re.compile(r"(/[a-z_]+)\?((?:[a-z]+=[\w.-]*)(?:&[a-z]+=[\w.-]*)*)")


def short(payload: str) -> str:
    """The short form; the payload itself where it has none."""
    match = LONG.fullmatch(payload)
    if not match:
        return payload
    try:
        values = json.loads(match.group(2))
    except ValueError:
        return payload
    shortened = match.group(1) + "?" + "&".join(f"{key}={value}" for key, value in values.items())
    return shortened if long(shortened) == payload else payload


def long(payload: str) -> str:
    """The form that the dialogue knows."""
    match = SHORT.fullmatch(payload)
    if not match:
        return payload
    pairs = (pair.split("=", 1) for pair in match.group(2).split("&"))
    return match.group(1) + json.dumps(dict(pairs), ensure_ascii=False)
