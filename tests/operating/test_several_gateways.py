"""Two gateways on one store behind a plain round-robin are one: answers, pages, jobs, schedules, subscriptions."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect

from db.access import Role
from db.importing.writer import import_rows
from db.sources.files import open_source
from tests.conftest import RunningGateway, new_database, serving
from tests.faults.doors import DOCUMENT, REPORTS, asker, bearer, still
from tests.live.conftest import CREATED, PROTOCOL, Listener, created_of
from tests.rest_compat.desk import MARCH

SAVE = """mutation Save($order: JSON) {
    saveReport(name: "Weekly", page: TICKETS, query: "", order: $order) { id } }"""
SCHEDULE = """mutation Save($report: ID!) { saveSchedule(report: $report, format: "csv", cadence: DAILY, time: "07:30",
    timezone: "Europe/Berlin", folder: "desk") { id } }"""
SCHEDULES = "{ schedules { id deliveries { state fileName } } }"
TICKETS = {"report": "tickets", "format": "csv", **MARCH}


@dataclass
class Balancer:
    """Hands each connection to the next gateway, and knows nothing of what goes over it."""

    gateways: list[RunningGateway]
    served: Counter[str] = field(default_factory=Counter)
    url: str = ""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connects both sides until one of them ends."""
        next_ = self.gateways[self.served.total() % len(self.gateways)]
        self.served[next_.url] += 1
        parts = urlsplit(next_.url)
        further, back = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(_pump(reader, back), _pump(further, writer), return_exceptions=True)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A manager whose every request is a connection of its own."""
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=self.url, headers=bearer(), limits=limits, timeout=60) as found:
            yield found


async def _pump(come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
    try:
        while chunk := await come.read(65_536):
            go.write(chunk)
            await go.drain()
    finally:
        go.close()


@dataclass(frozen=True)
class Site:
    """Both, and what they share."""

    balancer: Balancer
    dsn: str
    folder: Path


@pytest.fixture(scope="module")
async def site(server: str, filled: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Two gateways, each with a worker, on one store."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "delivered" / "desk").mkdir(parents=True)
    settings = {"DESKGRAPH_EXPORT_WORKERS": "1", "DESKGRAPH_DELIVERY_FOLDER": str(folder / "delivered")}
    async with new_database(server, template=filled) as dsn, AsyncExitStack() as stack:
        starting = (stack.enter_async_context(serving(dsn, folder / name, **settings)) for name in ("one", "two"))
        balancer = Balancer([await one for one in starting])
        listening = await asyncio.start_server(balancer.take, "127.0.0.1", 0)
        balancer.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        try:
            yield Site(balancer, dsn, folder / "delivered")
        finally:
            listening.close()


async def data(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    """What GraphQL answers."""
    found = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in found, found
    return found["data"]


async def agents(client: httpx.AsyncClient) -> list[Any]:
    """All rows of the agent report, page by page."""
    rows: list[Any] = []
    further: dict[str, Any] | None = {}
    while further is not None:
        page = (await client.get(f"{REPORTS}/agents", params={**MARCH, "limit": 100, **further})).json()["agents"]
        rows += page["rows"]
        further = {"cursor": page["nextCursor"]} if page["nextCursor"] else None
    return rows


async def test_both_give_the_same_answers_tags_and_pages(site: Site) -> None:
    async with site.balancer.client() as client:
        before = site.balancer.served.copy()
        reports = [await client.get(f"{REPORTS}/summary", params=MARCH) for _ in range(4)]
        answers = [still(await data(client, DOCUMENT)) for _ in range(4)]
        tag = {"If-None-Match": reports[0].headers["etag"]}
        again = [await client.get(f"{REPORTS}/summary", params=MARCH, headers=tag) for _ in range(4)]
        rows = await agents(client)
    async with asker(site.balancer.gateways[0].url) as client:
        of_one = await agents(client)

    assert {one.status_code for one in reports} == {200}
    assert [still(one.json()) for one in reports[1:]] == [still(reports[0].json())] * 3
    assert len({one.headers["etag"] for one in reports}) == 1
    assert answers[1:] == answers[:1] * 3
    assert {one.status_code for one in again} == {304}
    assert len(rows) > 500
    assert rows == of_one
    assert min((site.balancer.served - before).values()) >= 6


async def test_a_job_of_one_is_seen_and_fetched_at_the_other(site: Site) -> None:
    async with site.balancer.client() as client:
        at_once = await client.post(f"{REPORTS}/export", json=TICKETS)
        begun = await client.post(f"{REPORTS}/export", json=TICKETS, headers={"Prefer": "respond-async"})
        states = []
        for _ in range(300):
            states.append((await client.get(begun.headers["location"])).json())
            if states[-1]["state"] not in ("queued", "running"):
                break
            await asyncio.sleep(0.2)
        files = [await client.get(states[-1]["resultUrl"]) for _ in range(2)]

    assert begun.status_code == 202
    assert {file.content for file in files} == {at_once.content}
    assert at_once.content.count(b"\n") > 5


async def test_a_schedule_is_kept_for_both_and_delivered_once(site: Site) -> None:
    async with site.balancer.client() as client:
        saved = (await data(client, SAVE, order=TICKETS))["saveReport"]["id"]
        made = (await data(client, SCHEDULE, report=saved))["saveSchedule"]["id"]
        seen = [await data(client, SCHEDULES) for _ in range(2)]
        owner = await asyncpg.connect(site.dsn)
        await owner.execute("UPDATE deskgraph.schedules SET next_due_at = now() - interval '1 minute'")
        await owner.close()
        delivered: list[Any] = []
        for _ in range(300):
            delivered = (await data(client, SCHEDULES))["schedules"][0]["deliveries"]
            if delivered and delivered[0]["state"] == "DELIVERED":
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(1)
        after = (await data(client, SCHEDULES))["schedules"][0]["deliveries"]

    assert [one["schedules"][0]["id"] for one in seen] == [made, made]
    assert [one["state"] for one in after] == ["DELIVERED"]
    assert [file.name for file in (site.folder / "desk").iterdir()] == [after[0]["fileName"]]


async def test_who_subscribes_at_either_is_told_of_a_write(site: Site, tmp_path: Path) -> None:
    url = site.balancer.url.replace("http", "ws") + "/graphql"
    token = bearer(Role.MANAGER)["Authorization"].removeprefix("Bearer ")
    before = site.balancer.served.copy()
    async with AsyncExitStack() as stack:
        listeners = [
            Listener(await stack.enter_async_context(connect(url, subprotocols=PROTOCOL, max_size=None)))
            for _ in range(2)
        ]
        for one in listeners:
            await one.introduce(token)
            await one.subscribe(CREATED)
        first = [created_of(await one.next()) for one in listeners]
        (tmp_path / "tickets.csv").write_text("id,created_at\nnew,2026-03-10T10:00:00Z\n")
        await import_rows(site.dsn, open_source(tmp_path, None), on_reject=lambda _: None, on_progress=lambda _: None)
        told = [created_of(await one.next()) for one in listeners]

    assert told == [one + 1 for one in first]
    assert set((site.balancer.served - before).values()) == {1}
