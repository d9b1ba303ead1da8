"""The five contract routes over HTTP, on the real server; every parameter and fault in detail: tests/rest_compat."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from tests.conftest import RunningGateway

REPORTS = ("summary", "performance", "agents", "trends")
PREFIX = "/api/tickets/reports"
MARCH = {"since": "2026-03-01", "until": "2026-04-01"}


async def ask(
    gateway: RunningGateway, method: str, path: str, role: str | None = "manager", **sent: Any
) -> httpx.Response:
    headers = {**(gateway.bearer(role) if role else {}), **sent.pop("headers", {})}
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        return await client.request(method, PREFIX + path, headers=headers, **sent)


@pytest.mark.parametrize("report", REPORTS)
async def test_a_report_is_answered_once_and_unchanged_after_that(gateway: RunningGateway, report: str) -> None:
    first = await ask(gateway, "GET", f"/{report}", params=MARCH)
    again = await ask(gateway, "GET", f"/{report}", params=MARCH, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.json()["report"] == report
    assert first.json()[report]
    assert again.content == b""
    assert '"0 statements"' in again.headers["server-timing"]
    assert first.headers["x-request-id"]
    assert "db;dur" in first.headers["server-timing"]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("status", "method", "role", "sent"),
    [
        (400, "GET", "manager", {"params": {"perod": "today"}}),
        (401, "GET", None, {}),
        (403, "GET", "client", {"params": {"organization": "O-002"}}),
        (405, "POST", "manager", {}),
        (406, "GET", "manager", {"headers": {"Accept": "text/html"}}),
        (422, "GET", "manager", {"params": {"since": "2026-03-02", "until": "2026-03-01"}}),
    ],
)
async def test_what_cannot_be_answered_is_a_problem_of_its_status(
    gateway: RunningGateway, report: str, status: int, method: str, role: str | None, sent: dict[str, Any]
) -> None:
    answer = await ask(gateway, method, f"/{report}", role, **sent)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_an_export_is_what_the_screen_shows(gateway: RunningGateway) -> None:
    body = {"report": "agents", "format": "csv", **MARCH}

    exported = await ask(gateway, "POST", "/export", json=body)
    shown = (await ask(gateway, "GET", "/agents", params={**MARCH, "limit": 500})).json()["agents"]["rows"]

    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["Agent id"] for row in rows] == [(one["agent"] or {"id": ""})["id"] for one in shown]
    assert [int(row["Tickets resolved (tickets)"]) for row in rows] == [one["ticketsResolved"] for one in shown]


@pytest.mark.parametrize(
    ("status", "role", "sent"),
    [
        (400, "manager", {"json": {"report": "agents", "format": "docx"}}),
        (401, None, {"json": {"report": "agents", "format": "csv"}}),
        (403, "agent", {"json": {"report": "agents", "format": "csv"}}),
        (413, "manager", {"json": {"report": "agents", "format": "csv", "search": "x" * 70_000}}),
        (
            415,
            "manager",
            {"content": b"report=agents", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        ),
        (422, "manager", {"json": {"report": "agents", "format": "pdf", "since": "2026-03-02", "until": "2026-03-01"}}),
    ],
)
async def test_an_export_that_cannot_be_made_is_a_problem_of_its_status(
    gateway: RunningGateway, status: int, role: str | None, sent: dict[str, Any]
) -> None:
    answer = await ask(gateway, "POST", "/export", role, **sent)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_that_is_none_is_a_404(gateway: RunningGateway) -> None:
    answer = await ask(gateway, "GET", "/everything")

    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"
