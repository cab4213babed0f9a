"""``training``: the messages that the model learns from, in one folder that Rasa reads quickly."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.files import ROOT
from bot.nlu.gathering import gather


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("training", help="gather the training messages in one file")
    parser.add_argument("target", type=Path, help="the folder to write, for rasa train --data")
    parser.add_argument("--share", type=float, default=1.0, help="of the messages, from 0 to 1")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the folder."""
    count = gather(ROOT / "data" / "training", options.target, options.share)
    print(f"{count} messages in {options.target}")
