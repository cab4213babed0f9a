"""Characters and words as features: what people really wrote, in whatever spelling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.text import normalise, without_diacritics

NGRAMS = (1, 5)  # characters, within words
RARE = 2  # n-grams of fewer messages are left out
MOST = 150_000


class Ngrams:
    """Character n-grams within words, weighted by tf-idf. A text also counts without accents."""

    def __init__(self, vectoriser: TfidfVectorizer) -> None:
        self._vectoriser = vectoriser

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Ngrams:
        """Learn the vocabulary and its weights."""
        vectoriser = _vectoriser(min_df=RARE, max_features=MOST)
        vectoriser.fit(texts)
        return cls(vectoriser)

    def transform(self, texts: Sequence[str]) -> Any:
        """A sparse row a text, of length one."""
        return self._vectoriser.transform(texts).astype(np.float32)

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        vocabulary = self._vectoriser.vocabulary_
        return {
            f"{prefix}_vocabulary": np.array(sorted(vocabulary, key=vocabulary.get)),
            f"{prefix}_idf": self._vectoriser.idf_.astype(np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Any, prefix: str) -> Ngrams:
        """The n-grams from what ``arrays`` saved."""
        words = arrays[f"{prefix}_vocabulary"].tolist()
        vectoriser = _vectoriser(vocabulary={word: i for i, word in enumerate(words)})
        vectoriser.idf_ = arrays[f"{prefix}_idf"].astype(np.float64)
        return cls(vectoriser)


def prepare(text: str) -> str:
    """The normal form, and beside it the form without accents where that differs."""
    normal = normalise(text)
    bare = without_diacritics(normal)
    return normal if bare == normal else f"{normal} {bare}"


def _vectoriser(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=NGRAMS,
        sublinear_tf=True,
        preprocessor=prepare,
        **options,
    )
