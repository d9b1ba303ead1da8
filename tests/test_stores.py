"""The kept stores: what makes them names them, and a copy is what a session would fill itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import stores
from tests.conftest import ROOT

LOADED = """
import sys
from pathlib import Path
import tests.stores
print(*(one.__file__ for one in list(sys.modules.values()) if getattr(one, "__file__", None)), sep="\\n")
"""


def test_all_code_that_fills_them_is_in_their_name() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    named = {file for pattern in stores.MAKERS for file in ROOT.glob(pattern)}

    ours = {Path(one) for one in told if ROOT in Path(one).parents and ".venv" not in Path(one).parts}

    assert ROOT / "db" / "importing" / "writer.py" in ours
    assert ours <= named, ours - named


def test_a_changed_a_new_and_a_renamed_maker_give_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ROOT", tmp_path)
    one = tmp_path / "db" / "one.py"
    one.parent.mkdir()
    names = []

    for text in ("a", "b", "b\n"):
        one.write_text(text)
        names.append(stores.digest())
    (tmp_path / "db" / "two.py").write_text("")
    names.append(stores.digest())
    one.rename(tmp_path / "db" / "three.py")
    names.append(stores.digest())

    assert len(set(names)) == len(names)
