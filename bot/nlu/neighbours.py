"""The training messages themselves: a message means what those that lie closest to it mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# Chosen by cross-validation on the training messages (docs/understanding.md).
DIMENSIONS = 128  # of the embedding's own, so that a lone message is compared in 1 to 2 ms
NEAREST = 100
FALL = 20.0  # a vote falls to a third with each 0.05 of cosine behind the nearest
BLOCK = 1000  # rows compared at once, so that memory stays small


@dataclass(frozen=True)
class Neighbours:
    """Shares of the labels among the nearest training messages, in any language."""

    classes: tuple[str, ...]
    projection: Array
    rows: Array
    labels: npt.NDArray[np.int16]

    @classmethod
    def fit(cls, vectors: Array, labels: npt.NDArray[np.str_]) -> Neighbours:
        """Keep the messages, in the directions that tell them apart most."""
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        projection = np.ascontiguousarray(directions[:, -DIMENSIONS:], dtype=np.float32)
        classes, indices = np.unique(labels, return_inverse=True)
        return cls(
            tuple(str(name) for name in classes),
            projection,
            _of_length_one(vectors @ projection),
            indices.astype(np.int16),
        )

    def shares(self, vectors: Array) -> Array:
        """Shares of each class, one row a vector; each row sums to one."""
        blocks = [
            self._shares(vectors[start : start + BLOCK]) for start in range(0, len(vectors), BLOCK)
        ]
        return np.vstack(blocks)

    def _shares(self, vectors: Array) -> Array:
        cosines = _of_length_one(vectors @ self.projection) @ self.rows.T
        count = min(NEAREST, cosines.shape[1])
        nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        close = np.take_along_axis(cosines, nearest, axis=1)
        votes = np.exp(FALL * (close - close.max(axis=1, keepdims=True)))
        found = np.zeros((len(vectors), len(self.classes)), np.float32)
        np.add.at(found, (np.arange(len(vectors))[:, None], self.labels[nearest]), votes)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        return {
            f"{prefix}_classes": np.array(self.classes),
            f"{prefix}_projection": self.projection,
            f"{prefix}_rows": self.rows.astype(np.float16),
            f"{prefix}_labels": self.labels,
        }

    @classmethod
    def from_arrays(cls, arrays: Any, prefix: str) -> Neighbours:
        """The messages from what ``arrays`` saved."""
        return cls(
            tuple(str(name) for name in arrays[f"{prefix}_classes"]),
            arrays[f"{prefix}_projection"],
            arrays[f"{prefix}_rows"].astype(np.float32),
            arrays[f"{prefix}_labels"],
        )


def _of_length_one(rows: Array) -> Array:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), np.float32)
