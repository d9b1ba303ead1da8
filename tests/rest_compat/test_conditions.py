"""Entity tags: the same while nothing changed, another as soon as anything did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from db.access import Role
from tests.rest_compat.conftest import Rest, gateway_over
from tests.rest_compat.desk import MARCH, NOW

REPORTS = ["summary", "performance", "agents", "trends"]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', '"a","b" , W/{0}', "*"])
async def test_an_answer_that_still_holds_is_not_sent_again(rest: Rest, report: str, form: str) -> None:
    tag = (await rest.get(report)).headers["etag"]

    response = await rest.get(report, headers={"If-None-Match": form.format(tag)})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == tag
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["vary"] == "Authorization"


async def test_a_tag_of_something_else_gets_the_whole_answer(rest: Rest) -> None:
    for sent in ('"other"', "other", '""', "W/*"):
        assert (await rest.get("summary", headers={"If-None-Match": sent})).status_code == 200


async def test_deciding_by_a_tag_takes_one_statement(rest: Rest) -> None:
    tag = (await rest.get("agents")).headers["etag"]

    response = await rest.get("agents", headers={"If-None-Match": tag})

    assert '"1 statements"' in response.headers["server-timing"]


async def test_the_tag_is_strong_and_the_same_for_every_way_of_writing_one_request(rest: Rest) -> None:
    written = [
        [("since", "2026-03-01"), ("until", "2026-04-01"), ("tag", "vip")],
        [("tag", "vip"), ("tag", "vip"), ("until", "2026-04-01"), ("since", "2026-03-01"), ("timezone", "UTC")],
        [*MARCH.items(), ("tag", "vip"), ("compareTo", "none"), ("clock", "calendar")],
    ]
    tags = {(await rest.get("summary", one)).headers["etag"] for one in written}

    assert len(tags) == 1
    assert tags.pop().startswith('"')


async def test_the_tag_differs_by_report_parameters_and_viewer(rest: Rest) -> None:
    tags = [(await rest.get(report)).headers["etag"] for report in REPORTS]
    tags += [(await rest.get("summary", role=role)).headers["etag"] for role in Role if role is not Role.MANAGER]
    for further in (
        {"timezone": "Europe/Berlin"},
        {"compareTo": "previous_year"},
        {"clock": "business"},
        {"tag": "vip"},
    ):
        tags.append((await rest.get("summary", {**MARCH, **further})).headers["etag"])

    assert len(set(tags)) == len(tags)


async def test_a_period_that_is_over_keeps_its_tag_as_time_goes_by(rest: Rest) -> None:
    later = Rest(replace(rest.gateway, clock=lambda: NOW + timedelta(hours=7)))

    assert (await later.get("summary")).headers["etag"] == (await rest.get("summary")).headers["etag"]


async def test_a_period_that_runs_has_another_tag_at_every_instant_unless_its_answer_is_kept(rest: Rest) -> None:
    asked = {"period": "last_7_days"}
    now = (await rest.get("summary", asked)).headers["etag"]
    soon = Rest(replace(rest.gateway, clock=lambda: NOW + timedelta(milliseconds=1)))

    assert (await rest.get("summary", asked)).headers["etag"] == now
    assert (await soon.get("summary", asked, headers={"If-None-Match": now})).status_code == 200


@pytest.fixture
async def own_desk(desk_database: str) -> AsyncIterator[Rest]:
    """The routes over a desk of the test's own."""
    gateway = gateway_over(desk_database)
    yield Rest(gateway)
    await gateway.engine.close()


async def test_a_write_ends_the_tag(own_desk: Rest) -> None:
    before = await own_desk.get("performance")

    writer = await asyncpg.connect(own_desk.gateway.engine.dsn)
    await writer.execute("UPDATE deskgraph.data_version SET version = version + 1")
    await writer.close()
    after = await own_desk.get("performance", headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


async def test_a_tag_tells_a_viewer_without_the_capability_nothing(rest: Rest) -> None:
    response = await rest.get("agents", role=Role.CLIENT, headers={"If-None-Match": "*"})

    assert response.status_code == 403
