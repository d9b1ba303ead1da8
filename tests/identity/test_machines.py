"""API keys: one statement in some seconds, revoked within them, and no lever for strangers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from db import api_keys
from db.access import Role, Viewer
from db.engine import Engine
from db.errors import Unauthenticated, Unavailable
from db.statement import Statement
from schema.machines import KEPT_SECONDS, MAX_UNKNOWN_A_SECOND, Machines
from tests.conftest import VIEWERS, free_port
from tests.identity.parts import Clock

DAY = timedelta(days=1)


@dataclass
class Desk:
    """Machines over a real database, at a clock's instant, and every statement they sent."""

    dsn: str
    machines: Machines
    clock: Clock
    statements: list[Statement] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The clock's instant."""
        return datetime.fromtimestamp(self.clock(), UTC)

    async def new(self, viewer: Viewer = VIEWERS[Role.MANAGER], ttl: timedelta = DAY) -> str:
        """A new key."""
        return await api_keys.create(self.dsn, "nightly", viewer, self.now, ttl)

    async def refusal(self, key: str) -> str:
        """Why a key is refused."""
        with pytest.raises(Unauthenticated) as caught:
            await self.machines.viewer(key)
        assert key.split("_")[2] not in caught.value.message
        return caught.value.message


@asynccontextmanager
async def desk_over(dsn: str) -> AsyncIterator[Desk]:
    """Machines over a database."""
    engine, clock = Engine(dsn), Clock()
    found = Desk(dsn, Machines(engine, clock), clock)
    engine.observers.append(lambda statement, _: found.statements.append(statement))
    try:
        yield found
    finally:
        await engine.close()


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """Machines over a fresh database."""
    async with desk_over(database) as found:
        yield found


def unknown() -> str:
    """A key as they look, that nobody made."""
    return f"dgk_{secrets.token_hex(6)}_{secrets.token_hex(32)}"


@pytest.mark.parametrize("role", list(Role))
async def test_a_key_stands_for_whom_it_was_made(desk: Desk, role: Role) -> None:
    made = VIEWERS[role]
    key = await desk.new(made)

    found = await desk.machines.viewer(key)

    assert found == Viewer(f"key:{key.split('_')[1]}", role, made.agent, made.teams, made.organization)
    (kept,) = await api_keys.listed(desk.dsn)
    assert found.expires_at == kept.expires_at


async def test_what_is_stored_does_not_show_a_key_and_proves_nothing(desk: Desk) -> None:
    key = await desk.new()
    store = await asyncpg.connect(desk.dsn)
    row = await store.fetchrow("SELECT * FROM deskgraph.api_keys")
    await store.close()

    assert row is not None
    secret = key.split("_")[2]
    assert secret not in str(dict(row))
    assert bytes.fromhex(secret) not in row["hash"]
    assert "no such API key" in await desk.refusal(f"dgk_{row['id']}_{row['hash'].hex()}")


async def test_a_wrong_secret_an_unknown_id_and_a_malformed_key_are_refused_alike(desk: Desk) -> None:
    key = await desk.new()
    head, secret = key.rsplit("_", 1)

    told = {
        await desk.refusal(f"{head}_{secret[:-1]}{'0' if secret[-1] != '0' else '1'}"),
        await desk.refusal(unknown()),
    }
    asked = len(desk.statements)
    for malformed in (key[:-1], key + "0", key.upper().replace("DGK", "dgk"), "dgk_a_b", f"dgk__{secret}", key + "\n"):
        told.add(await desk.refusal(malformed))

    assert len(told) == 1
    assert len(desk.statements) == asked == 2


async def test_a_key_costs_one_statement_in_some_seconds_however_often_it_comes(desk: Desk) -> None:
    key = await desk.new()

    for seconds in (0, KEPT_SECONDS - 1, 1):
        desk.clock.now += seconds
        await asyncio.gather(*(desk.machines.viewer(key) for _ in range(50)))

    assert len(desk.statements) == 2


