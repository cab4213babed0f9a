"""Learning from the training messages alone. Evaluation messages never come here.

Both stages are first fitted on folds, so that how they are joined, how shares are sharpened and
where the thresholds lie is learned on messages that the fitted part had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from bot.nlu import linear
from bot.nlu.decision import OUTSIDE, TOPIC, Thresholds
from bot.nlu.linear import LinearModel, log_softmax
from bot.nlu.model import Judgement, Model, Stage, is_urgent, join_features, judge
from bot.nlu.scale import Scale
from bot.nlu.stages import Array, Bools, Data, Rows, danger_of, fit_stages, yes_no


@dataclass(frozen=True)
class Recipe:
    """Settings of the training, from config.yml. Shares are of held-out training messages."""

    folds: int = 3
    words_penalty: float = 30.0  # inverse weight of the L2 term
    meaning_penalty: float = 0.3  # weight of the L2 term
    mix: float = 0.5  # of the words' view of the label
    danger_alarms: float = 0.01  # harmless messages that get only the danger answer
    danger_recall: float = 0.97  # messages of danger that get the number first
    outside_precision: float = 0.9  # among messages taken for something outside
    answered_wrong: float = 0.04  # answered at once, and wrongly, among messages about topics
    dialogue_precision: float = 0.85
    certain_precision: float = 0.99  # among messages that the words alone decide


def train(data: Data, recipe: Recipe) -> Model:
    """Learn a model."""
    scale = Scale.fit(data.vectors, data.languages)
    scaled = replace(data, vectors=scale.apply(data.vectors, data.languages))
    labels = data.labels
    splits = StratifiedKFold(recipe.folds, shuffle=True, random_state=0).split(labels, labels)
    folds = [(fitted, judged) for fitted, judged in splits]
    subsets = [np.arange(len(labels)), *(fitted for fitted, _ in folds)]
    (final_words, final_meaning), *partial = fit_stages(
        scaled, subsets, recipe.words_penalty, recipe.meaning_penalty
    )
    words, meaning = _joined(scaled, folds, partial)
    inside = labels != OUTSIDE
    classes = tuple(sorted(set(labels[inside])))
    sharpness = _sharpness(words.labels, meaning.labels, labels, inside, classes, recipe.mix)
    shares = log_softmax(
        sharpness * (recipe.mix * words.labels + (1 - recipe.mix) * meaning.labels)
    )
    features = join_features(words, meaning, shares, classes)
    danger = danger_of(labels)
    danger_join = linear.fit(features, yes_no(danger), 1.0, one_vs_rest=False)
    outside_join = linear.fit(features, yes_no(~inside), 1.0, one_vs_rest=False)
    return Model(
        words=final_words,
        meaning=final_meaning,
        scale=scale,
        mix=recipe.mix,
        sharpness=sharpness,
        danger_join=danger_join,
        outside_join=outside_join,
        certain=_certain(words.labels, labels, classes, recipe.certain_precision),
        thresholds=_thresholds(
            features, shares, labels, classes, danger_join, outside_join, recipe
        ),
    )


def _joined(
    data: Data, folds: Sequence[tuple[Rows, Rows]], stages: Sequence[tuple[Stage, Stage]]
) -> tuple[Judgement, Judgement]:
    """Each message judged by stages that were fitted without it."""
    count = len(data.labels)
    classes = len(set(data.labels)) - 1
    words, meaning = (
        Judgement(*(np.zeros(shape, np.float32) for shape in ((count, classes), count, count)))
        for _ in range(2)
    )
    for (_, judged), (by_words, by_meaning) in zip(folds, stages, strict=True):
        rest = data.take(judged)
        for judgement, found in (
            (words, judge(by_words, rest.ngrams)),
            (meaning, judge(by_meaning, rest.vectors)),
        ):
            judgement.labels[judged] = found.labels
            judgement.danger[judged] = found.danger
            judgement.outside[judged] = found.outside
    return words, meaning


def _sharpness(
    words: Array,
    meaning: Array,
    labels: npt.NDArray[np.str_],
    inside: Bools,
    classes: Sequence[str],
    mix: float,
) -> float:
    """The factor under which held-out shares are most likely (temperature scaling, Guo 2017)."""
    joined = (mix * words + (1 - mix) * meaning)[inside]
    truth = np.array([classes.index(label) for label in labels[inside]])
    rows = np.arange(len(truth))

    def likelihood(factor: float) -> float:
        return float(log_softmax(factor * joined)[rows, truth].mean())

    factors: list[float] = np.linspace(0.5, 4.0, 36).tolist()
    return max(factors, key=likelihood)


def _thresholds(
    features: Array,
    shares: Array,
    labels: npt.NDArray[np.str_],
    classes: Sequence[str],
    danger_join: LinearModel,
    outside_join: LinearModel,
    recipe: Recipe,
) -> Thresholds:
    danger_share = np.exp(danger_join.log_probabilities(features))[:, 1]
    outside_share = np.exp(outside_join.log_probabilities(features))[:, 1]
    danger = danger_of(labels)
    outside = labels == OUTSIDE
    plain = [not is_urgent(c) for c in classes]
    names = np.array(classes)[plain]
    best = shares[:, plain].argmax(axis=1)
    share = np.exp(shares[:, plain].max(axis=1))
    right = names[best] == labels
    topic = np.array([name.startswith(f"{TOPIC}/") for name in names])[best]
    calm = ~danger
    return Thresholds(
        danger=float(np.quantile(danger_share[calm], 1 - recipe.danger_alarms)),
        possible_danger=float(np.quantile(danger_share[danger], 1 - recipe.danger_recall)),
        outside=_precise(outside_share[calm], outside[calm], recipe.outside_precision),
        answer=_within(share[topic & calm], right[topic & calm], recipe.answered_wrong),
        dialogue=_precise(share[~topic & calm], right[~topic & calm], recipe.dialogue_precision),
    )


def _certain(
    words: Array, labels: npt.NDArray[np.str_], classes: Sequence[str], precision: float
) -> float:
    right = np.array(classes)[words.argmax(axis=1)] == labels
    return _precise(np.exp(words.max(axis=1)), right, precision)


def _precise(share: Array, right: Bools, precision: float) -> float:
    """The lowest share from which at least ``precision`` of the messages are right."""
    order = np.argsort(-share)
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= precision
    if not precise.any():
        return 1.0
    return float(share[order][np.nonzero(precise)[0].max()])


def _within(share: Array, right: Bools, budget: float) -> float:
    """The lowest share from which at most ``budget`` of all the messages are taken wrongly."""
    order = np.argsort(-share)
    allowed = np.cumsum(~right[order]) <= budget * len(order)
    return float(share[order][np.nonzero(allowed)[0].max()])
