"""Logins that may do one thing, as docs/ says to make them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from db.walls import INTAKE


@asynccontextmanager
async def login_of(owner: str, *roles: str) -> AsyncIterator[str]:
    """The DSN of a login that may take on some roles, and by itself may do nothing."""
    name, password = f"test_{secrets.token_hex(6)}", secrets.token_hex(16)
    connection = await asyncpg.connect(owner)
    await connection.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{password}'")
    for role in roles:
        await connection.execute(f"GRANT {role} TO {name}")
    parts = urlsplit(owner)
    try:
        yield urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.netloc.rpartition('@')[2]}"))
    finally:
        await connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
        await connection.close()


def intake_login(owner: str) -> AbstractAsyncContextManager[str]:
    """The login that writes what portals send (docs/sources/push.md)."""
    return login_of(owner, INTAKE)
