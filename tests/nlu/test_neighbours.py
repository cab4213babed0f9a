"""The nearest training messages vote for what a message means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.model import judge_by
from bot.nlu.neighbours import Neighbours

LABELS = np.array(["ask/rental_housing", "out_of_scope", "urgent/fire"])
SIZE = 160  # more than are kept, so that the projection has something to leave out


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    """Forty messages of each label, gathered around a direction of their own."""
    random = np.random.default_rng(0)
    centres = np.eye(len(LABELS), SIZE)
    rows = np.repeat(centres, 40, axis=0) + random.normal(0, 0.03, (40 * len(LABELS), SIZE))
    return Neighbours.fit(rows.astype(np.float32), np.repeat(LABELS, 40))


@pytest.mark.parametrize("position", range(len(LABELS)))
def test_a_message_means_what_those_beside_it_mean(neighbours: Neighbours, position: int) -> None:
    """The label whose messages lie closest gets the most votes, and all votes sum to one."""
    shares = neighbours.shares(np.eye(1, SIZE, position, dtype=np.float32))
    assert neighbours.classes[int(shares.argmax())] == LABELS[position]
    assert shares.sum() == pytest.approx(1)


def test_danger_and_what_is_outside_are_judged_apart_from_the_labels(
    neighbours: Neighbours,
) -> None:
    """Near a fire it is danger; near a joke it is outside, which is no label to rank."""
    fire, joke = (
        judge_by(neighbours, np.eye(1, SIZE, position, dtype=np.float32)) for position in (2, 1)
    )
    assert fire.danger[0] > 0 > joke.danger[0]
    assert joke.outside[0] > 0 > fire.outside[0]
    assert fire.labels.shape == (1, 2)
    assert np.exp(joke.labels).sum() == pytest.approx(1, abs=0.01)


def test_what_was_saved_votes_the_same(neighbours: Neighbours, tmp_path: Path) -> None:
    """The file holds all that a vote needs."""
    np.savez(tmp_path / "kept.npz", **neighbours.arrays("near"))
    with np.load(tmp_path / "kept.npz", allow_pickle=False) as arrays:
        again = Neighbours.from_arrays(arrays, "near")
    message = np.full((1, SIZE), 0.1, np.float32)
    np.testing.assert_allclose(again.shares(message), neighbours.shares(message), atol=0.01)
