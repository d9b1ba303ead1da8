"""`deskgraph serve` follows its sources beside itself, and tells how old the data is: all of it to who operates it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import RunningGateway, serving
from tests.db.sync.portal import BEGAN, desk

OPEN = "{ sources { asOf lagSeconds isStale state } }"
CREATED = """
{ report(period: {since: "2025-03-01", until: "2025-04-01"}) { metrics { ticketsCreated { value } } } }
"""
OWN = "{ sources { name kind state rejects error } }"


async def asked(gateway: RunningGateway, role: str, document: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(role), timeout=60) as client:
        answer: dict[str, Any] = (await client.post("/graphql", json={"query": document})).json()
        return answer


async def until_followed(gateway: RunningGateway) -> list[dict[str, Any]]:
    for _ in range(600):
        found: list[dict[str, Any]] = (await asked(gateway, "manager", OPEN))["data"]["sources"]
        if found and found[0]["asOf"]:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("the source is not followed")


async def test_a_server_follows_its_sources_and_tells_how_old_the_data_is(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(server, tmp_path, monkeypatch) as portal:
        await portal.fill(3)
        await portal.portal.execute("UPDATE cases SET state = 'X' WHERE no = 1")
        async with serving(database, tmp_path / "log", DESKGRAPH_SYNC_SOURCES=str(portal.path)) as gateway:
            (found,) = await until_followed(gateway)
            assert (found["state"], found["isStale"]) == ("FOLLOWING", False)
            assert 0 <= found["lagSeconds"] < 60

            (told,) = (await asked(gateway, "admin", OWN))["data"]["sources"]
            assert (told["name"], told["kind"], told["error"]) == ("desk", "postgresql", None)
            assert told["rejects"] >= 1
            refused = await asked(gateway, "manager", OWN)
            assert refused["data"]["sources"] == [
                {"name": None, "kind": None, "state": "FOLLOWING", "rejects": None, "error": None}
            ]
            assert {error["extensions"]["code"] for error in refused["errors"]} == {"FORBIDDEN"}

            await portal.portal.execute("INSERT INTO cases (opened, state) VALUES ($1, 'N')", BEGAN)
            for _ in range(600):
                report = (await asked(gateway, "manager", CREATED))["data"]["report"]
                if report["metrics"]["ticketsCreated"]["value"] == 3:
                    break
                await asyncio.sleep(0.1)
            else:
                raise AssertionError("the new case is in no report")

            async with httpx.AsyncClient(base_url=gateway.url) as client:
                metrics = (await client.get("/metrics")).text
            assert 'deskgraph_source_stale{source="desk"} 0.0' in metrics
            assert 'deskgraph_source_lag_seconds{source="desk"}' in metrics
