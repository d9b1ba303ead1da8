"""The page about adding a metric is followed to the letter: its record and its oracle in a copy, and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import pytest

from tests.conftest import REPORTING_ZONES, ROOT, RunningGateway, new_database, serving
from tests.stores import Cluster

PAGE: Final = (ROOT / "docs" / "adding-a-metric.md").read_text()
NAME: Final = "hourResponseRate"
BY_HAND: Final = """
SELECT p.priority, count(*) FILTER (WHERE f.seconds < 3600)::float8 / count(*) AS value, count(*) AS count
FROM deskgraph.facts f JOIN deskgraph.tickets p ON p.id = f.ticket_id
WHERE f.source = 2 AND f.at >= '2026-03-01Z' AND f.at < '2026-04-01Z' AND f.seconds IS NOT NULL
GROUP BY GROUPING SETS ((), (p.priority))"""


def block(title: str) -> str:
    """What the page says under one of its marks."""
    (found,) = re.findall(rf"<!-- {re.escape(title)} -->\n```\w*\n(.*?)```", PAGE, re.S)
    return str(found)


def followed(tree: Path) -> None:
    """Adds the record and the oracle."""
    times = tree / "db" / "catalog" / "times.py"
    record = times.read_text().replace(
        "from db.metric import", block("import into db/catalog/times.py") + "from db.metric import", 1
    )
    times.write_text(record + "\n" + block("append to db/catalog/times.py"))
    queries = tree / "tests" / "oracle" / "queries.py"
    head, end, rest = queries.read_text().partition('"ratingRate": _RATE')
    line, newline, rest = rest.partition("\n")
    queries.write_text(head + end + line + newline + block("into ORACLES of tests/oracle/queries.py") + rest)


def run(tree: Path, *command: str, **environment: str) -> str:
    """What a command says in the copy; fails if it does."""
    done = subprocess.run(
        command, cwd=tree, env={**os.environ, **environment}, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with the metric, and all that is made of it."""
    copy = tmp_path_factory.mktemp("adding") / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if not name.startswith("web/") and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    (copy / "web").symlink_to(ROOT / "web")
    followed(copy)
    run(copy, sys.executable, "-m", "ruff", "check", "--quiet", "--fix", "db", "tests/oracle")
    run(copy, sys.executable, "-m", "ruff", "format", "--quiet", "db", "tests/oracle")
    run(copy, "make", "--no-print-directory", "generated", f"BIN={Path(sys.executable).parent}")
    return copy


def test_what_follows_from_the_record_is_written(tree: Path) -> None:
    changed = {
        str(file.relative_to(tree))
        for folder in ("db", "schema", "resolvers", "rest_compat", "docs", "tests")
        for file in (tree / folder).rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and (
            not (ROOT / file.relative_to(tree)).exists()
            or file.read_bytes() != (ROOT / file.relative_to(tree)).read_bytes()
        )
    }

    assert changed == {
        "db/catalog/times.py",
        "tests/oracle/queries.py",
        "schema/schema.graphql",
        "docs/metrics.md",
        "docs/rest_reference.md",
        f"tests/golden/metric_{NAME}.sql",
        f"tests/golden/rollups/metric_{NAME}.sql",
    }
    assert f"## {NAME}\n" in (tree / "docs" / "metrics.md").read_text()


def test_the_copy_holds_it_to_the_oracle_and_to_the_house(tree: Path, cluster: Cluster) -> None:
    stores = {"DESKGRAPH_TEST_STORES": "1"} if cluster.came_with_stores else {}
    tests = ("tests/oracle/test_metrics.py", "tests/golden/test_compiled_sql.py", "tests/contract/test_metrics_page.py")
    chosen = f"({NAME} and (Kathmandu or lead or tags or compiles or example)) or every_metric_has"

    said = run(
        tree, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "-k", chosen,
        DESKGRAPH_TEST_SERVER=cluster.dsn, **stores,
    )  # fmt: skip

    assert int(re.findall(r"(\d+) passed", said)[0]) == 10, said


@pytest.fixture(scope="module")
async def desk(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a small desk, which the copy makes its rollups of."""
    async with new_database(server, template=filled) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def gateway(tree: Path, desk: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """The copy's server."""
    log = tmp_path_factory.mktemp("copy") / "log"
    async with serving(desk, log, tree, DESKGRAPH_REPORTING_ZONES=",".join(REPORTING_ZONES)) as running:
        yield running


async def test_the_copy_answers_as_the_page_says(gateway: RunningGateway, desk: str) -> None:
    store = await asyncpg.connect(desk)
    by_hand = {row["priority"]: (row["value"], row["count"]) for row in await store.fetch(BY_HAND)}
    await store.close()
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(), timeout=60) as client:
        body: dict[str, Any] = {"query": block("ask by GraphQL")}
        answer = (await client.post("/graphql", json=body)).json()
        sorted_agents = await client.get(block("ask by REST").strip())
        unknown = await client.get(block("ask by REST").strip().replace(NAME, "noMetric"))
        plan = (await client.post("/graphql", json={"query": "{ metricCatalog { name } }"})).json()

    assert "errors" not in answer, answer
    report = answer["data"]["report"]
    assert _pair(report["metrics"]) == by_hand[None]
    rows = [_pair(row["metrics"]) for row in report["breakdown"]["rows"]]
    assert [row for row in rows if row[1]] == sorted((pair for key, pair in by_hand.items() if key), reverse=True)
    assert by_hand[None][1] > 20
    assert 0 < by_hand[None][0] < 1
    assert (sorted_agents.status_code, unknown.status_code) == (200, 400)
    assert NAME in unknown.text
    assert NAME in {one["name"] for one in plan["data"]["metricCatalog"]}


def _pair(metrics: Any) -> tuple[float, int]:
    return metrics[NAME]["value"], metrics[NAME]["count"]
