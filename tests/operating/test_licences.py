"""The page of licences has every package that is locked, and none without one."""

from __future__ import annotations

import json
import re

from operating.licences import of_npm, of_python, told_by
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "licences.md").read_text()
ROWS = set(re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", PAGE, re.M))


def test_the_page_has_every_locked_package_of_a_server_and_of_the_pages() -> None:
    locked = re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / "requirements.txt").read_text(), re.M)
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    built_from = set(json.loads((ROOT / "web" / "package.json").read_text())["dependencies"])

    assert {(one.name, one.version) for one in of_python()} == set(locked)
    assert (
        built_from
        <= {one.name for one in of_npm()}
        <= {name.rpartition("node_modules/")[2] for name in lock["packages"]}
    )
    shown = {(name, version) for name, version, _ in ROWS} - {("package", "version")}
    assert {(one.name, one.version) for one in (*of_python(), *of_npm())} == shown, "Run: make licences"


def test_no_package_is_without_a_licence() -> None:
    assert [row for row in ROWS if row[2] == "(see the package)"] == []


def test_a_licence_is_read_wherever_a_package_tells_it() -> None:
    from importlib.metadata import distribution

    told = {name: told_by(distribution(name)) for name in ("prometheus_client", "sqlmodel", "aiodataloader", "numpy")}

    assert all(told.values())
    assert told["aiodataloader"] == "MIT License"
