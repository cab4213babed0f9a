"""Keras comes with TensorFlow and stands in with it; see ../tensorflow/__init__.py."""

from __future__ import annotations

from typing import Any

import tensorflow


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return tensorflow._stand_in(f"keras.{name}")
