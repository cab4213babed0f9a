"""Which occupations of a list a person may mean, whatever language she wrote in.

Two views are added: words that look alike (character n-grams, at once) and words that mean alike
(embeddings, as soon as those of the list are there).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.embeddings import Encoder, RecentVectors, Vectors, encode_all
from bot.nlu.ngrams import prepare

SUGGESTED = 5
RECENT = 500  # texts whose meaning is kept for a reload or a second question
SLICE = 400  # texts: few enough to be encoded in this process, beside the service
NGRAMS = (2, 5)  # characters, within words
LOOKS = 1.0  # weight of looking alike beside meaning alike
FRAME = "I work as {}"  # a bare word has hardly any meaning for the encoder

Scores = npt.NDArray[np.float32]


class Suggester:
    """Suggests codes. ``names`` are all that a code is called, in any language."""

    def __init__(self, names: Mapping[str, Sequence[str]], encoder: Encoder) -> None:
        self._codes = list(names)
        self._texts = [text for texts in names.values() for text in texts]
        counts = [len(texts) for texts in names.values()]
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._encoder = encoder
        self._recent = RecentVectors(encoder, RECENT)
        self._ngrams = TfidfVectorizer(
            analyzer="char_wb", ngram_range=NGRAMS, sublinear_tf=True, preprocessor=prepare
        )
        self._looks = self._ngrams.fit_transform(self._texts)
        self._meanings: Vectors | None = None
        self._middle: Vectors | None = None
        self._loading = threading.Lock()

    def load(self, cache: Path) -> None:
        """Compute what the list means, or read it: minutes the first time, so not in a turn."""
        with self._loading:
            if self._meanings is None:
                framed = [FRAME.format(text) for text in self._texts]
                slices = [framed[start : start + SLICE] for start in range(0, len(framed), SLICE)]
                parts = [encode_all(self._encoder, part, cache) for part in slices]
                self._use(np.concatenate(parts))

    def prepare(self, text: str) -> None:
        """Compute what words mean ahead of ``suggest``: milliseconds, for a thread of its own."""
        if self._meanings is not None:
            self._recent.vector(FRAME.format(text))

    def suggest(self, text: str, most: int = SUGGESTED) -> list[str]:
        """The likeliest codes, the best first."""
        looks = np.asarray((self._looks @ self._ngrams.transform([text]).T).todense()).ravel()
        scores = LOOKS * self._best(looks)
        if self._meanings is not None and self._middle is not None:
            vector = self._recent.vector(FRAME.format(text)) - self._middle
            scores += self._best(self._meanings @ (vector / np.linalg.norm(vector)))
        order = np.argsort(-scores, kind="stable")[:most]
        return [self._codes[index] for index in order]

    def _use(self, vectors: Vectors) -> None:
        middle = vectors.mean(axis=0)
        centred = vectors - middle
        self._middle = middle
        self._meanings = centred / np.linalg.norm(centred, axis=1, keepdims=True)

    def _best(self, similarities: Scores) -> Scores:
        """For each code the most similar of its names."""
        best = np.full(len(self._codes), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, similarities.astype(np.float32))
        return best
