"""The short way of what is asked again gives what the long way gives, and proves, checks and records as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import orjson
import pytest

from db.access import Role, Viewer
from db.errors import Unauthenticated
from rest_compat import lane
from tests.answers.conftest import PAST, Keeping, report
from tests.rest_compat.desk import MARCH

NAMED: Final = {"X-Request-Id": "mine"}
OWN: Final = ("x-request-id", "server-timing")


@pytest.fixture
def long_way(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests that went the long way, as they come."""
    went: list[str] = []
    inner = lane.Lane._learn

    def learn(self: lane.Lane, request: Any, raw: Any) -> None:
        went.append(request.scope["path"])
        inner(self, request, raw)

    monkeypatch.setattr(lane.Lane, "_learn", learn)
    return went


def headers(answer: httpx.Response) -> list[tuple[str, str]]:
    """All of an answer's headers but those of the request alone, in order."""
    return [(name, value) for name, value in answer.headers.multi_items() if name not in OWN]


async def test_the_second_request_goes_the_short_way_and_gets_the_same(keeping: Keeping, long_way: list[str]) -> None:
    tag = (await keeping.get(report(PAST))).headers["etag"]
    rest = await keeping.rest("summary", **MARCH)

    posted = [await keeping.post(report(PAST)) for _ in range(3)]
    got = [await keeping.get(report(PAST)) for _ in range(3)]
    unchanged = [await keeping.get(report(PAST), If_None_Match=tag) for _ in range(3)]
    asked = [await keeping.rest("summary", NAMED, **MARCH) for _ in range(3)]
    held = [await keeping.rest("summary", {"If-None-Match": rest.headers["etag"]}, **MARCH) for _ in range(3)]

    assert long_way == ["/graphql", rest.url.path, "/graphql"], "the POST is of other bytes than the GET"
    for answers, status in ((posted, 200), (got, 200), (unchanged, 304), (asked, 200), (held, 304)):
        assert {answer.status_code for answer in answers} == {status}
        assert len({answer.content for answer in answers}) == 1
        assert headers(answers[0]) == headers(answers[1]) == headers(answers[2])
    assert {answer.headers["x-request-id"] for answer in asked} == {"mine"}
    assert {answer.headers["server-timing"].rpartition(";")[2] for answer in asked} == {'desc="0 statements"'}
    records = await keeping.desk.records()
    assert len(records) == 17
    assert {record["outcome"] for record in records} == {"OK"}
    assert {record["operation"] for record in records if record["door"] == "rest"} == {"summary"}


async def test_each_request_of_the_short_way_asks_for_the_version_and_a_write_ends_it(
    keeping: Keeping, long_way: list[str]
) -> None:
    for _ in range(3):
        await keeping.post(report(PAST))
    asked, went = keeping.answers.versions.asked, len(long_way)

    await keeping.post(report(PAST))
    assert (keeping.answers.versions.asked, len(long_way)) == (asked + 1, went)

    await keeping.write()
    await keeping.post(report(PAST))
    assert len(long_way) == went + 1
    assert keeping.statements != []


async def test_what_bytes_ask_is_known_but_the_answer_is_of_who_asks(keeping: Keeping, long_way: list[str]) -> None:
    document = "{ viewer { role } }"
    for _ in range(3):
        await keeping.post(document, Role.MANAGER)
    went = len(long_way)

    other = [(await keeping.post(document, Role.ADMIN)).json()["data"]["viewer"]["role"] for _ in range(2)]
    client = await keeping.post(document, Role.CLIENT)
    same = await keeping.post(document, Viewer("somebody else", Role.MANAGER))

    assert other == ["ADMIN", "ADMIN"]
    assert client.status_code == 403
    assert same.json()["data"]["viewer"]["role"] == "MANAGER"
    assert len(long_way) == went + 2


async def test_who_is_refused_is_asked_once_and_recorded_once(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await keeping.post(report(PAST))
    before = len(await keeping.desk.records())
    proofs: list[str | None] = []

    async def refuse(_: Any, authorization: str | None) -> Viewer:
        proofs.append(authorization)
        raise Unauthenticated("No.")

    monkeypatch.setattr(type(keeping.desk.gateway.identity), "viewer", refuse)
    answer = await keeping.post(report(PAST))

    records = await keeping.desk.records()
    assert answer.status_code == 401
    assert len(proofs) == 1
    assert [record["outcome"] for record in records[before:]] == ["UNAUTHENTICATED"]


async def in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    """A body that is sent in parts."""
    for part in parts:
        yield part


@pytest.mark.parametrize("fill", [0, lane._MAX_BODY_BYTES, 2_000_000])
async def test_a_body_in_parts_is_one_body_whatever_its_size(keeping: Keeping, fill: int) -> None:
    body = orjson.dumps({"query": report(PAST), "extensions": {"fill": "x" * fill}})
    sent = {**keeping.bearer(Role.MANAGER), "Content-Type": "application/json"}

    answers = [
        await keeping.desk.request("POST", "/graphql", headers=sent, content=in_parts(body[:50], body[50:]))
        for _ in range(3)
    ]

    assert {answer.status_code for answer in answers} == {413 if fill > 1_000_000 else 200}
    assert len({answer.content for answer in answers}) == 1
