"""What is done once instead of every turn gives the same results as stock Rasa."""

from __future__ import annotations

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from bot.engine import tuning

RESULTS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": []},
    {"events": [{"event": "followup", "name": "action_listen"}], "responses": [{"text": "hi"}]},
    {"events": [{"event": "no such event"}], "responses": []},
    {"events": "none", "responses": []},
    {"events": [], "responses": ["not an object"]},
    {},
]


@pytest.mark.parametrize("result", RESULTS, ids=range(len(RESULTS)))
def test_the_compiled_check_judges_as_stock_rasa_does(result: dict) -> None:
    schema = RemoteAction.action_response_format_spec()
    try:
        jsonschema.validate(result, schema)
        valid = True
    except jsonschema.ValidationError:
        valid = False
    tuning.compile_action_schema()
    action = RemoteAction("action_x", None)
    if valid:
        assert action._validate_action_result(result)
    else:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(result)


def test_event_types_are_found_as_before() -> None:
    before = {
        cls.type_name: Event.resolve_by_type(cls.type_name)
        for cls in all_subclasses(Event)
        if cls.type_name
    }
    tuning.index_event_types()
    for name, cls in before.items():
        assert Event.resolve_by_type(name) is cls
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("nothing of the kind")
