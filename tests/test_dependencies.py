"""Locks hold hashes and no addresses; what Rasa's pins are overridden with works."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import aiohttp
import babel
import pytest
import setuptools
import tensorflow

from bot.files import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_a_hash_for_every_package_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"https?://", text)
    for package in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in package, package.splitlines()[0]


def test_what_faces_the_network_is_current() -> None:
    """requirements/overrides.txt gives the reasons."""
    assert tuple(map(int, aiohttp.__version__.split(".")[:2])) >= (3, 14)
    assert tuple(map(int, setuptools.__version__.split(".")[:2])) >= (78, 1)
    assert tuple(map(int, babel.__version__.split(".")[:2])) >= (2, 17)
    assert version("rasa") == "3.6.21"


def test_the_tensorflow_stand_in_says_what_it_is_when_it_is_used() -> None:
    """It may be imported and subclassed; computing with it is refused, with the way out."""
    if not tensorflow.__version__.endswith("standin"):
        pytest.skip("the real TensorFlow is installed")

    class Layer(tensorflow.keras.layers.Layer):
        pass

    @tensorflow.function
    def decorated() -> int:
        return 1

    assert decorated() == 1
    for use in (lambda: tensorflow.constant(1), lambda: Layer(), lambda: tensorflow.keras.Model()):
        with pytest.raises(RuntimeError, match="make tensorflow"):
            use()
