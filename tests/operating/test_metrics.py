"""What Prometheus reads: counted once, by names of which there are only so many, and by nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import ROOT, new_database
from tests.operating.conftest import MARCH, REPORTS, Operated, operated

_JOB = """INSERT INTO deskgraph.export_jobs
  (issuer, subject, id, claims, body, report, format, state, rows_done, bytes, attempts, created_at, expires_at)
  VALUES ('', 'mia', $1, '{}', '{}', 'summary', 'csv', $2, 0, 0, 0, clock_timestamp() - $3::interval,
    clock_timestamp() + '1 day')
"""
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """Every number, by its name and labels."""
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    """One number."""
    return found[name, frozenset(labels.items())]


async def read(gateway: Operated) -> Samples:
    """The metrics at present."""
    answer = await gateway.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return samples(answer.text)


async def test_requests_statements_kept_answers_and_the_pool_are_counted(desk_dsn: str) -> None:
    async with operated(desk_dsn) as gateway:
        for _ in range(3):
            assert (await gateway.report()).status_code == 200
        refused = await gateway.get(f"{REPORTS}/agents", params=MARCH, headers=gateway.bearer("client"))
        nameless = await gateway.get(f"{REPORTS}/trends")
        found = await read(gateway)

    assert (refused.status_code, nameless.status_code) == (403, 401)
    summary = {"door": "rest", "operation": "summary"}
    assert value(found, "deskgraph_requests_total", **summary, status="200", outcome="OK") == 3
    assert value(found, "deskgraph_request_seconds_count", **summary) == 3
    assert (
        value(found, "deskgraph_requests_total", door="rest", operation="agents", status="403", outcome="FORBIDDEN")
        == 1
    )
    assert (
        value(
            found, "deskgraph_requests_total", door="rest", operation="trends", status="401", outcome="UNAUTHENTICATED"
        )
        == 1
    )
    assert value(found, "deskgraph_answers_total", result="hit") == 2
    assert value(found, "deskgraph_answers_total", result="miss") == 1
    assert value(found, "deskgraph_answers_bytes") > 0
    assert value(found, "deskgraph_statement_seconds_count") > 0
    assert value(found, "deskgraph_pool_size") >= value(found, "deskgraph_pool_free") >= 1
    assert value(found, "deskgraph_pool_waiting") == 0


async def test_the_store_says_its_version_its_age_and_whose_rollups_are_read(desk_dsn: str) -> None:
    async with operated(desk_dsn) as gateway:
        found = await read(gateway)

    assert value(found, "deskgraph_database_up") == 1
    assert value(found, "deskgraph_data_version") > 0
    assert value(found, "deskgraph_data_changed_timestamp_seconds") > 1_700_000_000
    assert value(found, "deskgraph_rollups_ready", zone="Europe/Berlin") == 1


async def test_what_waits_for_workers_is_counted(server: str, desk_dsn: str) -> None:
    async with new_database(server, template=desk_dsn.rsplit("/", 1)[1]) as dsn:
        owner = await asyncpg.connect(dsn)
        for state, age in (("queued", 90), ("queued", 30), ("running", 20), ("failed", 10), ("done", 10)):
            await owner.execute(_JOB, uuid4(), state, timedelta(seconds=age))
        await owner.close()
        async with operated(dsn) as gateway:
            found = await read(gateway)

    counted = {state: value(found, f"deskgraph_export_jobs_{state}") for state in ("waiting", "running", "failed")}
    assert counted == {"waiting": 2, "running": 1, "failed": 1}
    assert 90 <= value(found, "deskgraph_export_jobs_oldest_waiting_seconds") < 690
    assert value(found, "deskgraph_schedules_due") == value(found, "deskgraph_deliveries_waiting") == 0


async def test_without_a_database_the_metrics_are_there_and_say_so() -> None:
    async with operated("postgresql://nobody@127.0.0.1:1/none") as gateway:
        found = await read(gateway)

    assert value(found, "deskgraph_database_up") == 0


def labels_of(found: Samples) -> Iterator[tuple[str, str]]:
    """All labels and their values."""
    for _, labels in found:
        yield from labels


async def test_what_callers_make_up_adds_no_label(desk_dsn: str) -> None:
    async with operated(desk_dsn) as gateway:
        for number in range(20):
            query = f"query Mine{number} {{ viewer {{ alias{number}: role }} }}"
            headers = {**gateway.bearer(), "X-Request-Id": f"caller-{number}"}
            await gateway.ask("POST", "/graphql", json={"query": query}, headers=headers)
            await gateway.ask("POST", "/graphql", json={"query": f"{{ none{number} }}"}, headers=gateway.bearer())
            await gateway.get(f"/made/up/{number}")
        found = await read(gateway)

    names = dict(labels_of(found))
    assert {value for name, value in labels_of(found) if name == "operation"} == {"", "ad hoc"}
    assert set(names) <= {"door", "operation", "status", "outcome", "le", "result", "zone"}
    assert (
        value(found, "deskgraph_requests_total", door="graphql", operation="ad hoc", status="200", outcome="OK") == 20
    )
    assert value(found, "deskgraph_requests_total", door="page", operation="", status="404", outcome="NOT_FOUND") == 20


@pytest.mark.parametrize(
    ("token", "client", "sent", "status"),
    [
        ("", "127.0.0.1", "", 200),
        ("", "::1", "", 200),
        ("", "10.0.0.7", "", 403),
        ("", "10.0.0.7", "Bearer ", 403),
        ("a token for the test".replace(" ", "-"), "127.0.0.1", "", 401),
        ("a token for the test".replace(" ", "-"), "127.0.0.1", "Bearer another-token-of-length", 401),
        ("a token for the test".replace(" ", "-"), "10.0.0.7", "Bearer a-token-for-the-test", 200),
    ],
)
async def test_the_metrics_are_for_this_machine_or_for_who_has_the_token(
    desk_dsn: str, token: str, client: str, sent: str, status: int
) -> None:
    async with operated(desk_dsn, metrics_token=token) as gateway:
        answer = await gateway.get("/metrics", client, headers={"Authorization": sent} if sent else {})

    assert answer.status_code == status
    if status != 200:
        assert "DESKGRAPH_METRICS_TOKEN" in answer.json()["detail"]


async def test_the_page_about_operations_has_every_metric_and_every_setting() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    async with operated("postgresql://nobody@127.0.0.1:1/none") as gateway:
        told = (await gateway.get("/metrics")).text

    names = {line.split()[2] for line in told.splitlines() if line.startswith("# HELP deskgraph_")}
    written = page.replace("`_free`, `_waiting`", "`deskgraph_pool_free`, `deskgraph_pool_waiting`")
    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in written} == set()
    assert {
        name for name in ("LOG_FORMAT", "SLOW_MS", "METRICS_TOKEN", "TRACES", "GRACE_SECONDS") if name not in page
    } == set()
