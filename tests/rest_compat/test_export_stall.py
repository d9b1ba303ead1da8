"""A client that neither takes more of a file nor goes away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from db.access import Role
from rest_compat.export import route
from rest_compat.export.body import order_of
from rest_compat.export.making import content_of
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import VIEWERS


async def test_it_is_left_and_its_connection_goes_back(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "STALLED_SECONDS", 0.2)
    order = order_of(b'{"report": "tickets", "format": "csv", "since": "2026-03-01", "until": "2026-04-01"}')
    content = await content_of(rest.gateway, rest.gateway.context(VIEWERS[Role.MANAGER]), order)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == 3:  # the start, the headings, the first rows
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    response = route.FileResponse(order, content, order.format.write(content, order.options))
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(response(scope, receive, send), 10)

    pool = rest.gateway.engine._pool
    assert pool is not None
    assert pool.get_idle_size() == pool.get_size()
