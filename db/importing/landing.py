"""Rows by COPY into the store's tables, also behind row-level security, where PostgreSQL itself takes no COPY."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from db.importing.session import Session

_IS_WALLED: Final = "SELECT row_security_active($1::text::regclass)"


@asynccontextmanager
async def landing(session: Session, table: str, columns: Sequence[str]) -> AsyncIterator[str]:
    """The table to copy rows into, in a transaction: the store's own, or one from which they go there at the end."""
    if not await session.fetchval(_IS_WALLED, table):
        yield table
        return
    waiting, names = f"landing_{table}", ", ".join(columns)
    empty = f"SELECT {names} FROM {table} WITH NO DATA"
    await session.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {waiting} AS {empty}; TRUNCATE {waiting}")
    yield waiting
    await session.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {waiting}; TRUNCATE {waiting}")
