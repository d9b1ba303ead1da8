"""The files of deploy/ name what is there: commands, targets, settings, images by their plain names."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import cli
from settings import PREFIX, Settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}


def text(name: str) -> str:
    """A file, its continued lines joined."""
    return (DEPLOY / name).read_text().replace("\\\n", " ")


def lines(name: str, word: str) -> list[str]:
    """What follows a word at the beginning of a file's lines."""
    return re.findall(rf"^{word}[ =]+(.*)$", text(name), re.M)


def composed() -> dict[str, Any]:
    """The compose file."""
    found: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return found


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "deskgraph.service"])
def test_every_setting_that_is_given_is_one(name: str) -> None:
    named = set(re.findall(r"DESKGRAPH_[A-Z_]+", text(name)))

    assert named
    assert named <= SETTINGS


def test_images_are_named_without_a_host() -> None:
    images = [line.split()[0] for line in lines("Dockerfile", "FROM")]
    images += [one["image"] for one in composed()["services"].values() if "image" in one]

    assert images == ["debian:13-slim", "debian:13-slim", "postgres:18"]


def test_what_is_started_is_a_command_that_takes_its_options() -> None:
    (entry,), (command,) = lines("Dockerfile", "ENTRYPOINT"), lines("Dockerfile", "CMD")
    started = [shlex.split(one) for one in lines("deskgraph.service", "ExecStart")]
    started.append([*yaml.safe_load(entry), *yaml.safe_load(command)])

    assert len(started) == 2
    for program, name, *words in started:
        assert program == "/srv/deskgraph/.venv/bin/deskgraph"
        found = cli.main.commands[name]
        with click.Context(found) as context:
            found.parse_args(context, list(words))


def test_the_image_is_made_by_targets_of_the_makefile_from_files_that_are_there() -> None:
    (targets,) = re.findall(r"make ((?:install|web)[^&]*)", text("Dockerfile"))
    makefile = (ROOT / "Makefile").read_text() + (ROOT / "web.mk").read_text()

    assert targets.split() == ["install", "web/dist/.built"]
    for target in targets.split():
        assert re.search(rf"^{re.escape(target)}:", makefile, re.M), target
    assert (DEPLOY / "Dockerfile.dockerignore").is_file()


def test_the_services_of_the_compose_file_fit_together() -> None:
    services, volumes = composed()["services"], composed()["volumes"]
    gateway = services["gateway"]

    assert (DEPLOY / gateway["build"]["context"]).resolve() == ROOT
    assert (ROOT / gateway["build"]["dockerfile"]).is_file()
    assert set(gateway["depends_on"]) <= set(services)
    assert {one.partition(":")[0] for one in services["database"]["volumes"]} <= set(volumes)
    assert "@database/deskgraph" in gateway["environment"]["DESKGRAPH_DATABASE_URL"]
    assert all(port.startswith("127.0.0.1:") for port in gateway["ports"])


def _compose() -> bool:
    docker = shutil.which("docker")
    return bool(docker) and subprocess.run([str(docker), "compose", "version"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _compose(), reason="docker compose is not installed")
def test_docker_compose_takes_its_file_and_asks_for_the_secrets() -> None:
    command = ["docker", "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}

    without = subprocess.run(command, env=bare, capture_output=True, text=True)
    given = {"DATABASE_PASSWORD": "one", "JWT_SECRET": "two"}
    found = subprocess.run(command, env={**bare, **given}, capture_output=True, text=True)

    assert without.returncode != 0
    assert "set DATABASE_PASSWORD" in without.stderr
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = []
    for name in ("deskgraph.socket", "deskgraph.service"):
        units.append(tmp_path / name)
        # Neither the checkout nor the account is there on the machine that tests.
        told = text(name).replace("/srv/deskgraph/.venv/bin/deskgraph", "/bin/true").replace("/srv/deskgraph", "/tmp")
        units[-1].write_text(told)

    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
