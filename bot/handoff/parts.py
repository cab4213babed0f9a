"""What answers the person in a talk, and how it is put into her words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answers.replies import Replies
from bot.handoff.interpreting import Interpreter
from bot.handoff.office import Office, in_words
from bot.handoff.phrases import Phrases
from bot.handoff.talk import Talk
from bot.messages import Inbound, Reply
from bot.records.talks import Talks

# What an app's reply says otherwise: there is no page there, and the app's company may read along.
IN_APPS = frozenset({"utter_talk_waiting", "utter_talk_closed", "utter_talk_write_message"})


class Bot(Protocol):
    """What the router needs of the engine."""

    async def turn(self, inbound: Inbound) -> list[Reply]:
        """The bot's replies."""

    async def danger(self, inbound: Inbound, language: str) -> Reply | None:
        """What is said to danger, if there is any; nothing is kept."""

    def is_button(self, text: str) -> bool:
        """Whether the text is one of the bot's buttons."""


@dataclass(frozen=True)
class Parts:
    """What the router works with. ``interpreter``: None where no machine translates."""

    bot: Bot
    talks: Talks
    replies: Replies
    phrases: Phrases
    office: Office
    interpreter: Interpreter | None = None

    def say(self, key: str, talk: Talk) -> Reply:
        """A reply to the person, with what it names of her talk."""
        here = f"{key}_app" if key in IN_APPS and not talk.on_page else key
        language = self.replies.catalogues.translator(talk.language).language
        return self.replies.render(here, talk.language, in_words(self.office.facts(talk), language))

    def changed(self, talk: Talk, event: Callable[[Talk], Talk], key: str) -> list[Reply]:
        """Let an event happen and say so. Raises ``NotFound`` or ``NotPossible``."""
        return [self.say(key, self.talks.change(talk.id, talk.municipality, event))]


def private(reply: Reply) -> Reply:
    """The transcript keeps only that she answered: what she wrote is her contact, or has no place
    in the talk, where it would be sealed.
    """
    return replace(reply, custom={**reply.custom, "form": "talk"})
