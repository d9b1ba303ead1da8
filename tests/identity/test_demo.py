"""The demo's tokens: one a role, the same all day from every process, and never past their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from db.access import Role
from db.errors import SetupFault, Unauthenticated
from rest_compat.demo import PATH, demo_routes
from schema.demo import GOOD_DAYS, VIEWERS, demo_tokens
from schema.identity import Identity
from schema.provider import Provider
from schema.tokens import SharedSecret
from tests.conftest import SECRET
from tests.identity.parts import ISSUER, RULES

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def identity_at(now: datetime) -> Identity:
    return Identity(SharedSecret(SECRET), clock=now.timestamp)


def made(now: datetime) -> list[str]:
    """The tokens that a process with a clock of its own gives."""
    return [one.token for one in demo_tokens(identity_at(now), lambda: now)]


def test_every_role_has_one() -> None:
    assert [one.viewer.role for one in demo_tokens(identity_at(NOON), lambda: NOON)] == list(Role)


def test_all_processes_give_the_same_ones_all_day_and_new_ones_the_next() -> None:
    late = NOON.replace(hour=23, minute=59, second=59)

    assert made(NOON) == made(late) == made(NOON.replace(hour=0))
    assert not set(made(NOON)) & set(made(late + timedelta(seconds=1)))


@pytest.mark.parametrize("hour", [0, 12, 23])
async def test_a_token_is_good_for_its_days_and_expires_when_it_says(hour: int) -> None:
    now = NOON.replace(hour=hour)
    for one in demo_tokens(identity_at(now), lambda: now):
        bearer = f"Bearer {one.token}"

        assert await identity_at(now + timedelta(days=GOOD_DAYS)).viewer(bearer) == one.viewer
        with pytest.raises(Unauthenticated, match="expired"):
            await identity_at(one.expires_at + timedelta(seconds=31)).viewer(bearer)


async def test_the_route_tells_whom_each_stands_for_and_is_never_kept() -> None:
    app = Starlette(routes=[*demo_routes(identity_at(NOON), lambda: NOON)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        answer = await client.get(PATH)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()["tokens"]
    assert [one.pop("token") for one in found] == made(NOON)
    assert found[2] == {
        "role": "team_lead", "sub": "demo-team-lead", "scope": "team billing", "expiresAt": "2026-04-11T00:00:00+00:00",
    }  # fmt: skip
    assert [one["scope"] for one in found] == [
        "everything", "everything", "team billing", "agent A-07", "everything", "organization O-001",
    ]  # fmt: skip
    assert [one["sub"] for one in found] == [viewer.subject for viewer in VIEWERS]


def test_where_a_provider_makes_tokens_the_demo_has_none() -> None:
    with pytest.raises(SetupFault):
        demo_tokens(Identity(Provider("http://127.0.0.1:1/keys", ISSUER, 600), RULES), lambda: NOON)
