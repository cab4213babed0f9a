"""A database that is not there is one line that says what to do, without the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import main
from bot.composition import configure
from bot.settings import Settings


@pytest.mark.parametrize(
    "address", ["postgresql://silta:secret@127.0.0.1:1/none", "sqlite:////proc/none/silta.db"]
)
def test_no_database(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(database=address, key_file=tmp_path / "keys"))
    assert main(["database", "check"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "cannot be opened" in line
    assert "SILTA_DATABASE" in line
    assert "secret" not in line
