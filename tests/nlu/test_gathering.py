"""Gathering changes where the training messages stand, not what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.files import ROOT, read_yaml
from bot.nlu.gathering import NotOurFolder, gather

TRAINING = ROOT / "data" / "training"


def _messages(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in folder.rglob("*.yml"):
        for group in read_yaml(path).get("nlu", []):
            language = group.get("metadata", {}).get("language", "")
            for line in group["examples"].splitlines():
                yield group["intent"], language, line


def test_every_message_is_gathered_and_rules_come_along(tmp_path: Path) -> None:
    count = gather(TRAINING, tmp_path)
    assert sorted(_messages(tmp_path)) == sorted(_messages(TRAINING))
    assert count == len(list(_messages(TRAINING)))
    assert (tmp_path / "rules.yml").read_bytes() == (TRAINING / "rules.yml").read_bytes()


def test_a_share_is_the_same_each_time_and_leaves_out_no_intent(tmp_path: Path) -> None:
    count = gather(TRAINING, tmp_path, 0.25)
    first = sorted(_messages(tmp_path))
    gather(TRAINING, tmp_path, 0.25)
    assert sorted(_messages(tmp_path)) == first
    assert {intent for intent, _, _ in first} == {i for i, _, _ in _messages(TRAINING)}
    assert 0.2 < count / len(list(_messages(TRAINING))) < 0.3


@pytest.mark.parametrize("name", ["domain.yml", "notes.txt", "a folder"])
def test_a_folder_of_others_is_refused(tmp_path: Path, name: str) -> None:
    """It would be emptied: nothing in it is touched, and the message says which file it was."""
    if name == "a folder":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / "rules.yml").write_text("mine", encoding="utf-8")
    with pytest.raises(NotOurFolder, match=name):
        gather(TRAINING, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "rules.yml"])
    assert (tmp_path / "rules.yml").read_text(encoding="utf-8") == "mine"
