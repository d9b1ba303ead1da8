"""Readiness is what a request would meet, and says why not."""

from __future__ import annotations

import asyncpg

from db.access import Role
from db.engine import Engine, PoolSettings
from operating.health import readiness
from tests.operating.conftest import operated
from tests.rest_compat.desk import VIEWERS


async def test_a_gateway_that_can_answer_is_ready(desk_dsn: str) -> None:
    async with operated(desk_dsn) as gateway:
        alive, ready = await gateway.get("/healthz"), await gateway.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "checks": {"pool": "ok", "database": "ok", "migrations": "ok"}}
    assert ready.headers["cache-control"] == "no-store"


async def test_a_database_at_another_migration_is_told(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE deskgraph.alembic_version SET version_num = '0001'")
    await connection.close()

    async with operated(database) as gateway:
        alive, ready = await gateway.get("/healthz"), await gateway.get("/readyz")

    told = ready.json()
    assert (alive.status_code, ready.status_code, ready.headers["retry-after"]) == (200, 503, "5")
    assert (told["status"], list(told["checks"])) == ("not ready", ["pool", "database", "migrations"])
    assert "deskgraph migrate" in told["reason"] == told["checks"]["migrations"]


async def test_a_database_that_is_away_is_told_and_its_address_is_not() -> None:
    async with operated("postgresql://nobody:secret@127.0.0.1:1/none") as gateway:
        ready = await gateway.get("/readyz")

    assert (ready.status_code, list(ready.json()["checks"])) == (503, ["pool", "database"])
    assert not [part for part in ("127.0.0.1", "secret", "nobody") if part in ready.text]


async def test_a_pool_without_room_is_told_as_such_and_is_ready_once_there_is(desk_dsn: str) -> None:
    engine = Engine(desk_dsn, PoolSettings(connections=1))
    try:
        async with engine.snapshot(VIEWERS[Role.MANAGER].scope):
            busy = await readiness(engine)
            held = engine.pool
        again = await readiness(engine)
    finally:
        await engine.close()

    assert busy.reason
    assert "All 1 connections of the pool are busy" in busy.reason
    assert busy.checks == {"pool": busy.reason}
    assert (held.size, held.free, held.waiting) == (1, 0, 0)
    assert again.reason is None
