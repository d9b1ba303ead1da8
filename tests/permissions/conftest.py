"""The small desk, asked in the language and by REST."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from rest_compat.export.ordering import ordered
from schema.exporting import Exporting
from tests.conftest import Asking, asking, new_database
from tests.rest_compat.conftest import Rest, gateway_over
from tests.rest_compat.desk import NOW

FOLLOWED: Final = """
    WITH run AS (INSERT INTO deskgraph.import_runs (started_at, finished_at, state, source, fingerprint, rows_read,
        rows_new, rows_changed, rows_unchanged, rows_rejected)
        VALUES (now(), now(), 'finished', 'shop', 'none', 0, 0, 0, 0, 0) RETURNING id)
    INSERT INTO deskgraph.sync_sources (name, kind, state, run_id, stale_after_seconds, failures, rejects, rows_new,
        rows_changed, tickets_deleted)
    SELECT 'shop', 'postgresql', 'following', id, 60, 0, 0, 0, 0, 0 FROM run
"""
"""A live source: its fields can be asked for only where there is one."""


@pytest.fixture(scope="session")
async def desk(server: str, filled: str) -> AsyncIterator[Asking]:
    """Asks the small desk, which follows a source, in the language."""
    async with new_database(server, template=filled) as dsn:
        session = await asyncpg.connect(dsn)
        await session.execute(FOLLOWED)
        await session.close()
        async with asking(dsn, NOW) as found:
            exporting = Exporting(ordered, 1000, timedelta(hours=1))
            yield replace(found, gateway=replace(found.gateway, exporting=exporting))


@pytest.fixture(scope="session")
async def rest(desk_dsn: str) -> AsyncIterator[Rest]:
    """Asks the small desk by REST."""
    gateway = gateway_over(desk_dsn)
    yield Rest(gateway)
    await gateway.engine.close()
