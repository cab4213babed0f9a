"""Where stock Rasa 3.6.21 does the same work again at every turn, it is done once.

Each function changes one thing; tests/engine/test_tuning.py shows that what Rasa does stays the
same. Figures: docs/adr/0002-one-process.md.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import jsonschema
import structlog
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events
from rasa.shared.utils.common import all_subclasses


def quiet_logs(level: str) -> None:
    """Keep Rasa's debug lines out of the log: they hold the texts of messages."""
    threshold = max(logging.getLevelName(level), logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(threshold))
    for name in ("rasa", "rasa_sdk", "apscheduler"):
        logging.getLogger(name).setLevel(threshold)
    # It logs an action's error with its values; bot/engine/engine.py logs the type alone.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"


@cache  # once a process
def compile_action_schema() -> None:
    """Check an action's result with one compiled validator.

    Stock Rasa re-checks the constant schema itself at each call: 30 ms of a custom action.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = jsonschema.exceptions.best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = check


@cache  # once a process, or each call would lie around the one before
def index_event_types() -> None:
    """Find an event's class in a dictionary; stock Rasa walks all subclasses for every event."""
    index = {cls.type_name: cls for cls in _first_of_each(all_subclasses(events.Event))}
    stock = events.Event.resolve_by_type

    def resolve(type_name: str, default: type[events.Event] | None = None) -> Any:
        return index.get(type_name) or stock(type_name, default)

    events.Event.resolve_by_type = staticmethod(resolve)


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Keep what the start has built out of the garbage collector's sight while the engine runs.

    Else a full collection walks the whole model in the middle of somebody's turn. Afterwards it
    is given back: what is frozen is never freed, however long nobody needs it.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _first_of_each(classes: list[type[events.Event]]) -> Iterator[type[events.Event]]:
    seen: set[str] = set()
    for cls in classes:
        if cls.type_name not in seen:
            seen.add(cls.type_name)
            yield cls
