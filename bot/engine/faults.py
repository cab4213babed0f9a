"""A fault inside a turn is a failed turn.

Stock Rasa logs the error of an action with all it holds, drops the action's events and goes on as
if nothing had happened: the person would get silence, and the log what she wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rasa_sdk.interfaces import ActionExecutionRejection

_found: ContextVar[list[Exception] | None] = ContextVar("faults", default=None)


@contextmanager
def noted() -> Iterator[None]:
    """Remember an error of the code inside for ``raised_by_turn``, and let it pass."""
    try:
        yield
    except ActionExecutionRejection:  # no fault: the form lets another rule answer
        raise
    except Exception as error:  # whatever it was; it goes on its way below
        found = _found.get()
        if found is not None:
            found.append(error)
        raise


@contextmanager
def raised_by_turn() -> Iterator[None]:
    """Raise the first error that was noted inside."""
    token = _found.set([])
    try:
        yield
        for error in _found.get() or ():
            raise error
    finally:
        _found.reset(token)
