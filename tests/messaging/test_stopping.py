"""A word that stops is heard in every language, and however much else of her waits."""

from __future__ import annotations

import pytest

from bot.composition import languages
from bot.files import ROOT, read_yaml
from bot.messaging.incoming import Incoming, Kind
from bot.messaging.limits import load_limits
from bot.messaging.stopping import always_heard

APPS = sorted((ROOT / "data" / "channels").glob("*.yml"))
WORDS = read_yaml(ROOT / "data" / "app_words.yml", "app_words")


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.stem)
def test_who_wants_no_more_is_gone_or_wrote_in_a_group_is_always_heard(app) -> None:
    limits = load_limits(app)
    for kind in (Kind.STOP, Kind.BLOCKED, Kind.GROUP):
        assert always_heard(Incoming("1", "7", kind), limits)
    for kind in (Kind.TEXT, Kind.BUTTON, Kind.EDITED, Kind.START, Kind.VOICE):
        assert not always_heard(Incoming("1", "7", kind, "moi"), limits)


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", languages())
def test_each_language_has_its_words_to_stop_and_to_start(language: str, app) -> None:
    limits = load_limits(app)
    assert set(WORDS["start"][language]) <= limits.start_words
    for word in WORDS["stop"][language]:
        for typed in (word, word.upper(), f" {word.capitalize()}. "):
            assert always_heard(Incoming("1", "7", Kind.TEXT, typed), limits), typed
        assert not always_heard(Incoming("1", "7", Kind.TEXT, f"{word} 2"), limits)
    assert not limits.stop_words & limits.start_words
