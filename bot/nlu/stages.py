"""Fitting the two views of a message, one process a core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, parallel_config

from bot.nlu import linear
from bot.nlu.decision import OUTSIDE
from bot.nlu.model import Classifier, Stage, is_urgent
from bot.nlu.network import fit_network

LABEL_NEURONS, QUESTION_NEURONS, MEMBERS = 1024, 256, 2
LABELS, DANGER, OUT = "labels", "danger", "outside"
WORDS, MEANING = "words", "meaning"
Array = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Data:
    """Training messages: labels, language codes, sparse n-gram rows, embedding rows."""

    labels: npt.NDArray[np.str_]
    languages: npt.NDArray[np.str_]
    ngrams: Any
    vectors: Array

    def take(self, rows: Rows) -> Data:
        """Some of the messages."""
        return Data(self.labels[rows], self.languages[rows], self.ngrams[rows], self.vectors[rows])


def fit_stages(
    data: Data, subsets: Sequence[Rows], words_penalty: float, meaning_penalty: float
) -> list[tuple[Stage, Stage]]:
    """The words' and the meaning's view, fitted on each subset of the messages.

    The penalties are those of ``bot.nlu.training.Recipe``.
    """
    penalties = {WORDS: words_penalty, MEANING: meaning_penalty}
    # The labels take longest, so they begin.
    keys = list(product((LABELS, DANGER, OUT), (WORDS, MEANING), range(len(subsets))))
    with parallel_config(backend="loky", n_jobs=-1, inner_max_num_threads=1):
        fitted = Parallel()(
            delayed(_fit)(data, subsets[number], view, question, penalties[view])
            for question, view, number in keys
        )
    found = dict(zip(keys, fitted, strict=True))

    def stage(view: str, number: int) -> Stage:
        return Stage(*(found[question, view, number] for question in (LABELS, DANGER, OUT)))

    return [(stage(WORDS, number), stage(MEANING, number)) for number in range(len(subsets))]


def _fit(data: Data, rows: Rows, view: str, question: str, penalty: float) -> Classifier:
    labels = data.labels[rows]
    if question == LABELS:
        rows, labels = rows[labels != OUTSIDE], labels[labels != OUTSIDE]
    elif question == DANGER:
        labels = yes_no(danger_of(labels))
    else:
        labels = yes_no(labels == OUTSIDE)
    if view == WORDS:
        return linear.fit(data.ngrams[rows], labels, penalty, one_vs_rest=True)
    if question == LABELS:
        return fit_network(data.vectors[rows], labels, penalty, LABEL_NEURONS, MEMBERS)
    return fit_network(data.vectors[rows], labels, penalty, QUESTION_NEURONS)


def danger_of(labels: npt.NDArray[np.str_]) -> Bools:
    """Which labels are a kind of danger."""
    return np.array([is_urgent(label) for label in labels])


def yes_no(values: Bools) -> npt.NDArray[np.str_]:
    """The classes of a question."""
    return np.where(values, "yes", "no")
