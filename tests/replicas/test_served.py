"""The real server with a replica: what it tells of it, and what its clients see of its end."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from commands.doctor.findings import Grade
from commands.doctor.replicas import of_replicas
from settings import Settings
from tests.conftest import RunningGateway, dsn_of, free_port, serving
from tests.faults.doors import DOCUMENT, asker
from tests.operating.test_doctor import doctor
from tests.operating.test_metrics import samples, value
from tests.replicas.conftest import Pair
from tests.replicas.conftest import value as value_of
from tests.rest_compat.desk import MARCH


@pytest.fixture(scope="module")
async def served(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[RunningGateway, Path]]:
    """The server, and its log."""
    log = tmp_path_factory.mktemp("served") / "log"
    settings = {
        "DESKGRAPH_REPLICA_URLS": pair.standby.dsn,
        "DESKGRAPH_REPLICA_LAG_MS": "3000",
        "DESKGRAPH_RESPONSE_CACHE_MB": "0",
        "DESKGRAPH_LOG_FORMAT": "json",
    }
    await pair.caught_up()
    async with serving(pair.primary.dsn, log, **settings) as running:
        yield running, log


async def ready(client: httpx.AsyncClient, wanted: str) -> dict[str, Any]:
    """What /readyz says once it says this of the replica."""
    async with asyncio.timeout(30):
        while True:
            answer = await client.get("/readyz")
            found: dict[str, Any] = answer.json()
            if found["checks"]["replica 1"].startswith(wanted):
                assert answer.status_code == 200
                return found
            await asyncio.sleep(0.1)


def logged(log: Path, logger: str) -> list[dict[str, Any]]:
    """The lines of a logger."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["logger"] == logger]


async def test_reports_come_from_the_replica_and_its_end_fails_no_request(
    pair: Pair, served: tuple[RunningGateway, Path]
) -> None:
    gateway, log = served
    async with asker(gateway.url) as client:
        await ready(client, "ok")
        first = await client.get("/api/tickets/reports/summary", params=MARCH)
        answers: list[httpx.Response] = []
        asking = asyncio.create_task(ask_on(client, answers))
        await asyncio.sleep(0.3)
        pair.standby.stop(signal.SIGQUIT)
        down = await ready(client, "not read")
        await asyncio.sleep(0.5)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        last = await client.get("/api/tickets/reports/summary", params=MARCH)
        numbers = samples((await client.get("/metrics")).text)
        pair.standby.start()
        await ready(client, "ok")

    assert {one.status_code for one in answers} == {200}
    assert all("errors" not in one.json() for one in answers)
    assert len({json.dumps(one.json()["data"]) for one in answers}) == 1
    assert first.json()["summary"] == last.json()["summary"]
    assert down["status"] == "ok"
    reads = [line["readFrom"] for line in logged(log, "deskgraph.requests") if "readFrom" in line]
    assert (reads[0], reads[-1]) == ("replica 1", "primary")
    told = [line["message"].split(":")[0] for line in logged(log, "deskgraph.replicas")]
    changes = [one for one, _ in itertools.groupby(told)]
    assert changes[-3:] == ["replica 1 is read.", "replica 1 is not read", "replica 1 is read."]
    assert value(numbers, "deskgraph_replica_read", replica="replica 1") == 0
    assert value(numbers, "deskgraph_places_total", place="replica 1") > 0
    assert value(numbers, "deskgraph_places_total", place="primary") > 0


async def ask_on(client: httpx.AsyncClient, answers: list[httpx.Response]) -> None:
    """Asks until it is told to stop."""
    while True:
        answers.append(await client.post("/graphql", json={"query": DOCUMENT}))


def test_doctor_says_how_each_replica_fares(pair: Pair, tmp_path: Path) -> None:
    gone = f"postgresql://nobody@127.0.0.1:{free_port()}/gone"
    environment = {
        "DESKGRAPH_REPLICA_URLS": f"{pair.standby.dsn},{gone}",
        "DESKGRAPH_REPORTING_ZONES": "UTC,Europe/Berlin",
    }

    status, found, done = doctor("--report", "r.zip", dsn=pair.primary.dsn, cwd=tmp_path, **environment)

    assert found["replica 1"][0] == "ok", found
    assert found["replica 2"][:2] == ("fault", "It does not tell the store's version, and is not read.")
    assert status == 1
    password = urlsplit(pair.standby.dsn).password
    assert password
    assert password not in done.stdout + done.stderr
    with zipfile.ZipFile(tmp_path / "r.zip") as bundle:
        assert not [name for name in bundle.namelist() if password.encode() in bundle.read(name)]


async def test_doctor_tells_one_that_is_behind_from_one_that_is_no_copy(pair: Pair) -> None:
    other, at = dsn_of(pair.primary.dsn, "other"), await pair.version(pair.primary)
    before = await value_of(other, "SELECT version FROM deskgraph.data_version")
    settings = Settings.model_validate({"database_url": pair.primary.dsn, "replica_urls": (other,)})

    async def told(number: object) -> Grade:
        await value_of(other, f"UPDATE deskgraph.data_version SET version = {number}")
        (one,) = [found async for found in of_replicas(pair.primary.dsn, settings)]
        return one.grade

    assert [await told(at - 1), await told(at)] == [Grade.WARNING, Grade.FAULT]
    await told(before)
