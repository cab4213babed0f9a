"""In which language does the conversation go on?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import negotiate_locale

# A short message in another language is often a borrowed word, so it must be surer.
SURE, SURE_IF_SHORT, SHORT_WORDS = 0.6, 0.85, 2


@dataclass(frozen=True)
class Identified:
    """What the language identification said of a message. ``code`` may be no language of ours."""

    code: str
    confidence: float
    words: int

    @property
    def sure(self) -> bool:
        """Whether it is sure enough to act on."""
        return self.confidence >= (SURE_IF_SHORT if self.words <= SHORT_WORDS else SURE)


def conversation_language(
    current: str | None, chosen: bool, hint: str | None, message: Identified, known: set[str]
) -> str | None:
    """The language to answer in, or None where nothing speaks for any.

    A language that the person picked stays. Else a message whose language is sure decides,
    then the language so far, then the hint of the page or the app.
    """
    if chosen and current in known:
        return current
    if message.sure and message.code in known:
        return message.code
    if current in known:
        return current
    if hint in known:
        return hint
    return message.code if message.code in known else None


def from_accept_language(header: str, known: Mapping[str, object]) -> str | None:
    """The best known language of an HTTP Accept-Language header (RFC 9110, 12.5.4), or None."""
    wanted: list[tuple[float, str]] = []
    for item in header.split(","):
        tag, _, quality = item.strip().partition(";q=")
        try:
            wanted.append((float(quality or 1), tag.strip()))
        except ValueError:
            continue
    tags = [tag.lower() for weight, tag in sorted(wanted, key=lambda w: -w[0]) if weight > 0]
    parts = [part for tag in tags for part in (tag, tag.split("-")[0])]
    return negotiate_locale([_SAME.get(part, part) for part in parts], list(known), sep="-")


# Dari is answered in Persian; Kurdish in the Arabic script, or of Iraq or Iran, is Sorani.
_SAME = {"prs": "fa", "ku-arab": "ckb", "ku-iq": "ckb", "ku-ir": "ckb"}
