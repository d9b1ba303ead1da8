"""The log: a line a request, with what a program looks for; slow statements with their plans; never a value."""

from __future__ import annotations

import asyncio
import json
import logging

import asyncpg
import pytest

from db.access import Role
from operating.logs import FIELDS, JsonLines, TextLines
from tests.operating.conftest import MARCH, REPORTS, Log, holding, operated
from tests.rest_compat.desk import VIEWERS


async def test_a_request_is_one_line_that_says_who_asked_by_a_digest(desk_dsn: str, log: Log) -> None:
    async with operated(desk_dsn) as gateway:
        for role in ("manager", "manager", "analyst"):
            headers = {**gateway.bearer(role), "X-Request-Id": f"of-{role}"}
            await gateway.get(f"{REPORTS}/summary", params=MARCH, headers=headers)
        await gateway.get("/healthz")
        await gateway.get(f"{REPORTS}/summary", headers={"Authorization": "Bearer wrong"})

    first, again, other, refused = log.of("requests")
    assert first["viewer"] == again["viewer"] != other["viewer"]
    told = {
        name: first[name] for name in ("requestId", "door", "operation", "status", "outcome", "role", "kept", "level")
    }
    assert told == {
        "requestId": "of-manager", "door": "rest", "operation": "summary", "status": 200, "outcome": "OK",
        "role": "manager", "kept": False, "level": "info",
    }  # fmt: skip
    assert (again["kept"], again["statements"]) == (True, 0)
    assert (refused["status"], refused["outcome"], "viewer" in refused) == (401, "UNAUTHENTICATED", False)
    subjects = [f'"{one.subject}"' for one in VIEWERS.values()]
    written = "".join(map(json.dumps, (first, again, other, refused)))
    assert not [part for part in ("eyJ", "Bearer", "wrong", *subjects) if part in written]


async def test_a_fault_of_ours_is_logged_under_the_id_that_the_answer_tells(database: str, log: Log) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE deskgraph.rollup_zones RENAME COLUMN first_day TO day")
    await connection.close()

    async with operated(database) as gateway:
        answer = await gateway.report()

    assert answer.status_code == 500, answer.text
    (fault,) = [one for one in log.of("errors") if one["errorId"] == answer.json()["id"]]
    (request,) = log.of("requests")
    assert fault["requestId"] == request["requestId"] == answer.headers["x-request-id"]
    assert "UndefinedColumnError" in str(fault["trace"])
    assert "first_day" not in answer.text
    assert (request["level"], request["outcome"]) == ("warning", "INTERNAL")


async def test_a_slow_statement_is_told_with_its_plan_and_without_a_value(desk_dsn: str, log: Log) -> None:
    asked = {**MARCH, "timezone": "Asia/Kolkata", "tag": "vip", "search": "Svensson", "team": "billing"}

    async with operated(desk_dsn, slow_ms=200, response_cache_mb=0) as gateway:
        async with holding(desk_dsn, "facts"):
            asking = asyncio.create_task(gateway.get(f"{REPORTS}/agents", params=asked, headers=gateway.bearer()))
            await asyncio.sleep(1)
        answer = await asking

    assert answer.status_code == 200, answer.text
    slow = log.of("slow")
    (request,) = log.of("requests")
    planned = [one for one in slow if "plan" in one]
    assert planned
    for one in planned:
        plan = one["plan"]
        assert plan["source"] == "facts"
        assert any("it is not by tag" in refused["why"] for refused in plan["notFrom"])
        assert "not rollup" in str(one["message"])
        assert one["requestId"] == request["requestId"]
        assert "$1" in str(one["sql"])
    written = json.dumps(slow)
    assert not [part for part in ("vip", "Svensson", "billing", "Kolkata") if part in written]


async def test_a_statement_over_the_time_limit_is_told_too(desk_dsn: str, log: Log) -> None:
    given = {"slow_ms": 200, "statement_timeout_ms": 300, "response_cache_mb": 0}

    async with operated(desk_dsn, **given) as gateway, holding(desk_dsn, "facts"):
        answer = await gateway.report("trends", **MARCH, tag="vip")

    assert answer.status_code == 504, answer.text
    assert [one for one in log.of("slow") if "plan" in one]


async def test_nothing_is_slow_where_that_is_off(desk_dsn: str, log: Log) -> None:
    async with operated(desk_dsn, slow_ms=0) as gateway:
        await gateway.report()

    assert log.of("slow") == []


def record(**further: object) -> logging.LogRecord:
    """A record with fields."""
    found = logging.LogRecord("deskgraph.x", logging.WARNING, "x.py", 1, "%s of %s\nlines", (1, "two"), None)
    found.__dict__[FIELDS] = further
    return found


def test_a_line_of_json_is_one_line_and_one_of_text_is_for_people() -> None:
    text, line = TextLines().format(record(requestId="r-1")), JsonLines().format(record(requestId="r-1", ms=1.5))

    assert "\n" not in line
    assert json.loads(line) | {"at": ""} == {
        "at": "", "level": "warning", "logger": "deskgraph.x", "message": "1 of two\nlines", "requestId": "r-1",
        "ms": 1.5,
    }  # fmt: skip
    assert text.endswith("warning 1 of two\nlines [r-1]")


@pytest.mark.parametrize("role", Role)
def test_who_a_digest_stands_for_cannot_be_read_from_it(role: Role) -> None:
    from operating.request_log import RequestLog

    viewer = VIEWERS[role]
    one, other = RequestLog(b"one key"), RequestLog(b"another")

    digests = [log._digest(viewer.issuer, viewer.subject) for log in (one, one, other)]

    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 16
