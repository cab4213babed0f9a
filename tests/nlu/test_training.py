"""How held-out messages are chosen, and what thresholds are set to."""

from __future__ import annotations

import numpy as np

from bot.nlu.calibration import Aims, precise, thresholds, within
from bot.nlu.scale import Scale
from bot.nlu.training import folds


def test_one_writers_messages_are_held_out_together() -> None:
    """Within each label and language the file's order is kept: a run is a fold."""
    labels = np.array(["greet"] * 6 + ["thank"] * 3 + ["greet"] * 3)
    languages = np.array(["fi"] * 9 + ["sv"] * 3)
    assert folds(labels, languages, 3).tolist() == [0, 0, 1, 1, 2, 2, 0, 1, 2, 0, 1, 2]


def test_a_threshold_keeps_its_promise_on_the_messages_it_was_set_on() -> None:
    """Of ten answers the two worst are wrong: precise leaves them out, a budget allows one."""
    share = np.linspace(0.95, 0.05, 10).astype(np.float32)
    right = np.array([True] * 8 + [False] * 2)
    assert precise(share, right, 1.0) == share[7]
    assert within(share, right, 0.1) == share[8]


def test_false_alarms_stay_within_what_is_allowed() -> None:
    """One harmless message in twenty may get the number first, one in a hundred only the number."""
    random = np.random.default_rng(0)
    labels = np.array(["ask/rental_housing"] * 1000 + ["urgent/fire"] * 100)
    danger = np.concatenate([random.beta(1, 9, 1000), random.beta(9, 1, 100)]).astype(np.float32)
    classes = ["ask/rental_housing", "urgent/fire"]
    shares = np.log(np.column_stack([1 - danger, danger]))
    found = thresholds(danger, np.zeros(1100, np.float32), shares, labels, classes, Aims())
    calm = danger[:1000]
    assert (calm >= found.possible_danger).mean() <= Aims.possible_alarms
    assert (calm >= found.danger).mean() <= Aims.danger_alarms
    assert (danger[1000:] >= found.possible_danger).mean() > (1 - Aims.possible_alarms)


def test_what_only_tells_the_language_is_taken_away() -> None:
    """Two languages far apart: after scaling, the same two meanings lie together across them."""
    random = np.random.default_rng(0)
    directions = np.linalg.qr(random.normal(size=(40, 6)))[0].T
    meaning = np.tile(np.repeat([1.0, -1.0], 200), 2)[:, None] * directions[:1]
    manner = random.normal(0, 5, (800, 3)) @ directions[1:4]
    languages = np.array(["fi"] * 400 + ["so"] * 400)
    apart = np.where(languages == "fi", 9.0, -9.0)[:, None] * directions[5:]
    vectors = (meaning + manner + apart + random.normal(0, 0.1, (800, 40))).astype(np.float32)
    scaled = Scale.fit(vectors, languages).apply(vectors, languages)
    first, other, opposite = scaled[:200], scaled[400:600], scaled[200:400]
    same = np.linalg.norm(first.mean(axis=0) - other.mean(axis=0))
    assert same < np.linalg.norm(first.mean(axis=0) - opposite.mean(axis=0)) / 4
    assert first.std() < np.abs(first.mean(axis=0)).max()


def test_a_language_that_is_not_known_is_scaled_by_the_mean_of_all() -> None:
    """It has no directions of its own, and still gives a row."""
    vectors = np.random.default_rng(0).normal(size=(50, 12)).astype(np.float32)
    scale = Scale.fit(vectors, np.array(["fi"] * 25 + ["so"] * 25))
    expected = (vectors[:1] - vectors.mean(axis=0)) / scale.spread
    np.testing.assert_allclose(scale.apply(vectors[:1], ["xx"]), expected, atol=1e-5)
