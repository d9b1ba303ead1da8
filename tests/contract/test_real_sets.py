"""The three public sets, imported whole from their raw files, reported as their independent figures say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.importing.writer import import_rows
from db.sources.files import open_source
from db.sources.mapping import load_mapping
from db.sources.rows import Reject
from tests.conftest import MANAGER, ROOT, asking, new_database

HOUR = 3600
WITHIN = 0.01
"""The stated relative error of percentiles."""

REPORT = """
query ($since: String!, $until: String!) {
  report(period: {since: $since, until: $until}) {
    metrics {
      ticketsCreated { value }
      openTickets { value }
      resolutions { value }
      reopens { value }
      avgResponseTime { value count }
      avgResolutionTime { value median p90 count }
      resolutionRate { value withinTarget withTarget withoutTarget }
      csatScore { value average count }
    }
    performance { ticketsByStatus { status count } ticketsByCategory { category { name } count } }
  }
}
"""


@asynccontextmanager
async def imported(server: str, migrated: str, raw: Path, mapping: str) -> AsyncIterator[str]:
    """A database with one set in it; no row of it may be rejected."""
    rejects: list[Reject] = []
    source = open_source(raw, load_mapping(ROOT / "mappings" / f"{mapping}.toml"))
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        await import_rows(dsn, source, on_reject=rejects.append, on_progress=lambda _: None)
        assert rejects == []
        yield dsn


async def report(dsn: str, since: str, until: str) -> dict[str, Any]:
    """The whole set's report, long after its end."""
    async with asking(dsn, now=datetime(2026, 1, 1, tzinfo=UTC)) as ask:
        found = await ask.data(REPORT, MANAGER, since=since, until=until)
    answer: dict[str, Any] = found["report"]
    return answer


async def one(dsn: str, sql: str) -> Any:
    """The row of a statement over the stored tickets."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchrow(sql)
    finally:
        await connection.close()


async def test_tech_support(server: str, migrated: str, shared_data: Path) -> None:
    raw = shared_data / "tech_support" / "technical_support.csv"
    async with imported(server, migrated, raw, "tech_support") as dsn:
        found = await report(dsn, "2022-01-01", "2025-01-01")

    metrics = found["metrics"]
    statuses = {row["status"]: row["count"] for row in found["performance"]["ticketsByStatus"]}
    assert metrics["ticketsCreated"]["value"] == 2330
    assert (statuses["CLOSED"], statuses["RESOLVED"], statuses["OPEN"], statuses["NEW"]) == (1173, 739, 400, 18)
    assert metrics["openTickets"]["value"] == 418
    assert metrics["avgResolutionTime"]["count"] == 1912
    assert metrics["avgResolutionTime"]["value"] == pytest.approx(33.23796 * HOUR, abs=1)
    assert metrics["avgResolutionTime"]["median"] == pytest.approx(21.88711 * HOUR, rel=WITHIN)
    assert metrics["avgResolutionTime"]["p90"] == pytest.approx(88.66172 * HOUR, rel=WITHIN)
    assert metrics["resolutionRate"]["withinTarget"] == 1546
    assert metrics["csatScore"]["count"] == 1173
    assert metrics["csatScore"]["average"] == pytest.approx(3.5107, abs=0.0001)
    assert metrics["csatScore"]["value"] == pytest.approx(0.56692, abs=0.00001)
    names = [row["category"]["name"] for row in found["performance"]["ticketsByCategory"] if row["category"]]
    assert len(names) == len({name.casefold() for name in names})


async def test_uci_incident(server: str, migrated: str, shared_data: Path) -> None:
    raw = shared_data / "uci_incident" / "incident_event_log.csv.zip"
    async with imported(server, migrated, raw, "uci_incident") as dsn:
        found = await report(dsn, "2016-01-01", "2018-01-01")
        given = await one(
            dsn,
            """
            SELECT count(*) AS n, avg(hours) AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS median,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY hours) AS p90
            FROM (SELECT date_part('epoch', resolved_at - created_at) / 3600 AS hours FROM deskgraph.tickets
                  WHERE resolved_at IS NOT NULL) AS t
            """,
        )
        reopened = await one(dsn, "SELECT count(DISTINCT ticket_id) AS n FROM deskgraph.facts WHERE source = 4")
        made = await one(
            dsn,
            """
            SELECT count(*) AS n FROM deskgraph.tickets AS t JOIN deskgraph.tags AS g ON g.id = ANY (t.tag_ids)
            WHERE g.external_id = 'sla_made'
            """,
        )

    metrics = found["metrics"]
    assert metrics["ticketsCreated"]["value"] == 24_918
    assert {row["status"] for row in found["performance"]["ticketsByStatus"] if row["count"]} == {"CLOSED"}
    assert (given["n"], given["mean"]) == (23_362, pytest.approx(178.1716, abs=0.0001))
    assert (given["median"], given["p90"]) == (pytest.approx(22.10, abs=0.01), pytest.approx(381.548, abs=0.001))
    assert (metrics["reopens"]["value"], reopened["n"]) == (331, 275)
    assert made["n"] == 15_803
    # Of those without `resolved_at`, 14 moved from an open status to Closed in the log: that is their resolution.
    assert metrics["avgResolutionTime"]["count"] == 23_362 + 14
    assert metrics["avgResponseTime"] == {"value": None, "count": 0}
    assert metrics["csatScore"]["count"] == 0


async def test_boston311(server: str, migrated: str, shared_data: Path) -> None:
    raw = shared_data / "boston311" / "311_service_requests_2011.csv.zip"
    async with imported(server, migrated, raw, "boston311") as dsn:
        found = await report(dsn, "2011-01-01", "2020-12-31")

    metrics = found["metrics"]
    statuses = {row["status"]: row["count"] for row in found["performance"]["ticketsByStatus"]}
    assert metrics["ticketsCreated"]["value"] == 58_251
    assert (statuses["CLOSED"], statuses["OPEN"]) == (54_570, 3_681)
    assert metrics["openTickets"]["value"] == 3_681
    assert metrics["resolutionRate"]["withTarget"] == 43_821
    assert metrics["resolutionRate"]["withinTarget"] == 35_591
    assert metrics["avgResolutionTime"]["count"] == 54_570
    # True elapsed time; the figure of naive wall clocks is 993.543 h: those open over a change of the clock differ.
    assert metrics["avgResolutionTime"]["value"] == pytest.approx(993.598 * HOUR, abs=0.001 * HOUR)
    assert metrics["avgResolutionTime"]["median"] == pytest.approx(22.176 * HOUR, rel=WITHIN)
    assert metrics["avgResolutionTime"]["p90"] == pytest.approx(1899.849 * HOUR, rel=WITHIN)
