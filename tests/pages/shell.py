"""A page's shell blocks, run one after the other in one shell, where what a test cannot run is stood in for."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.embedded.programs import find_programs
from tests.conftest import SECRET
from tests.pages.blocks import Block
from tests.stores import ROOT

NOT_RUN: Final = {
    "docker": "needs a daemon, and images of a registry",
    "systemctl": "is the machine's own, as are its units",
    "journalctl": "reads the machine's own log",
    "sudo": "what it begins is the machine's",
    "apt-get": "installs on the machine",
    "openssl": "not on every machine that tests; what it makes is a secret",
    "git": "the checkout is there already",
}
"""Programs that a page may name and no test runs, each with its reason. Whatever else is not there fails."""

STANDING_IN: Final = {
    # What serves or works never ends: tests/test_start.py and tests/test_serve.py start it. What follows a source does
    # it once.
    "deskgraph": """
case "$1" in serve | work) exit 0 ;; esac
exec {python} {root}/cli.py "${{@/#--watch/--once}}"
""",
    # Targets build for minutes: here make says what it would do.
    "make": 'exec /usr/bin/make --dry-run --no-print-directory --directory {root} "$@" >/dev/null',
    # Tests within tests, benchmarks and installations take minutes: what they name has to be there.
    "python": """
if [ "$1" = -m ]; then
  case "$2" in
  pytest) shift 2; cd {root}; for one; do [[ $one = -* || -e $one ]] || exit 4; done; exit 0 ;;
  benchmarks.*) test -e "{root}/${{2//.//}}.py"; exit ;;
  esac
fi
exec {python} "$@"
""",
    "uv": 'for last in "$@"; do :; done; test -e "{root}/$last"',
    # A stream of events never ends: its first event is read. A refusal is noted, and is no end of the page.
    "curl": """
case " $* " in *" -sN "*)
  exec 3< <(exec /usr/bin/curl "$@")
  stream=$!
  for line in 1 2; do read -r -t 60 -u 3 text; echo "$text"; done
  kill $stream
  exit 0
esac
/usr/bin/curl --fail-with-body "$@"
case $? in
0) ;;
22) echo "$*" >> "$REFUSED" ;;
*) exit 1 ;;
esac
""",
}


@dataclass(frozen=True)
class Run:
    """What became of a page's blocks."""

    printed: dict[Block, str]
    refused: str
    """What curl was told to ask and got a status from 400 for."""


def stand_ins(folder: Path) -> Path:
    """A folder with a program for each that is stood in for, which is found before those of the machine."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in {**dict.fromkeys(NOT_RUN, "exit 0"), **STANDING_IN}.items():
        script = programs / name
        script.write_text("#!/bin/bash\n" + text.format(python=sys.executable, root=ROOT))
        script.chmod(0o755)
    for name in ("deploy", "mappings", "requirements-otel.txt"):
        (folder / name).symlink_to(ROOT / name)
    return programs


async def run(blocks: Sequence[Block], folder: Path, dsn: str, changes: dict[str, str], **environment: str) -> Run:
    """Runs a page's blocks in a folder; they must end well.

    `changes` are patterns of the pages' addresses and made-up names, and what they are here.
    """
    programs = stand_ins(folder)
    script = "set -eo pipefail\n"
    for number, block in enumerate(blocks):
        text = block.text
        for pattern, here in changes.items():
            text = re.sub(pattern, lambda _, here=here: here, text)
        script += f"echo; echo '@@ {number}'\n{text}"
    refused = folder / "refused"
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", script, cwd=folder,
        env={
            **os.environ,
            # PostgreSQL's own programs are those of the server's version, whichever the machine has.
            "PATH": f"{programs}:{find_programs().root / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "REFUSED": str(refused),
            "DESKGRAPH_DATABASE_URL": dsn,
            "DESKGRAPH_JWT_SECRET": SECRET,
            **environment,
        },
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, faults = (part.decode() for part in await process.communicate())
    parts = dict(re.findall(r"^@@ (\d+)\n(.*?)(?=^@@ |\Z)", told, re.M | re.S))
    last = blocks[len(parts) - 1]
    assert process.returncode == 0, f"{last.name} ended with {process.returncode}:\n{told[-1500:]}\n{faults[-1500:]}"
    printed = {block: parts[str(number)] for number, block in enumerate(blocks)}
    return Run(printed, refused.read_text() if refused.exists() else "")
