"""Replies in the language of the conversation, rendered in this process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.answers.replies import Replies
from bot.composition import build_replies
from bot.engine import faults

LOCALE_SLOT = "locale"


class LocalizedResponses(NaturalLanguageGenerator):
    """Gives ``utter_…`` its words. Named by module path in endpoints.yml, so ``rasa shell`` has it.

    Rasa's own HTTP generator would post the whole tracker to another process and log it.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        replies: Replies | None = None,
    ) -> None:
        self.replies = replies or build_replies()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The reply, in the language given by the action or else by the conversation."""
        locale = kwargs.get("locale") or tracker.get_slot(LOCALE_SLOT)
        with faults.noted():
            reply = self.replies.render(utter_action, locale, kwargs)
        buttons = [asdict(button) for button in reply.buttons]
        return {"text": reply.text, "buttons": buttons, "custom": reply.custom}
