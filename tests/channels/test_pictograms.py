"""Pictures beside options: all there, all licensed, small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from bot.composition import assessment
from bot.files import ROOT

SPRITE = ROOT / "bot" / "channels" / "web" / "static" / "pictograms.svg"
STATIC = SPRITE.parent
FIRST_LOAD = 60_000  # bytes, compressed


def test_every_picture_of_the_questions_is_drawn_and_no_other() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    assert drawn == used()
    assert len(drawn) == 115


def test_none_brings_a_colour_or_anything_from_elsewhere() -> None:
    text = SPRITE.read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-f]{3,6}\"|<script|href|url\(", text)
    assert "Tabler Icons" in (ROOT / "data" / "pictograms.LICENSE").read_text(encoding="utf-8")


def test_the_first_load_stays_small() -> None:
    """All files of the page together, pictures too, though these come only with a question."""
    files = [path for path in Path(STATIC).iterdir() if path.suffix in (".css", ".js", ".svg")]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) < FIRST_LOAD / 2


def used() -> set[str]:
    questionnaire = assessment().questionnaire
    parts = [p for q in questionnaire.questions.values() for p in (q, *q.parts)]
    options = [o for part in parts for o in part.options]
    return {
        o.picture for o in (*options, *questionnaire.skills, *questionnaire.levels) if o.picture
    }
