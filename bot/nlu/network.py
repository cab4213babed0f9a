"""A small neural network with one hidden layer, kept as plain arrays like a linear model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bot.nlu.linear import Array, log_softmax

# Chosen by cross-validation on the training messages (docs/understanding.md).
BATCH = 1024
EPOCHS = 20
RATE = 2e-3


@dataclass(frozen=True)
class Network:
    """Scores = relu(features x first + first_bias) x second + second_bias; one column a class."""

    classes: tuple[str, ...]
    first: Array
    first_bias: Array
    second: Array
    second_bias: Array

    def log_odds(self, features: Any) -> Array:
        """Scores of each row and class."""
        hidden = np.maximum(features @ self.first + self.first_bias, 0)
        return np.asarray(hidden @ self.second + self.second_bias, dtype=np.float32)

    def log_probabilities(self, features: Any) -> Array:
        """Log of the share of each class, normalised over the classes."""
        return log_softmax(self.log_odds(features))

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        layers = {name: getattr(self, name).astype(np.float16) for name in ("first", "second")}
        biases = {name: getattr(self, name) for name in ("first_bias", "second_bias")}
        named = layers | biases | {"classes": np.array(self.classes)}
        return {f"{prefix}_{name}": value for name, value in named.items()}

    @classmethod
    def from_arrays(cls, arrays: Any, prefix: str) -> Network:
        """The network from what ``arrays`` saved."""
        names = ("first", "first_bias", "second", "second_bias")
        layers = (arrays[f"{prefix}_{name}"].astype(np.float32) for name in names)
        return cls(tuple(str(name) for name in arrays[f"{prefix}_classes"]), *layers)


def fit_network(
    features: Array, labels: npt.NDArray[np.str_], penalty: float, hidden: int, members: int = 1
) -> Network:
    """Train networks that differ in their random start, and join them to one: their mean.

    ``penalty`` is the weight of the L2 term, ``hidden`` the neurons of each member.
    """
    networks = [_fit_one(features, labels, penalty, hidden, seed) for seed in range(members)]
    return Network(
        networks[0].classes,
        np.hstack([network.first for network in networks]),
        np.hstack([network.first_bias for network in networks]),
        np.vstack([network.second for network in networks]) / members,
        np.mean([network.second_bias for network in networks], axis=0),
    )


def _fit_one(
    features: Array, labels: npt.NDArray[np.str_], penalty: float, hidden: int, seed: int
) -> Network:
    model = MLPClassifier(
        (hidden,),
        alpha=penalty,
        batch_size=BATCH,
        learning_rate_init=RATE,
        max_iter=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is stopped early on purpose
        model.fit(features, labels)
    (first, second), (first_bias, second_bias) = model.coefs_, model.intercepts_
    if second.shape[1] == 1:  # scikit-learn keeps one column for two classes
        second = np.hstack([-second / 2, second / 2])
        second_bias = np.hstack([-second_bias / 2, second_bias / 2])
    layers = (np.asarray(a, dtype=np.float32) for a in (first, first_bias, second, second_bias))
    return Network(tuple(str(name) for name in model.classes_), *layers)
