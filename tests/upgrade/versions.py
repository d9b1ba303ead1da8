"""The versions before this one and after it: what the scripts say, and a tree with one migration more."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from db.revision import HEAD
from tests.conftest import REPORTING_ZONES, ROOT, SECRET

_SCRIPT = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "{new}", "{old}", None, None


def upgrade() -> None:
    {steps}
"""


def before_head(steps: int) -> str:
    """The migration so many before the last."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations"))
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][steps]


@dataclass(frozen=True)
class Told:
    """What a command said at its end."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Version:
    """A tree of the product's code."""

    tree: Path
    head: str

    async def run(self, dsn: str, *words: str) -> Told:
        """Runs this version's command over a database."""
        environment = {
            **os.environ,
            "DESKGRAPH_DATABASE_URL": dsn,
            "DESKGRAPH_JWT_SECRET": SECRET,
            "DESKGRAPH_REPORTING_ZONES": ",".join(REPORTING_ZONES),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", *words,
            cwd=self.tree, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await asyncio.wait_for(process.communicate(), 120)
        return Told(process.returncode or 0, out.decode(), err.decode())


THIS = Version(ROOT, HEAD)


def next_version(folder: Path, *steps: str, readable_from: str = HEAD) -> Version:
    """This version with one migration more, of these steps; servers of this one go on, unless it says otherwise."""
    head = f"{int(HEAD) + 1:04}"
    folder.mkdir()
    for one in ("cli.py", "settings.py", "identities.py", "commands"):
        (folder / one).symlink_to(ROOT / one)
    shutil.copytree(ROOT / "db", folder / "db", ignore=shutil.ignore_patterns("__pycache__"))
    script = folder / "db" / "migrations" / "versions" / f"m{head}_next.py"
    script.write_text(_SCRIPT.format(new=head, old=HEAD, steps="\n    ".join(steps)))
    revision = folder / "db" / "revision.py"
    text, changed = re.subn(r'HEAD: Final = "\d+"', f'HEAD: Final = "{head}"', revision.read_text())
    text, told = re.subn(r'READABLE_FROM: Final = "\d+"', f'READABLE_FROM: Final = "{readable_from}"', text)
    assert (changed, told) == (1, 1)
    revision.write_text(text)
    return Version(folder, head)
