"""``content check``: is all content whole and in order?  ``content report``: how old is it?"""

from __future__ import annotations

import argparse
from typing import Any

from bot import clock


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("content", help="check the content, or report its age")
    parser.add_argument("what", choices=["check", "report"])
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check or report."""
    from bot.composition import library, phrase_book, settings

    content = library()
    today = clock.today()
    if options.what == "check":
        print(
            f"{len(content.topics)} topics, {len(content.contacts)} national contacts, "
            f"{len(content.municipality.contacts)} in {settings().municipality}, "
            f"{len(phrase_book().phrases)} phrases: in order"
        )
        return 0
    print(f"{'topic':28} {'reviewed':11} {'due':11} {'state':9} weakest source")
    for topic in content.topics.values():
        due = content.policy.review_due(topic)
        state = content.policy.freshness(topic, today).value
        weakest = max(source.evidence for source in topic.sources)
        print(f"{topic.id:28} {topic.reviewed} {due}  {state:9} {weakest}")
    withheld = [
        contact.id
        for contact in (*content.contacts.values(), *content.municipality.contacts.values())
        if not content.policy.may_speak(contact, today)
    ]
    print(f"\ncontacts not spoken: {', '.join(withheld) or 'none'}")
    return 0
