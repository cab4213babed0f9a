"""Splitting a long text at the borders that a reader knows: paragraphs, lines, sentences, words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.i18n.bidi import ISOLATES, PDI

# Ends of sentences in all our scripts: Latin and Cyrillic, Arabic, Ethiopic, Chinese.
SENTENCE = re.compile(r"(?<=[.!?…؟۔።፧])\s+|(?<=[。！？])")
BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), SENTENCE, re.compile(r"\s+"))


def split(text: str, longest: int, length: Callable[[str], int] = len) -> list[str]:
    """The text in pieces of at most ``longest``, as ``length`` counts. No piece is empty."""
    pieces, rest = [], text.strip()
    while length(rest) > longest:
        end = _end(rest, longest, length)
        piece, rest = _closed(rest[:end].rstrip(), rest[end:].lstrip())
        pieces.append(piece)
    return [*pieces, rest] if rest else pieces


def _end(text: str, longest: int, length: Callable[[str], int]) -> int:
    """Where the next piece ends: at the best border in its second half, else wherever it must."""
    most = _most(text, longest, length)
    for border in BORDERS:
        ends = [match.start() for match in border.finditer(text, 0, most + 1)]
        ends = [end for end in ends if most // 2 <= end <= most and end > 0]
        if ends:
            return ends[-1]
    while most > 1 and unicodedata.combining(text[most]):
        most -= 1
    return most


def _most(text: str, longest: int, length: Callable[[str], int]) -> int:
    """How many characters fit, with room for marks that may have to be closed and opened."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        head = text[:middle]
        if length(head + PDI * _depth(head)) <= longest:
            low = middle
        else:
            high = middle - 1
    return low


def _closed(piece: str, rest: str) -> tuple[str, str]:
    """Close the isolates that a cut leaves open, and open them again in what follows."""
    opened: list[str] = []
    for char in piece:
        if char in ISOLATES:
            opened.append(char)
        elif char == PDI and opened:
            opened.pop()
    return piece + PDI * len(opened), "".join(opened) + rest


def _depth(text: str) -> int:
    depth = 0
    for char in text:
        if char in ISOLATES:
            depth += 1
        elif char == PDI and depth:
            depth -= 1
    return depth
