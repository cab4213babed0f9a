"""However the service is run, its settings are right ones, and no secret stands in a file here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy.engine.url import make_url

from bot.files import ROOT
from bot.safety.facts import facts_of
from bot.safety.rules import UNSAFE, judge, load_rules
from bot.settings import SECRETS, SettingError, load_settings
from tests.deploy import files

WAYS = ("image", "compose", "kubernetes", "systemd")
PORT = int(files.image_environment()["SILTA_PORT"])
DATA = Path("/var/lib/silta")


@pytest.mark.parametrize("way", WAYS)
def test_the_service_takes_its_settings(way: str) -> None:
    """The real check of the real start: a misspelt name or a wrong value stops it."""
    environment = files.environments()[way]
    load_settings(environment)
    with pytest.raises(SettingError):
        load_settings(environment | {"SILTA_PUBLIC_ADDRESS": "x"})


@pytest.mark.parametrize("way", ["compose", "kubernetes", "systemd"])
def test_behind_the_proxy(way: str) -> None:
    """Links begin with https; one proxy of ours tells the visitor's address; a person is named."""
    chosen = load_settings(files.environments()[way])
    assert chosen.public_url.startswith("https://")
    assert chosen.proxies == 1
    assert chosen.responsible_person
    assert (ROOT / "data" / "municipalities" / f"{chosen.municipality}.yml").is_file()


@pytest.mark.parametrize("way", WAYS)
def test_what_is_kept_is_kept_where_it_may_be_written(way: str) -> None:
    chosen = load_settings(files.environments()[way])
    written = files.unit("silta.service")["StateDirectory"][0].split() if way == "systemd" else []
    places = {Path("/var/lib") / name for name in written} or {DATA}
    if chosen.database.startswith("sqlite"):
        assert Path(chosen.database.removeprefix("sqlite:///")).parent in places
    if not chosen.keys:
        assert chosen.key_file.parent in places
    assert files.instruction("VOLUME") == [str(DATA)]
    assert f"{DATA}" in " ".join(files.instruction("RUN"))
    volumes = files.compose()["services"]["silta"]["volumes"]
    assert str(DATA) in {volume.split(":")[1] for volume in volumes}


def test_the_database_of_compose_is_reached_by_its_socket_alone() -> None:
    """So it needs no password: what two mount and no other is the only way to it."""
    services = files.compose()["services"]
    place = make_url(services["silta"]["environment"]["SILTA_DATABASE"]).query["host"]
    mounting = [name for name, each in services.items() if f"socket:{place}" in each["volumes"]]
    assert mounting == ["silta", "database"]
    assert services["database"]["network_mode"] == "none"


@pytest.mark.parametrize("way", ["compose", "kubernetes", "systemd"])
def test_nothing_in_it_is_unsafe(way: str) -> None:
    """By the operator's own check, with what an operator has to fill in."""
    facts = facts_of(load_settings(files.environments()[way]))
    found = judge(load_rules(ROOT / "data" / "safety.yml", facts), facts)
    assert [finding.what for finding in found if finding.level == UNSAFE] == []


def test_a_container_listens_to_others() -> None:
    for way in ("image", "compose", "kubernetes"):
        assert load_settings(files.environments()[way]).host == "0.0.0.0"  # noqa: S104  # a container's own network


def test_one_port_everywhere() -> None:
    """The service's, and that at which it is asked."""
    for way, environment in files.environments().items():
        assert load_settings(environment).port == PORT, way
    assert files.instruction("EXPOSE") == [str(PORT)]
    (health,) = files.instruction("HEALTHCHECK")
    assert f"127.0.0.1:{PORT}/" in health
    proxy = files.compose()["services"]["proxy"]["environment"]
    assert proxy["SILTA_UPSTREAM"] == f"silta:{PORT}"
    caddy = (files.DEPLOY / "Caddyfile").read_text()
    assert f"{{$SILTA_UPSTREAM:127.0.0.1:{PORT}}}" in caddy
    objects = files.manifests()
    (port,) = objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]["ports"]
    assert port == {"name": "http", "containerPort": PORT}
    (served,) = objects["Service"]["spec"]["ports"]
    assert served["targetPort"] == port["name"]
    (let_in,) = objects["NetworkPolicy"]["spec"]["ingress"]
    assert let_in["ports"] == [{"port": PORT}]


def test_every_variable_of_ours_is_a_setting_or_the_proxys() -> None:
    """Also in comments and scripts."""
    of_the_proxy = {"SITE", "UPSTREAM"}
    known = {name.upper() for name in load_settings({}).__dataclass_fields__}
    for file in files.written():
        for name in re.findall(r"\bSILTA_([A-Z_]+)", file.read_text(encoding="utf-8")):
            right = name in known | of_the_proxy or name.removesuffix("_FILE") in SECRETS
            assert right, f"{file.name}: SILTA_{name}"


def test_no_secret_stands_in_a_file() -> None:
    """By reference alone; an address without a password is none."""
    for file in files.written():
        text = file.read_text(encoding="utf-8")
        for name in SECRETS | {"KEYS"}:
            for value in re.findall(rf"SILTA_{name}\s*[:=]\s*(\S+)", text):
                assert ":" not in value.partition("//")[2], f"{file.name}: SILTA_{name}"
        assert not re.search(r"postgresql://\w+:", text), file.name
