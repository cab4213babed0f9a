"""What the last message was understood as, read from the tracker."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

ASK = "ask"


def entity(tracker: Tracker, name: str) -> str | None:
    """The value that a button or the pipeline gave, or None."""
    return next(tracker.get_latest_entity_values(name), None)


def asked_topic(tracker: Tracker) -> str | None:
    """The topic of the last message: from a button, or the best of the ranking."""
    chosen = entity(tracker, "topic")
    if chosen:
        return chosen
    ranking = topic_ranking(tracker)
    return ranking[0] if ranking else None


def topic_ranking(tracker: Tracker) -> list[str]:
    """The likely topics of the last message, best first."""
    selected = _parsed(tracker).get("response_selector", {}).get(ASK, {})
    return [str(r["intent_response_key"]).partition("/")[2] for r in selected.get("ranking", [])]


def danger(tracker: Tracker) -> str | None:
    """The kind of danger that the last message speaks of, or None."""
    kind = (_parsed(tracker).get("danger") or {}).get("kind")
    return str(kind) if kind else None


def identified_language(tracker: Tracker) -> dict[str, Any]:
    """What the language identification said: ``code``, ``confidence``, ``sure``."""
    found: dict[str, Any] = _parsed(tracker).get("identified_language") or {}
    return found


def intent(tracker: Tracker) -> str:
    """The name of the last message's intent."""
    return str((_parsed(tracker).get("intent") or {}).get("name") or "")


def _parsed(tracker: Tracker) -> dict[str, Any]:
    return tracker.latest_message or {}
