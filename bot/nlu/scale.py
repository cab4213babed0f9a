"""Embeddings made comparable: what only tells the language is taken away, one spread for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
ANY = ""  # the mean of all messages: for a language that was not recognised


AXES = 3  # directions in which one language's texts differ most: more of its manner than its matter


@dataclass(frozen=True)
class Scale:
    """Texts of one language lie together in the embedding's space; what they say is the rest.

    Libovický, Rosa & Fraser, «On the Language Neutrality of Pre-trained Multilingual
    Representations» (2020): https://aclanthology.org/2020.findings-emnlp.150/
    Mu & Viswanath, «All-but-the-Top» (2018), on the strongest directions.
    """

    centres: dict[str, Array]
    axes: dict[str, Array]
    spread: Array

    @classmethod
    def fit(cls, vectors: Array, languages: npt.NDArray[np.str_]) -> Scale:
        """Learn the means, the spread and the strongest directions."""
        codes = sorted({str(code) for code in languages})
        centres = {ANY: vectors.mean(axis=0)}
        centres |= {code: vectors[languages == code].mean(axis=0) for code in codes}
        means = np.stack([centres[str(code)] for code in languages])
        spread = (vectors - means).std(axis=0) + 1e-6
        scaled = (vectors - means) / spread
        axes = {ANY: np.zeros((AXES, vectors.shape[1]), np.float32)}
        axes |= {code: _strongest(scaled[languages == code]) for code in codes}
        return cls(centres, axes, spread)

    def apply(self, vectors: Array, languages: Sequence[str] | npt.NDArray[np.str_]) -> Array:
        """The scaled rows; ``languages`` names each row's language."""
        codes = np.array([str(c) if str(c) in self.centres else ANY for c in languages])
        scaled = np.empty_like(vectors, dtype=np.float32)
        for code in set(codes.tolist()):
            rows, axes = codes == code, self.axes[code]
            centred = (vectors[rows] - self.centres[code]) / self.spread
            scaled[rows] = centred - centred @ axes.T @ axes
        return scaled

    def arrays(self) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        return {
            "scale_languages": np.array(list(self.centres)),
            "scale_centres": np.stack(list(self.centres.values())),
            "scale_axes": np.stack([self.axes[code] for code in self.centres]),
            "scale_spread": self.spread,
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Scale:
        """The scale from what ``arrays`` saved."""
        codes = [str(code) for code in arrays["scale_languages"]]
        centres = dict(zip(codes, arrays["scale_centres"], strict=True))
        axes = dict(zip(codes, arrays["scale_axes"], strict=True))
        return cls(centres, axes, arrays["scale_spread"])


def _strongest(rows: Array) -> Array:
    """The main directions, of length one."""
    _, directions = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(directions[:, -AXES:].T, dtype=np.float32)
