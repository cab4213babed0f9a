"""The image is made of what is there, and runs what is there."""

from __future__ import annotations

import importlib
import json
import re
from fnmatch import fnmatch
from pathlib import Path

from bot.files import ROOT
from tests.deploy import files

TEMPORARY = "/tmp"  # noqa: S108  # the container's own


def let_through(path: str) -> bool:
    """Whether .dockerignore lets a file of the repository into the build."""
    rules = (files.DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    through = True
    for rule in (rule for rule in rules if rule and not rule.startswith("#")):
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        if any(fnmatch(part, pattern) for part in (parts if "**" in rule else parts[:1])):
            through = rule.startswith("!")
    return through


def test_the_python_is_that_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (image,) = {line.split()[0] for line in files.instruction("FROM") if line.startswith("python")}
    version = image.removeprefix("python:").partition("-")[0]
    assert f'requires-python = "=={version}.*"' in project


def test_what_is_copied_is_there_and_let_through() -> None:
    for line in files.instruction("COPY"):
        *sources, _ = (word for word in line.split() if not word.startswith("--"))
        for source in sources:
            name = source.removeprefix("/app/")
            if name not in (".", ".venv", "models", "var/cache"):  # made in the image
                assert (ROOT / name).exists(), name
                assert let_through(name), name


def test_no_data_of_persons_can_slip_into_the_image() -> None:
    for path in ("var/silta.db", "var/keys", "deploy/secrets/database", ".git/config", ".venv/x"):
        assert not let_through(path), path
    assert let_through("bot/app.py")


def test_make_knows_what_the_image_asks_of_it() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([^\s:#]+):", makefile, re.M))
    targets |= {name.replace("$(VENV)", ".venv") for name in targets}
    asked = [
        word
        for line in files.instruction("RUN")
        for words in re.findall(r"\bmake ([^&]+)", line.partition("apt-get")[0])
        for word in words.split()
    ]
    assert asked
    assert set(asked) <= targets


def test_what_is_computed_beforehand_is_what_the_start_computes() -> None:
    """A read-only image could not keep it, and would compute it after each start."""
    makefile = (ROOT / "Makefile").read_text()
    assert "var/.occupations" in re.findall(r"^build: (.*?)  ##", makefile, re.M)[0].split()
    module, name = re.findall(r"from (\S+) import (\S+) as load", makefile)[0]
    assert callable(getattr(importlib.import_module(module), name))
    assert name in (ROOT / "bot" / "commands" / "serve.py").read_text()


def test_the_packages_of_the_printer_are_those_that_ci_installs() -> None:
    """And those that the desk's document names."""
    run = " ".join(files.instruction("RUN"))
    named = set(re.findall(r"\b(?:fonts-noto-\w+|lib(?:pango|harfbuzz)[\w.-]*)", run))
    for file in (ROOT / ".ci" / "run", ROOT / "docs" / "desk.md"):
        text = file.read_text(encoding="utf-8")
        for package in named:
            assert package in text, f"{file.name}: {package}"


def test_it_runs_as_nobody_special() -> None:
    """The same number in the image and in Kubernetes; nothing but /tmp and the data is written."""
    (user,) = files.instruction("USER")
    assert f"--uid {user} " in " ".join(files.instruction("RUN"))
    for pod in files.pods():
        assert pod["securityContext"]["runAsUser"] == int(user)
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert [mount["mountPath"] for mount in container["volumeMounts"]] == [TEMPORARY]
    service = files.compose()["services"]["silta"]
    assert service["read_only"]
    assert service["tmpfs"] == [TEMPORARY]


def test_the_program_is_the_one_that_was_installed() -> None:
    entry = json.loads(files.instruction("ENTRYPOINT")[0])
    (workdir,) = files.instruction("WORKDIR")
    assert entry == [f"{workdir}/.venv/bin/python", "-m", "bot"]
    assert files.image_environment()["PYTHONPATH"] == workdir
    (start,) = files.unit("silta.service")["ExecStart"]
    (place,) = files.unit("silta.service")["WorkingDirectory"]
    assert start == f"{place}/.venv/bin/python -m bot serve"
    assert "VENV := .venv\n" in (ROOT / "Makefile").read_text()
