"""The desk's short texts, from data/desk.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.files import read_yaml


@dataclass(frozen=True)
class Labels:
    """Texts by group and id, in the English source."""

    groups: Mapping[str, Mapping[str, str]]


def load_labels(path: Path) -> Labels:
    """Read them. Raises ``DataError``."""
    return Labels(read_yaml(path, "desk")["desk"])
