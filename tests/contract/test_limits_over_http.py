"""Time limits, clients that go away, and limits of requests, on the real server and the real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from db.access import Role
from tests.conftest import RunningGateway, new_database, serving

REPORT = {
    "query": '{ report(period: {since: "2026-03-01", until: "2026-04-01"}) { summary { openTickets { value } } } }'
}
MARCH = {"since": "2026-03-01", "until": "2026-04-01"}
SUMMARY = "/api/tickets/reports/summary"
EXPORT = "/api/tickets/reports/export"
_RUNNING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'deskgraph' "
    "AND state = 'active'"
)


@pytest.fixture(scope="module")
async def store(server: str, migrated: str) -> AsyncIterator[str]:
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def hasty(store: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """A server that gives a request 1.5 seconds."""
    log = tmp_path_factory.mktemp("hasty") / "log"
    limits = {"DESKGRAPH_REQUEST_TIMEOUT_MS": "1500", "DESKGRAPH_EXPORT_TIMEOUT_MS": "1500"}
    async with serving(store, log, DESKGRAPH_RESPONSE_CACHE_MB="0", **limits) as running:
        yield running


@pytest.fixture(scope="module")
async def strict(store: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """A server that answers a viewer five requests and two exports a minute."""
    log = tmp_path_factory.mktemp("strict") / "log"
    limits = {"DESKGRAPH_REQUESTS_PER_MINUTE": "5", "DESKGRAPH_EXPORTS_PER_MINUTE": "2"}
    async with serving(store, log, DESKGRAPH_STATEMENT_TIMEOUT_MS="120000", **limits) as running:
        yield running


@asynccontextmanager
async def stuck(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Statements that read facts wait, until this ends; the connection sees what runs."""
    holder, watcher = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones IN ACCESS EXCLUSIVE MODE")
            yield watcher
    finally:
        await holder.close()
        await watcher.close()


async def until_running(watcher: asyncpg.Connection, count: int) -> None:
    for _ in range(600):
        if await watcher.fetchval(_RUNNING) == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not {count} statements run, but {await watcher.fetchval(_RUNNING)}")


def export_of(report: str) -> dict[str, str]:
    return {"report": report, "format": "json", **MARCH}


async def test_a_request_over_its_time_is_a_504_at_every_door_and_its_sql_ends(
    hasty: RunningGateway, store: str
) -> None:
    async with httpx.AsyncClient(base_url=hasty.url, headers=hasty.bearer(), timeout=60) as client:
        async with stuck(store) as watcher:
            answers = await asyncio.gather(
                client.post("/graphql", json=REPORT),
                client.get("/graphql", params=REPORT),
                client.get(SUMMARY, params=MARCH),
                client.post(EXPORT, json=export_of("summary")),
            )
            await until_running(watcher, 0)
        after = await client.post("/graphql", json=REPORT)

    assert [answer.status_code for answer in answers] == [504] * 4
    codes = [a.json().get("code") or a.json()["errors"][0]["extensions"]["code"] for a in answers]
    assert codes == ["TIMEOUT"] * 4
    assert all("1.5 seconds" in answer.text and "SELECT" not in answer.text for answer in answers)
    assert after.json()["data"]["report"]["summary"]["openTickets"]["value"] == 0


async def test_the_sql_of_a_client_that_goes_away_ends(strict: RunningGateway, store: str) -> None:
    headers = strict.bearer("admin")
    async with stuck(store) as watcher, httpx.AsyncClient(base_url=strict.url, headers=headers, timeout=60) as client:
        for request in (
            client.build_request("POST", "/graphql", json=REPORT),
            client.build_request("GET", SUMMARY, params=MARCH),
            client.build_request("POST", EXPORT, json=export_of("performance")),
        ):
            asking = asyncio.create_task(client.send(request))
            await until_running(watcher, 1)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await until_running(watcher, 0)
    owner = await asyncpg.connect(store)
    for _ in range(200):
        outcomes = await owner.fetch("SELECT outcome FROM deskgraph.audit_log WHERE subject = 'a'")
        if len(outcomes) == 3:
            break
        await asyncio.sleep(0.1)
    await owner.close()

    assert [row["outcome"] for row in outcomes] == ["CANCELLED"] * 3


async def test_one_request_too_many_is_a_429_at_every_door(strict: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=strict.url, headers=strict.bearer(), timeout=60) as client:
        answered = [await client.get(SUMMARY, params=MARCH) for _ in range(5)]  # the last ones of what is kept
        refused = [
            await client.get(SUMMARY, params=MARCH),
            await client.get(SUMMARY, params=MARCH, headers={"If-None-Match": answered[0].headers["etag"]}),
            await client.post("/graphql", json=REPORT),
            await client.post("/graphql", json=REPORT, headers={"Accept": "application/graphql-response+json"}),
        ]
        exports = [await client.post(EXPORT, json=export_of("summary")) for _ in range(3)]
        other = await client.get(SUMMARY, params=MARCH, headers=strict.bearer(Role.ANALYST.value))

    assert [answer.status_code for answer in (*answered, *exports, other)] == [200] * 7 + [429, 200]
    for answer in (*refused, exports[-1]):
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        found = answer.json()
        assert (found.get("code") or found["errors"][0]["extensions"]["code"]) == "RATE_LIMITED"


async def test_who_has_no_valid_token_is_told_so_however_often(strict: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=strict.url) as client:
        answers = [await client.get(SUMMARY, headers={"Authorization": "Bearer x"}) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {401}


HEAVY = """query ($since: String!) { report(period: {since: $since, until: "2026-09-01"}) {
    breakdown(by: [AGENT, CATEGORY, PRIORITY], first: 500) {
      rows { metrics { avgResponseTime { value p90 } avgResolutionTime { value p90 } } }
    } } }"""
DASHBOARD = """{ report(period: {since: "2026-03-01", until: "2026-04-01"}, compareTo: [PREVIOUS_PERIOD]) {
    summary { openTickets { value } avgResponseTime { value } csatScore { value } }
    performance { ticketsByCategory { count } } trends { volume { created resolved open } } } }"""


async def test_fifty_heavy_requests_of_one_viewer_leave_room_for_anothers_dashboard(gateway: RunningGateway) -> None:
    done, busy = 0, asyncio.Event()

    async def heavy(client: httpx.AsyncClient, number: int) -> int:
        nonlocal done
        since = f"2025-{number % 12 + 1:02}-{number // 12 + 1:02}"  # each is another question
        answer = await client.post("/graphql", json={"query": HEAVY, "variables": {"since": since}})
        done += 1
        if done == 2:
            busy.set()
        return answer.status_code

    headers, limits = gateway.bearer("analyst"), httpx.Limits(max_connections=60)
    async with (
        httpx.AsyncClient(base_url=gateway.url, headers=headers, timeout=300, limits=limits) as analyst,
        httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(), timeout=300) as manager,
    ):
        crowd = [asyncio.create_task(heavy(analyst, number)) for number in range(50)]
        await busy.wait()
        before = done
        answer = await manager.post("/graphql", json={"query": DASHBOARD})
        meanwhile = done - before
        statuses = set(await asyncio.gather(*crowd))

    assert answer.json().get("errors") is None
    assert statuses <= {200, 504}
    assert meanwhile <= 5, "the dashboard waited for more than a few of the fifty"
