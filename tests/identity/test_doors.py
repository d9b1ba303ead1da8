"""Tokens of a provider and keys of machines, at REST and at GraphQL, as the application is put together."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import create_app
from db import api_keys
from db.access import Role
from schema.machines import KEPT_SECONDS
from settings import Settings
from tests.conftest import ROOT, SECRET, VIEWERS, free_port
from tests.identity.parts import AUDIENCE, ISSUER, ProviderServer, claims, rsa, signed

SUMMARY = "/api/tickets/reports/summary"
WHO = {"query": "{ viewer { role } }"}


@asynccontextmanager
async def doors(dsn: str, **further: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The application, asked in this process."""
    app = create_app(Settings(database_url=dsn, jwt_secret=SECRET, **further))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://desk") as client,
    ):
        yield client


def trusting(provider: ProviderServer) -> dict[str, Any]:
    """The settings that name a provider."""
    return {"jwks_url": provider.url, "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}


async def asked(client: httpx.AsyncClient, token: str | None) -> list[httpx.Response]:
    """The answers of every door."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return [
        await client.get(SUMMARY, headers=headers),
        await client.post(
            f"{SUMMARY.rsplit('/', 1)[0]}/export", json={"report": "summary", "format": "json"}, headers=headers
        ),
        await client.post("/graphql", json=WHO, headers=headers),
        await client.get("/graphql", params=WHO, headers=headers),
    ]


async def test_a_providers_token_opens_every_door(database: str, provider: ProviderServer) -> None:
    async with doors(database, **trusting(provider)) as client:
        for key in provider.keys:
            assert [one.status_code for one in await asked(client, signed(key))] == [200] * 4
        role = await client.post("/graphql", json=WHO, headers={"Authorization": f"Bearer {signed(provider.keys[0])}"})

    assert role.json() == {"data": {"viewer": {"role": "MANAGER"}}}
    assert provider.asked == 1


async def test_claims_are_read_under_the_names_that_are_set(database: str, provider: ProviderServer) -> None:
    names = {"claim_role": "/realm_access/roles", "claim_subject": "email"}
    token = signed(
        provider.keys[0], claims(sub=None, role=None, email="a@b.c", realm_access={"roles": ["x", "analyst"]})
    )

    async with doors(database, **trusting(provider), **names) as client:
        answers = await asked(client, token)

    assert answers[2].json() == {"data": {"viewer": {"role": "ANALYST"}}}


async def test_a_key_opens_every_door_beside_tokens_of_either_kind(database: str, provider: ProviderServer) -> None:
    key = await api_keys.create(database, "n", VIEWERS[Role.MANAGER], datetime.now(UTC), timedelta(days=1))

    for further in ({}, trusting(provider)):
        async with doors(database, **further) as client:
            assert [one.status_code for one in await asked(client, key)] == [200] * 4
    assert provider.asked == 0


async def test_a_keys_role_and_scope_hold_as_a_tokens_do(database: str) -> None:
    now = datetime.now(UTC)
    client_key = await api_keys.create(database, "n", VIEWERS[Role.CLIENT], now, timedelta(days=1))
    agent_key = await api_keys.create(database, "n", VIEWERS[Role.AGENT], now, timedelta(days=1))

    async with doors(database) as client:
        assert [one.status_code for one in await asked(client, client_key)] == [200, 200, 403, 403]
        assert [one.status_code for one in await asked(client, agent_key)] == [200, 403, 200, 200]
        headers = {"Authorization": f"Bearer {client_key}"}
        assert (await client.get(SUMMARY, params={"organization": "O-2"}, headers=headers)).status_code == 403


async def test_what_does_not_hold_is_a_401_that_says_how_to_ask_and_is_not_logged(
    database: str, provider: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    now = datetime.now(UTC)
    expired = await api_keys.create(database, "n", VIEWERS[Role.MANAGER], now - timedelta(2), timedelta(days=1))
    revoked = await api_keys.create(database, "n", VIEWERS[Role.MANAGER], now, timedelta(days=1))
    await api_keys.revoke(database, revoked.split("_")[1], now)
    wrong = revoked[:-4] + "0000"
    bad = [expired, revoked, wrong, "dgk_x", signed(rsa("r")), signed(provider.keys[0], claims(aud="another")), "x"]

    with caplog.at_level(logging.DEBUG):
        async with doors(database, **trusting(provider)) as client:
            for token in bad:
                for answer in await asked(client, token):
                    assert answer.status_code == 401
                    assert answer.headers["www-authenticate"] == 'Bearer realm="deskgraph", error="invalid_token"'
                    assert len(token) < 8 or token not in answer.text
            for answer in await asked(client, None):
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"] == 'Bearer realm="deskgraph"'

    secrets = [part for token in bad for part in (token.split("_")[-1], *token.split(".")) if len(part) > 30]
    assert not any(secret in caplog.text for secret in secrets)


async def test_while_the_provider_is_away_and_no_key_is_known_the_answer_is_503_at_every_door(
    database: str, provider: ProviderServer
) -> None:
    provider.stop()

    async with doors(database, **trusting(provider)) as client:
        answers = await asked(client, signed(provider.keys[0]))

    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert "identity provider does not answer" in answer.text
    assert answers[0].json()["code"] == "UNAVAILABLE"
    assert answers[2].json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


@pytest.mark.slow
async def test_several_workers_know_the_provider_and_the_keys(
    database: str, provider: ProviderServer, tmp_path: Path
) -> None:
    key = await api_keys.create(database, "n", VIEWERS[Role.MANAGER], datetime.now(UTC), timedelta(days=1))
    names = {f"DESKGRAPH_{name.upper()}": value for name, value in trusting(provider).items()}
    port, log = free_port(), tmp_path / "log"
    own = {"DESKGRAPH_DATABASE_URL": database, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_PORT": str(port)}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", "--workers", "2",
            cwd=ROOT, env={**os.environ, **names, **own}, stdout=out, stderr=out,
        )  # fmt: skip

    async def statuses(token: str) -> set[int]:
        """The answers to connections enough to meet both workers."""
        found = set()
        for _ in range(24):
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                found.add(
                    (await client.post("/graphql", json=WHO, headers={"Authorization": f"Bearer {token}"})).status_code
                )
        return found

    try:
        for _ in range(300):
            try:
                assert await statuses(key) == {200}
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        assert await statuses(signed(provider.keys[0])) == {200}
        assert 1 <= provider.asked <= 2  # once a worker

        revoked_at = time.monotonic()
        await api_keys.revoke(database, key.split("_")[1], datetime.now(UTC))
        while await statuses(key) != {401}:
            assert time.monotonic() - revoked_at < KEPT_SECONDS + 5
            await asyncio.sleep(0.5)
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)
    assert key not in log.read_text()
