"""The files of deploy/, read as what runs them reads them, as far as the tests need it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import yaml

from bot.files import ROOT
from bot.records.vault import Key

DEPLOY = ROOT / "deploy"
# What an operator puts into the Secret.
DATABASE = "postgresql://silta:Vaahtera-7-kettua@database/silta?sslmode=verify-full"
KEYS = Key.new().written()


def written() -> list[Path]:
    """All files of deploy/, but for an operator's own."""
    return [p for p in sorted(DEPLOY.rglob("*")) if p.is_file() and p.name != ".env"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line, without comments."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", bare).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines) if name]


def instruction(name: str) -> list[str]:
    """What all instructions of a name say."""
    return [rest for found, rest in instructions() if found == name]


def image_environment() -> dict[str, str]:
    """What the image sets."""
    words = shlex.split(" ".join(instruction("ENV")))
    return dict(word.split("=", 1) for word in words)


def compose() -> dict[str, Any]:
    """The compose file."""
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8")))


def manifests() -> dict[str, dict[str, Any]]:
    """The Kubernetes objects by kind."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    loaded = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {each["kind"]: each for each in loaded}


def pods() -> Iterator[dict[str, Any]]:
    """The specification of each pod that the manifests start."""
    for each in manifests().values():
        if "template" in each.get("spec", {}):
            yield each["spec"]["template"]["spec"]


def unit(name: str) -> dict[str, list[str]]:
    """The [Service] of a systemd unit: every value of a name, in order."""
    values: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            values.setdefault(key, []).append(value)
    return values


def env_file() -> dict[str, str]:
    """The settings of a plain server."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their letters
    text = (DEPLOY / "systemd" / "silta.env").read_text(encoding="utf-8")
    parser.read_string(f"[settings]\n{text}")
    return {name: value.strip('"') for name, value in parser["settings"].items()}


def environments() -> dict[str, dict[str, str]]:
    """The environment that the service gets, by each way of running it."""
    given = compose()["services"]["silta"]["environment"].items()
    in_compose = {name: _given(value) for name, value in given}
    secrets = {"database": DATABASE, "keys": KEYS}
    by_reference = {
        variable["name"]: secrets[variable["valueFrom"]["secretKeyRef"]["key"]]
        for pod in pods()
        for variable in pod["containers"][0]["env"]
    }
    image, plain = image_environment(), dict(manifests()["ConfigMap"]["data"])
    return {
        "image": image,
        "compose": image | in_compose,
        "kubernetes": image | plain | by_reference,
        "systemd": env_file(),
    }


def _given(value: str) -> str:
    """A value of the compose file as after substitution: the default, else some word."""
    return re.sub(r"\$\{[A-Z_]+(?::-([^}]*)|[^}]*)\}", lambda found: found[1] or "word", value)
