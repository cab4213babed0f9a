"""What the documents claim is so."""

from __future__ import annotations

import re

from bot.files import ROOT
from bot.settings import PREFIX, RESERVED, Settings


def test_every_setting_is_described_with_its_default() -> None:
    """docs/settings.md and the code name the same settings."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    described = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| `([^`]*)` \|", text, re.M))
    defaults = Settings()
    assert {name.lower() for name in described} == set(Settings.__dataclass_fields__)
    for name, shown in described.items():
        value = str(getattr(defaults, name.lower()))
        assert value == shown or value.endswith(shown.rpartition("…")[2])


def test_what_set_up_and_tests_read_is_described() -> None:
    """The settings that the service leaves alone, and all that ``SILTA_REQUIRE`` may list."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").split("Set-up and tests")[1]
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", text))
    assert named == RESERVED
    skipping = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    may_lack = set(re.findall(r'missing\("(\w+)",', skipping))
    assert {"postgres", "chromium", "pango"} <= may_lack
    assert may_lack <= set(re.findall(r"`([a-z]+)`", text))


def test_the_make_commands_that_documents_name_exist() -> None:
    """No document sends anybody to a command that is not there."""
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
    for path in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]:
        for command in re.findall(r"`make ([a-z0-9-]+)", path.read_text(encoding="utf-8")):
            assert command in targets, f"{path.name}: make {command}"


def test_links_between_documents_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
