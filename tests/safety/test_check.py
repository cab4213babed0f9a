"""``python -m bot check``: each unsafe thing is found when it is planted, and only then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import main
from bot.composition import configure
from bot.files import ROOT, DataError
from bot.records.database import open_database
from bot.records.vault import Key
from bot.safety.facts import facts_of
from bot.safety.rules import judge, load_rules
from bot.settings import Secret, Settings

RULES = ROOT / "data" / "safety.yml"
LONG = Secret("x7" * 20)
# A set-up for real people: the baseline of what is planted below.
PROPER = Settings(
    host="0.0.0.0",  # noqa: S104  # as behind a proxy
    public_url="https://silta.example",
    database="postgresql://silta:Tr0ub4dor-and-3@db.example/silta?sslmode=verify-full",
    keys=Secret(Key.new().written()),
    models=Path("/nonexistent/models"),
    proxies=1,
    frame_ancestors="'self'",
    responsible_person="Maija Vastaava",
)
PLANTED = {
    "http_outside": {"public_url": "http://silta.example"},
    "address_is_this_machine": {"public_url": "http://localhost:8080", "viber_token": LONG},
    "unknown_visitors": {"proxies": 0},
    "framed_by_anybody": {"frame_ancestors": "*"},
    "server_unencrypted": {"gateway_url": "http://gateway.example/in"},
    "mail_unencrypted": {"smtp_host": "mail.example", "smtp_tls": "off"},
    "weak_secret": {"gateway_secret": Secret("changeme")},
    "known_password": {"database": "postgresql://silta:silta@127.0.0.1/silta"},
    "typed_key": {"keys": Secret(Key(b"silta" * 6 + b"si").written())},
    "database_unencrypted": {"database": "postgresql://silta:x7x7x7@db.example/silta"},
    "sqlite_outside": {"database": "sqlite:////nonexistent/silta.db"},
    "two_processes_one_file": {"database": "sqlite:////nonexistent/silta.db", "desk": "off"},
    "much_is_logged": {"log_level": "DEBUG"},
    "nobody_is_responsible": {"responsible_person": ""},
    "kept_for_long": {"retention_days": 90},
    "second_factor_elsewhere": {"oidc_issuer": "https://id.example"},
    "machine_translation": {"translation_url": "https://translate.example"},
    "keys_beside_database": {
        "keys": Secret(""),
        "database": "sqlite:////nonexistent/silta.db",
        "key_file": Path("/nonexistent/keys"),
    },
}
OF_THE_MACHINE = {"runs_as_root", "key_file_open", "database_file_open", "models_open"}


def found(settings: Settings) -> set[str]:
    """The rules that speak, but for those of the machine on which the tests run."""
    facts = facts_of(settings)
    return {finding.rule for finding in judge(load_rules(RULES, facts), facts)}


def test_a_proper_set_up_is_called_so() -> None:
    assert found(PROPER) - {"runs_as_root"} == set()


@pytest.mark.parametrize("rule", PLANTED)
def test_what_is_planted_is_found(rule: str) -> None:
    assert rule in found(replace(PROPER, **PLANTED[rule]))


def test_every_rule_is_tried() -> None:
    tried = set(PLANTED) | OF_THE_MACHINE
    assert {rule.id for rule in load_rules(RULES, facts_of(PROPER))} == tried


def test_files_that_others_may_read_or_write(tmp_path: Path) -> None:
    """Keys and database for their owner alone; nobody else puts a model there."""
    models, keys, file = tmp_path / "models", tmp_path / "keys", tmp_path / "silta.db"
    models.mkdir(mode=0o700)
    keys.write_text(Key.new().written())
    file.touch()
    mine = replace(
        PROPER, keys=Secret(""), key_file=keys, models=models, database=f"sqlite:///{file}"
    )
    for path in (keys, file):
        path.chmod(0o600)
    assert not found(mine) & {"key_file_open", "database_file_open", "models_open"}
    keys.chmod(0o640)
    file.chmod(0o644)
    models.chmod(0o770)
    assert found(mine) >= {"key_file_open", "database_file_open", "models_open"}


def test_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "runs_as_root" in found(PROPER)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "runs_as_root" not in found(PROPER)


def test_the_command(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """It fails where something is unsafe, says what to do, and shows no secret."""
    configure(replace(settings, models=PROPER.models))
    assert main(["check"]) == 0
    secret = "hunter2"
    configure(replace(settings, gateway_secret=Secret(secret), models=PROPER.models))
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert "unsafe: SILTA_GATEWAY_SECRET is shorter than 16 characters" in told
    assert "openssl rand -hex 24" in told
    assert secret not in told


def test_a_rule_about_something_unknown_is_named(tmp_path: Path) -> None:
    file = tmp_path / "safety.yml"
    rule = "{id: a, level: advice, when: {weather: {is: bad}}, what: x, do: y}"
    file.write_text(f"rules: [{rule}]")
    with pytest.raises(DataError, match="no such fact: weather"):
        load_rules(file, facts_of(PROPER))


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Transcripts can be read in it without a key."""
    file = tmp_path / "new" / "silta.db"
    open_database(f"sqlite:///{file}").dispose()
    assert "database_file_open" not in found(replace(PROPER, database=f"sqlite:///{file}"))