async def test_a_revocation_holds_within_those_seconds(desk: Desk) -> None:
    key = await desk.new()
    await desk.machines.viewer(key)
    assert await api_keys.revoke(desk.dsn, key.split("_")[1], desk.now)

    desk.clock.now += KEPT_SECONDS

    assert "was revoked" in await desk.refusal(key)
    assert "was revoked" in await desk.refusal(key)
    assert len(desk.statements) == 2


async def test_a_key_expires_to_the_second_even_while_it_is_kept(desk: Desk) -> None:
    key = await desk.new(ttl=timedelta(seconds=5))
    desk.clock.now += 4.9
    await desk.machines.viewer(key)

    desk.clock.now += 0.1

    assert "has expired" in await desk.refusal(key)
    assert len(desk.statements) == 1


async def test_a_clock_that_is_set_back_does_not_keep_a_key_for_longer(desk: Desk) -> None:
    key = await desk.new()
    await desk.machines.viewer(key)

    desk.clock.now -= 3600
    await desk.machines.viewer(key)

    assert len(desk.statements) == 2


async def test_strangers_cannot_make_the_database_work_and_known_keys_go_on(desk: Desk) -> None:
    key = await desk.new()
    await desk.machines.viewer(key)
    desk.statements.clear()
    desk.clock.now += KEPT_SECONDS

    found = await asyncio.gather(*(desk.machines.viewer(unknown()) for _ in range(500)), return_exceptions=True)

    assert len(desk.statements) == MAX_UNKNOWN_A_SECOND
    assert {type(one) for one in found} == {Unauthenticated, Unavailable}
    assert (await desk.machines.viewer(key)).role is Role.MANAGER
    assert len(desk.machines._seen) == 1
    assert not desk.machines._looking
    desk.clock.now += 1
    assert "no such API key" in await desk.refusal(unknown())


async def test_a_key_that_was_deleted_is_refused(desk: Desk) -> None:
    key = await desk.new()
    await desk.machines.viewer(key)
    store = await asyncpg.connect(desk.dsn)
    await store.execute("DELETE FROM deskgraph.api_keys")
    await store.close()
    desk.clock.now += KEPT_SECONDS

    assert "no such API key" in await desk.refusal(key)
    assert desk.machines._seen == {}


async def test_a_role_that_this_version_does_not_know_opens_nothing(desk: Desk) -> None:
    key = await desk.new()
    store = await asyncpg.connect(desk.dsn)
    await store.execute("UPDATE deskgraph.api_keys SET role = 'owner'")
    await store.close()

    assert "role" in await desk.refusal(key)


async def test_while_the_database_is_away_a_key_is_not_called_wrong() -> None:
    async with desk_over(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing") as desk:
        with pytest.raises(Unavailable):
            await desk.machines.viewer(unknown())


async def test_a_role_without_rights_on_the_table_can_ask_for_a_key_and_read_no_hash(desk: Desk) -> None:
    """What the function in the migration is for: the server's role may call it, and nothing else."""
    key, name = await desk.new(), f"reader_{secrets.token_hex(4)}"
    store = await asyncpg.connect(desk.dsn)
    try:
        await store.execute(f"CREATE ROLE {name}; GRANT USAGE ON SCHEMA deskgraph TO {name}")
        statement = api_keys.lookup(api_keys.presented(key))  # type: ignore[arg-type]
        await store.execute(f"SET ROLE {name}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await store.fetch(statement.sql, *statement.arguments)
        await store.execute("RESET ROLE")
        await store.execute(f"GRANT EXECUTE ON FUNCTION deskgraph.api_key(text, bytea) TO {name}; SET ROLE {name}")
        (row,) = await store.fetch(statement.sql, *statement.arguments)
        assert "hash" not in dict(row)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await store.fetch("SELECT hash FROM deskgraph.api_keys")
    finally:
        await store.execute(f"RESET ROLE; DROP OWNED BY {name}; DROP ROLE {name}")
        await store.close()
