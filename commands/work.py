"""`deskgraph work`: makes what waits to be made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

import settings as configuration
from commands.ending import until_told
from settings import Settings

_STATEMENT_TIMEOUT_MS: Final = 600_000
"""Nobody waits for what is made here; who does not want it any more cancels it."""


@click.command()
@click.option("--beside", is_flag=True, hidden=True, help="End with whoever started it: when standard input does.")
def work(beside: bool) -> None:
    """Make exports that wait, and deliver reports that are due, until it is told to end.

    `deskgraph serve` starts one of these beside itself (DESKGRAPH_EXPORT_WORKERS); more may run, on any machine. One
    that is told to end lets the export at hand wait for another.
    """
    settings = configuration.load()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s: %(name)s: %(message)s")
    with _serving(settings) as dsn:
        asyncio.run(until_told(_work(dsn, settings), beside=beside))


@contextmanager
def _serving(settings: Settings) -> Iterator[str]:
    """The DSN that a server would read with."""
    if not settings.embeds:
        yield settings.serving_url
        return
    from db import embedded

    with embedded.borrow(settings.data_dir) as running:
        yield running.server.dsn


async def _work(dsn: str, settings: Settings) -> None:
    from datetime import timedelta

    from app import destinations_of, gateway_of, mailbox_of, utc_now
    from db.audit.log import AuditLog
    from db.audit.store import AuditStore
    from db.engine import Engine, PoolSettings
    from db.revision import check
    from resolvers.delivery_queue import DeliveryQueue
    from resolvers.export_queue import Queue
    from rest_compat.export.delivering import Delivering, deliver
    from rest_compat.export.working import work as make_what_waits

    timeout = max(settings.statement_timeout_ms, _STATEMENT_TIMEOUT_MS)
    engine = Engine(dsn, PoolSettings(statement_timeout_ms=timeout, walls=settings.database_walls))
    audit_log = AuditLog(AuditStore(dsn, walls=settings.database_walls))
    try:
        await check(engine)
        gateway = gateway_of(settings, utc_now, engine, audit_log)
        exports = Queue(engine, settings.export_jobs_a_viewer, timedelta(hours=settings.export_keep_hours))
        due = DeliveryQueue(engine, timedelta(days=settings.schedule_trust_days))
        destinations = destinations_of(settings)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(deliver(Delivering(gateway, due, destinations, mailbox_of(settings), utc_now)))
            tasks.create_task(make_what_waits(gateway, exports))
    finally:
        await audit_log.close()
        await engine.close()
