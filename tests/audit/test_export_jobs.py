"""Exports that workers make are recorded like those at once: each order, look and download, and the making."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from db.access import Role
from db.audit.record import AuditMode
from resolvers.export_queue import Queue
from rest_compat.export.ordering import ordered
from rest_compat.export.working import work
from schema.exporting import JOBS, Exporting
from tests.audit.conftest import Desk, desk_over
from tests.rest_compat.desk import MARCH

HOUR = timedelta(hours=1)
ORDER = {"report": "agents", "format": "csv", **MARCH, "search": "Ada Lovelace"}
CREATE = "mutation Create($order: JSON!) { createExport(order: $order) { id } }"


async def test_each_door_and_the_making_are_recorded_durably(desk: Desk) -> None:
    async with desk_over(desk.dsn, AuditMode.REQUIRED) as strict:
        asking = replace(strict, gateway=replace(strict.gateway, exporting=Exporting(ordered, 1000, HOUR)))
        job = (await asking.request("POST", "/api/tickets/reports/export", json=ORDER,
                                    headers={"Prefer": "respond-async"})).json()  # fmt: skip
        await asking.graphql(CREATE, order=ORDER)
        working = asyncio.create_task(work(asking.gateway, Queue(asking.gateway.engine, 1, HOUR)))
        for _ in range(600):
            if (await asking.request("GET", f"{JOBS}/{job['id']}")).json()["state"] == "done":
                break
            await asyncio.sleep(0.1)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await asking.request("GET", f"{JOBS}/{job['id']}/result")
        await asking.request("GET", f"{JOBS}/{job['id']}/result", Role.ADMIN)
        await asking.request("DELETE", f"{JOBS}/{job['id']}", Role.AGENT)
        records = await asking.durable()

    # What the worker had at hand when it was told to end is recorded when it ends, between the others or after them.
    records = [one for one in records if one["outcome"] != "CANCELLED"]
    told = [(one["door"], one["operation"], one["outcome"], one["subject"]) for one in records]
    assert told[:2] == [("export", "agents.csv", "OK", "mia"), ("graphql", "Create", "OK", "mia")]
    assert told[-3:] == [
        ("export", "result", "OK", "mia"),
        ("export", "result", "NOT_FOUND", "root"),
        ("export", "cancel", "FORBIDDEN", "ada"),
    ]
    (made,) = [one for one in records[2:] if one["operation"] == "agents.csv" and one["variables"].get("first")][:1]
    assert (made["outcome"], made["subject"], made["role"]) == ("OK", "mia", "manager")
    assert made["document_hash"]
    assert {one["operation"] for one in records[2:-3]} == {"agents.csv"}  # looking at a job is no export
    assert "Ada Lovelace" not in repr(records)
