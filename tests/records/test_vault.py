"""Records are sealed: a key opens them, nothing else does, and keys can be changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.records.vault import Key, Vault, VaultError, open_vault, write_keys
from bot.settings import Secret, Settings


def test_what_is_sealed_can_be_opened_only_at_its_place() -> None:
    vault = Vault([Key.new()])
    sealed = vault.seal({"name": "ሰላም"}, "draft a")
    assert "ሰላም" not in sealed
    assert vault.open(sealed, "draft a") == {"name": "ሰላም"}
    with pytest.raises(VaultError, match="changed outside"):
        vault.open(sealed, "draft b")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    vault = Vault([Key.new()])
    assert vault.seal("x", "a") != vault.seal("x", "a")


def test_an_old_key_still_opens_and_a_missing_one_is_named() -> None:
    old, new = Key.new(), Key.new()
    sealed = Vault([old]).seal("x", "a")
    both = Vault([new, old])
    assert both.open(sealed, "a") == "x"
    assert not both.sealed_by_first(sealed)
    with pytest.raises(VaultError, match=f"key {old.id.hex()} is missing"):
        Vault([new]).open(sealed, "a")


def test_keys_do_not_show_themselves() -> None:
    key = Key.new()
    shown = f"{key!r} {Vault([key])!r} {Settings(keys=Secret(key.written()))!r}"
    assert key.written() not in shown
    assert key.raw.hex() not in shown


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "keys"
    sealed = open_vault("", file).seal("x", "a")
    assert file.stat().st_mode & 0o777 == 0o600
    assert open_vault("", file).open(sealed, "a") == "x"


def test_a_running_vault_takes_a_changed_key_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    running = open_vault("", file)
    before = running.seal("x", "a")
    write_keys(file, [Key.new(), *running.keys])
    assert not running.sealed_by_first(before)
    assert running.open(before, "a") == "x"


@pytest.mark.parametrize("wrong", ["abc", "ä", "AAAA"])
def test_a_wrong_key_is_one_clear_error(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        open_vault(wrong, tmp_path / "keys")
