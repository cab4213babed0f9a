"""``assessment check``: is the questionnaire in order?  ``assessment graph``: draw it."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("assessment", help="check the questionnaire, or draw it")
    parser.add_argument("what", choices=["check", "graph"])
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check, or print the flow as a Mermaid chart."""
    from bot.assessment.graph import mermaid
    from bot.composition import assessment

    questionnaire = assessment().questionnaire
    if options.what == "graph":
        print(mermaid(questionnaire))
        return 0
    questions = questionnaire.questions.values()
    required = sum(question.required for question in questions)
    print(
        f"version {questionnaire.version}: {len(questions)} questions, {required} needed, "
        f"{len(questionnaire.short_path)} on the short path, {len(assessment().rules)} flags: "
        "in order"
    )
    return 0
