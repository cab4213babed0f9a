"""The quick model of the tests is the real one in all but the number of its messages."""

from __future__ import annotations

from bot.files import ROOT, read_yaml

SHARE = "share"


def test_quick_pipeline_differs_in_the_share_alone() -> None:
    real = read_yaml(ROOT / "config.yml")
    quick = read_yaml(ROOT / "tests" / "quick.yml")
    assert all(0.2 <= component.pop(SHARE) < 1 for component in quick["pipeline"])
    assert quick == real
