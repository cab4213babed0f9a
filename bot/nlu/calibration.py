"""What is set on judgements of held-out messages: how sharp shares are, and every threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.decision import OUTSIDE, TOPIC, Thresholds
from bot.nlu.linear import log_softmax
from bot.nlu.model import Array, is_urgent

Bools = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Aims:
    """What the thresholds are set for, as shares of held-out training messages."""

    danger_alarms: float = 0.01  # harmless messages that get only the danger answer
    possible_alarms: float = 0.10  # harmless messages that get the number before their answer
    outside_precision: float = 0.9  # among messages taken for something outside
    answered_wrong: float = 0.04  # answered at once, and wrongly, among messages about topics
    dialogue_precision: float = 0.85
    certain_precision: float = 0.98  # among messages that the words alone decide


def sharpness(mixed: Array, labels: Labels, classes: Sequence[str]) -> float:
    """The factor under which held-out shares are most likely (temperature scaling, Guo 2017).

    ``mixed`` are log-shares not yet normalised, ``labels`` none of which is outside.
    """
    truth = np.array([classes.index(label) for label in labels])
    rows = np.arange(len(truth))

    def likelihood(factor: float) -> float:
        return float(log_softmax(factor * mixed)[rows, truth].mean())

    factors: list[float] = np.linspace(0.5, 4.0, 36).tolist()
    return max(factors, key=likelihood)


def thresholds(
    danger: Array,
    outside: Array,
    log_shares: Array,
    labels: Labels,
    classes: Sequence[str],
    aims: Aims,
) -> Thresholds:
    """Thresholds that meet the aims, by each message's shares of danger, outside and labels."""
    calm = np.array([not is_urgent(label) for label in labels])
    plain = [not is_urgent(c) for c in classes]
    names = np.array(classes)[plain]
    best = log_shares[:, plain].argmax(axis=1)
    share = np.exp(log_shares[:, plain].max(axis=1))
    right = names[best] == labels
    topic = np.array([name.startswith(f"{TOPIC}/") for name in names])[best]
    asks, says = topic & calm, ~topic & calm
    return Thresholds(
        danger=float(np.quantile(danger[calm], 1 - aims.danger_alarms)),
        possible_danger=float(np.quantile(danger[calm], 1 - aims.possible_alarms)),
        outside=precise(outside[calm], (labels == OUTSIDE)[calm], aims.outside_precision),
        answer=within(share[asks], right[asks], aims.answered_wrong),
        dialogue=precise(share[says], right[says], aims.dialogue_precision),
    )


def precise(share: Array, right: Bools, precision: float) -> float:
    """The lowest share from which at least ``precision`` of the messages are right."""
    order = np.argsort(-share)
    met = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= precision
    if not met.any():
        return 1.0
    return float(share[order][np.nonzero(met)[0].max()])


def within(share: Array, right: Bools, budget: float) -> float:
    """The lowest share from which at most ``budget`` of all the messages are taken wrongly."""
    order = np.argsort(-share)
    allowed = np.cumsum(~right[order]) <= budget * len(order)
    return float(share[order][np.nonzero(allowed)[0].max()])
