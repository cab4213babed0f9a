"""Learning from the training messages alone. Evaluation messages never come here.

All views are first fitted on folds, so that how they are joined, how shares are sharpened and
where the thresholds lie is learned on messages that the fitted part had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.nlu import linear
from bot.nlu.calibration import Aims, Labels, precise, sharpness, thresholds
from bot.nlu.decision import OUTSIDE
from bot.nlu.linear import LinearModel, log_softmax
from bot.nlu.model import Judgement, Model, Stage, Weights, join_features, judge, judge_by, mixed
from bot.nlu.neighbours import Neighbours
from bot.nlu.scale import Scale
from bot.nlu.stages import Array, Data, Rows, danger_of, fit_stages, yes_no


@dataclass(frozen=True)
class Recipe(Aims):
    """Settings of the training, from config.yml."""

    folds: int = 3
    words_penalty: float = 30.0  # inverse weight of the L2 term
    meaning_penalty: float = 0.3  # weight of the L2 term
    weights: Weights = (0.5, 0.25, 0.25)


def train(data: Data, recipe: Recipe) -> Model:
    """Learn a model."""
    scale = Scale.fit(data.vectors, data.languages)
    scaled = replace(data, vectors=scale.apply(data.vectors, data.languages))
    labels = data.labels
    parts = folds(labels, data.languages, recipe.folds)
    rows = np.arange(len(labels))
    subsets = [rows, *(rows[parts != part] for part in range(recipe.folds))]
    (words, meaning), *partial = fit_stages(
        scaled, subsets, recipe.words_penalty, recipe.meaning_penalty
    )
    views = _held_out(scaled, parts, partial)
    inside = labels != OUTSIDE
    classes = tuple(sorted(set(labels[inside])))
    joined = mixed(views, recipe.weights)
    sharp = sharpness(joined[inside], labels[inside], classes)
    shares = log_softmax(sharp * joined)
    features = join_features(views, shares, classes)
    danger = linear.fit(features, yes_no(danger_of(labels)), 1.0, one_vs_rest=False)
    outside = linear.fit(features, yes_no(~inside), 1.0, one_vs_rest=False)
    return Model(
        words=words,
        meaning=meaning,
        neighbours=Neighbours.fit(scaled.vectors, labels),
        scale=scale,
        weights=recipe.weights,
        sharpness=sharp,
        danger_join=danger,
        outside_join=outside,
        certain=_certain(views[0].labels, labels, classes, recipe.certain_precision),
        thresholds=thresholds(
            _yes(danger, features), _yes(outside, features), shares, labels, classes, recipe
        ),
    )


def folds(labels: Labels, languages: Labels, count: int) -> Rows:
    """The fold of each message: runs of the file, since one writer's messages stand together.

    A message and those that the same person wrote with it thus fall in one fold, and what is held
    out is rather like what a stranger writes.
    """
    found = np.zeros(len(labels), np.intp)
    groups = np.char.add(np.char.add(labels, " "), languages)
    for group in np.unique(groups):
        rows = np.nonzero(groups == group)[0]
        found[rows] = np.arange(len(rows)) * count // len(rows)
    return found


def _held_out(data: Data, parts: Rows, stages: Sequence[tuple[Stage, Stage]]) -> list[Judgement]:
    """Each message judged by views that were fitted without it."""
    places = []
    judged: list[list[Judgement]] = []
    for part, (words, meaning) in enumerate(stages):
        rest, fitted = data.take(np.nonzero(parts == part)[0]), parts != part
        neighbours = Neighbours.fit(data.vectors[fitted], data.labels[fitted])
        places.append(np.nonzero(parts == part)[0])
        judged.append(
            [
                judge(words, rest.ngrams),
                judge(meaning, rest.vectors),
                judge_by(neighbours, rest.vectors),
            ]
        )
    order = np.argsort(np.concatenate(places))
    return [_in_order(view, order) for view in zip(*judged, strict=True)]


def _in_order(parts: Sequence[Judgement], order: Rows) -> Judgement:
    return Judgement(
        np.vstack([part.labels for part in parts])[order],
        np.concatenate([part.danger for part in parts])[order],
        np.concatenate([part.outside for part in parts])[order],
    )


def _yes(join: LinearModel, features: Array) -> Array:
    return np.asarray(np.exp(join.log_probabilities(features))[:, 1])


def _certain(words: Array, labels: Labels, classes: Sequence[str], precision: float) -> float:
    right = np.array(classes)[words.argmax(axis=1)] == labels
    return precise(np.exp(words.max(axis=1)), right, precision)
