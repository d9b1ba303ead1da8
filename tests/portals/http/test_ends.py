"""Where a list or an export of an API ends: never because something is missing in an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.errors import Unavailable
from db.sync.freshdesk import reading
from db.sync.freshdesk.reading import FreshdeskSource
from db.sync.zendesk.reading import ZendeskSource
from tests.portals.freshdesk import protocol as freshdesk
from tests.portals.http.desk import over
from tests.portals.http.server import Clock, Handler, Server
from tests.portals.zendesk import protocol as zendesk

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def zendesk_server() -> Server:
    return Server(Clock(AT), zendesk.AUTHORIZATION)


def items(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": str(number)} for number in numbers]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, None),
        ({"next_page": None}, None),
        ({"meta": {"has_more": False, "after_cursor": "x"}, "next_page": "https://x"}, None),
        ({"next_page": "https://elsewhere.example/?page=2"}, "has more brands, and gives no new cursor"),
        ({"meta": {"has_more": True, "after_cursor": None}}, "has more brands, and gives no new cursor"),
        ({"meta": {"has_more": True, "after_cursor": "same"}}, "has more brands, and gives no new cursor"),
    ],
)
async def test_a_list_ends_where_it_says_so(said: dict[str, Any], fault: str | None, tmp_path: Path) -> None:
    further = (f'email = "{zendesk.EMAIL}"', 'category = "brand_id"')
    handlers: dict[str, Handler] = {"/api/v2/brands.json": lambda _: {"brands": items(1, 2), **said}}
    async with over(tmp_path, "zendesk", zendesk_server(), handlers, *further) as source:
        assert isinstance(source, ZendeskSource)
        if fault is None:
            assert len((await source._categories()).rows) == 2
        else:
            with pytest.raises(Unavailable, match=fault):
                await source._categories()


@pytest.mark.parametrize("said", [{}, {"end_time": 1}, {"end_time": 1, "end_of_stream": False}])
async def test_an_export_that_does_not_say_where_it_goes_on_has_not_ended(said: dict[str, Any], tmp_path: Path) -> None:
    path = "/api/v2/incremental/organizations.json"
    handlers: dict[str, Handler] = {path: lambda _: {"organizations": items(1), **said}}
    async with over(tmp_path, "zendesk", zendesk_server(), handlers, f'email = "{zendesk.EMAIL}"') as source:
        assert isinstance(source, ZendeskSource)
        with pytest.raises(Unavailable, match="does not say where its export of organizations goes on"):
            _ = [page async for page in source._organizations(1)]


async def test_a_ticket_that_does_not_say_when_it_changed_hides_none_behind_it(tmp_path: Path) -> None:
    handlers: dict[str, Handler] = {"/api/v2/tickets": lambda _: [{"id": 7, "updated_at": "yesterday"}]}
    async with over(tmp_path, "freshdesk", Server(Clock(AT), freshdesk.AUTHORIZATION), handlers) as source:
        assert isinstance(source, FreshdeskSource)
        with pytest.raises(Unavailable, match="ticket 7 does not say when it was changed"):
            _ = [chunk async for chunk in source._tickets(source.start(None, {"tickets": AT.isoformat()}), "tickets")]


async def test_more_tickets_of_one_second_than_a_list_has_pages_for_end_the_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PAGES", 3)
    page = [{"id": number, "updated_at": "2026-09-01T00:00:00Z"} for number in range(100)]
    handlers: dict[str, Handler] = {"/api/v2/tickets": lambda _: page}
    server = Server(Clock(AT), freshdesk.AUTHORIZATION)
    async with over(tmp_path, "freshdesk", server, handlers) as source:
        assert isinstance(source, FreshdeskSource)
        begun = source.start(None, {"tickets": "2026-09-01T00:00:00+00:00"})
        with pytest.raises(Unavailable, match="more tickets of one second than can be listed"):
            _ = [chunk async for chunk in source._tickets(begun, "tickets")]

    assert server.requests == 3
