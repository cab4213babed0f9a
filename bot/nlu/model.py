"""What is learned from the training messages, and how a message is scored with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.decision import OUTSIDE, URGENT, Scores, Thresholds
from bot.nlu.linear import LinearModel, log_softmax
from bot.nlu.neighbours import Neighbours
from bot.nlu.network import Network
from bot.nlu.scale import Scale

Array = npt.NDArray[np.float32]
Classifier = LinearModel | Network
Weights = tuple[float, float, float]  # of the words, the meaning, the neighbours
FLOOR = 1e-6  # keeps a logarithm finite
UNSEEN = 0.05  # share kept for what no neighbour is: 100 messages prove nothing impossible


@dataclass(frozen=True)
class Stage:
    """The three judgements on one kind of features: which label, is it danger, is it outside."""

    labels: Classifier
    danger: Classifier
    outside: Classifier


@dataclass(frozen=True)
class Model:
    """Three views of a message, and how their judgements are joined."""

    words: Stage  # character n-grams
    meaning: Stage  # sentence embeddings
    neighbours: Neighbours  # the nearest training messages, by the same embeddings
    scale: Scale  # of the embeddings
    weights: Weights  # of the three views of the label
    sharpness: float  # makes shares match how often they are right
    danger_join: LinearModel
    outside_join: LinearModel
    certain: float  # share from which the words alone decide, without an embedding
    thresholds: Thresholds

    def score(self, ngrams: Any, language: str, vector: Callable[[], Array]) -> Scores:
        """Score one message: its sparse row, its language if known, how to get its embedding."""
        words = judge(self.words, ngrams)
        if self._is_certain(words):
            return self._scores(words.labels[0], [words, words, words])
        scaled = self.scale.apply(vector()[None], [language])
        views = [words, judge(self.meaning, scaled), judge_by(self.neighbours, scaled)]
        return self._scores(log_softmax(self.sharpness * mixed(views, self.weights))[0], views)

    def _is_certain(self, words: Judgement) -> bool:
        best = float(np.exp(words.labels[0].max()))
        plain = words.danger[0] < DANGER_DOUBT and words.outside[0] < OUTSIDE_DOUBT
        return bool(best >= self.certain and plain)

    def _scores(self, log_shares: Array, views: Sequence[Judgement]) -> Scores:
        classes = self.words.labels.classes
        shares = np.exp(log_shares)
        urgent = {c: float(s) for c, s in zip(classes, shares, strict=True) if is_urgent(c)}
        rest = [(c, float(s)) for c, s in zip(classes, shares, strict=True) if not is_urgent(c)]
        features = join_features(views, log_shares[None], classes)
        return Scores(
            labels=sorted(rest, key=lambda pair: -pair[1]),
            danger=_share(self.danger_join, features),
            danger_kind=max(urgent, key=lambda c: urgent[c]).partition("/")[2] if urgent else "",
            outside=_share(self.outside_join, features),
        )


# Log-odds under which the words see no sign at all of danger, or of something outside.
DANGER_DOUBT, OUTSIDE_DOUBT = -2.5, -2.0


@dataclass(frozen=True)
class Judgement:
    """One stage's view of some messages: log-shares of labels, log-odds of the two questions."""

    labels: Array
    danger: Array
    outside: Array


def judge(stage: Stage, features: Any) -> Judgement:
    """Apply a stage to rows of features."""
    return Judgement(
        stage.labels.log_probabilities(features),
        yes_odds(stage.danger, features),
        yes_odds(stage.outside, features),
    )


def judge_by(neighbours: Neighbours, features: Any) -> Judgement:
    """The neighbours' view; labels among those that are not outside."""
    shares = neighbours.shares(features)
    classes = neighbours.classes
    inside = shares[:, [name != OUTSIDE for name in classes]] + FLOOR
    inside = inside / inside.sum(axis=1, keepdims=True)
    return Judgement(
        np.log((1 - UNSEEN) * inside + UNSEEN / inside.shape[1]),
        _odds(shares[:, [is_urgent(name) for name in classes]].sum(axis=1)),
        _odds(shares[:, [name == OUTSIDE for name in classes]].sum(axis=1)),
    )


def mixed(views: Sequence[Judgement], weights: Weights) -> Array:
    """The views' log-shares of the labels, weighted."""
    parts = [weight * view.labels for weight, view in zip(weights, views, strict=True)]
    return np.asarray(sum(parts), dtype=np.float32)


def yes_odds(model: Classifier, features: Any) -> Array:
    """Log-odds of «yes» of a model with the classes no and yes."""
    scores = model.log_odds(features)
    return np.asarray(scores[:, 1] - scores[:, 0])


def is_urgent(label: str) -> bool:
    """Whether a label is a kind of danger."""
    return label.startswith(f"{URGENT}/")


def join_features(views: Sequence[Judgement], log_shares: Array, classes: tuple[str, ...]) -> Array:
    """What danger and outside are finally judged by: all views' odds and the labels' shape."""
    shares = np.exp(log_shares)
    urgent = shares[:, [is_urgent(c) for c in classes]].sum(axis=1)
    plain = shares[:, [not is_urgent(c) for c in classes]]
    return np.column_stack(
        [
            *(view.danger for view in views),
            np.log(urgent + FLOOR),
            *(view.outside for view in views),
            plain.max(axis=1),
            -(shares * log_shares).sum(axis=1),
        ]
    ).astype(np.float32)


def _odds(shares: Array) -> Array:
    """Log-odds, kept within what so few neighbours can tell."""
    kept = np.clip(shares, UNSEEN / 2, 1 - UNSEEN / 2)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float32)


def _share(model: Classifier, features: Array) -> float:
    return float(1 / (1 + np.exp(-yes_odds(model, features)[0])))
