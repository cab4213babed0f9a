"""What is wrong with the trained model, in a line that says what to do."""

from __future__ import annotations


class ModelError(Exception):
    """The service cannot work with the trained model it finds."""


class ModelMissing(ModelError):
    """There is no trained model."""


class ModelBroken(ModelError):
    """The model's archive cannot be read: written half, damaged, or of another version."""
