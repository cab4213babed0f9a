"""Embeddings made comparable: each language's own mean taken away, all numbers of one spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
ANY = ""  # the mean of all messages: for a language that was not recognised


@dataclass(frozen=True)
class Scale:
    """Texts of one language lie together in the embedding's space; what they say is the rest.

    Libovický, Rosa & Fraser, «On the Language Neutrality of Pre-trained Multilingual
    Representations» (2020): https://aclanthology.org/2020.findings-emnlp.150/
    """

    centres: dict[str, Array]
    spread: Array

    @classmethod
    def fit(cls, vectors: Array, languages: npt.NDArray[np.str_]) -> Scale:
        """Learn the means and the spread."""
        centres = {ANY: vectors.mean(axis=0)}
        centres |= {str(c): vectors[languages == c].mean(axis=0) for c in sorted(set(languages))}
        means = np.stack([centres[str(code)] for code in languages])
        return cls(centres, (vectors - means).std(axis=0) + 1e-6)

    def apply(self, vectors: Array, languages: Sequence[str] | npt.NDArray[np.str_]) -> Array:
        """The scaled rows; ``languages`` names each row's language."""
        centres = [self.centres.get(str(code), self.centres[ANY]) for code in languages]
        return np.asarray((vectors - np.stack(centres)) / self.spread, dtype=np.float32)

    def arrays(self) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        return {
            "scale_languages": np.array(list(self.centres)),
            "scale_centres": np.stack(list(self.centres.values())),
            "scale_spread": self.spread,
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Scale:
        """The scale from what ``arrays`` saved."""
        codes = (str(code) for code in arrays["scale_languages"])
        return cls(dict(zip(codes, arrays["scale_centres"], strict=True)), arrays["scale_spread"])
