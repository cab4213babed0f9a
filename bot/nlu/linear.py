"""Linear classifiers, fitted by scikit-learn and kept as plain arrays: loading runs no code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LinearModel:
    """Scores = features x weights + bias; one column a class."""

    classes: tuple[str, ...]
    weights: Array
    bias: Array

    def log_odds(self, features: Any) -> Array:
        """Scores of each row and class."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float32)

    def log_probabilities(self, features: Any) -> Array:
        """Log of the share of each class, normalised over the classes."""
        return log_softmax(self.log_odds(features))

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What ``from_arrays`` needs, to be saved with numpy."""
        return {
            f"{prefix}_classes": np.array(self.classes),
            f"{prefix}_weights": self.weights.astype(np.float16),
            f"{prefix}_bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, arrays: Any, prefix: str) -> LinearModel:
        """The model from what ``arrays`` saved."""
        return cls(
            tuple(str(name) for name in arrays[f"{prefix}_classes"]),
            arrays[f"{prefix}_weights"].astype(np.float32),
            arrays[f"{prefix}_bias"],
        )


def fit(
    features: Any, labels: npt.NDArray[np.str_], inverse_penalty: float, one_vs_rest: bool
) -> LinearModel:
    """Logistic regression. One class against the rest suits many sparse features, else softmax."""
    classes = np.unique(labels)
    two = len(classes) == 2  # noqa: PLR2004  # yes or no
    solver = "liblinear" if one_vs_rest else "lbfgs"
    model = LogisticRegression(
        C=inverse_penalty,
        solver=solver,
        max_iter=300,
        random_state=0,
    )
    if one_vs_rest and not two:  # liblinear takes one core: the classes are shared out
        each = OneVsRestClassifier(model, n_jobs=-1).fit(features.astype(np.float64), labels)
        weights = np.vstack([fitted.coef_ for fitted in each.estimators_])
        bias = np.hstack([fitted.intercept_ for fitted in each.estimators_])
    else:
        model.fit(features, labels)
        weights, bias = model.coef_, model.intercept_
    if two:  # scikit-learn keeps one column for two classes
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.hstack([-bias / 2, bias / 2])
    return LinearModel(
        tuple(str(name) for name in classes),
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
    )


def log_softmax(scores: Array) -> Array:
    """Log of shares that sum to one in each row."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
