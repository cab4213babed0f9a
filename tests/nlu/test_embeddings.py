"""Vectors are computed once and kept in a file that may be damaged, or read while it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.embeddings import Vectors, encode_all

TEXTS = ["kuume", "homma", "pesti"]


class Counting:
    """An encoder that counts: three numbers a text."""

    name = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.array([[len(text), ord(text[0]), 1] for text in texts], dtype=np.float32)


def test_what_was_computed_is_kept(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    vectors = encode_all(first, TEXTS, tmp_path)
    again = encode_all(second, [*TEXTS, "uusi"], tmp_path)
    assert second.encoded == ["uusi"]
    assert np.array_equal(vectors, again[:3])
    assert [path.name for path in tmp_path.iterdir()] == ["counting.npz"]  # nothing beside it


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:100],
        lambda raw: b"PK" + raw[:30],
        lambda raw: b"something else",
        lambda raw: raw[:60] + b"\0" * 40 + raw[100:],
    ],
    ids=["empty", "half", "head", "few", "other", "holes"],
)
def test_a_damaged_file_is_computed_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """As a full disk or a killed training leaves it."""
    wanted = encode_all(Counting(), TEXTS, tmp_path)
    path = tmp_path / "counting.npz"
    path.write_bytes(damage(path.read_bytes()))
    assert np.array_equal(encode_all(Counting(), TEXTS, tmp_path), wanted)
    nothing_new = Counting()
    encode_all(nothing_new, TEXTS, tmp_path)
    assert nothing_new.encoded == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """The old file is replaced by a whole one or not at all."""
    encode_all(Counting(), TEXTS, tmp_path)
    before = (tmp_path / "counting.npz").read_bytes()

    class Uneven(Counting):
        def encode(self, texts: Sequence[str]) -> Vectors:
            return np.zeros((len(texts), 2), dtype=np.float32)  # another length: cannot be stacked

    with pytest.raises(ValueError, match="same shape"):
        encode_all(Uneven(), [*TEXTS, "uusi"], tmp_path)
    assert (tmp_path / "counting.npz").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["counting.npz"]
