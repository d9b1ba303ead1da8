"""The GraphQL door over HTTP, on the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import orjson
import pytest

from db.access import Role
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import VIEWERS, RunningGateway

VIEWER = {"query": "{ viewer { role } }"}
OPEN = {"query": '{ report(period: {since: "2026-03-01", until: "2026-04-01"}) { summary { openTickets { value } } } }'}


async def post(gateway: RunningGateway, body: object, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        return await client.post("/graphql", json=body, headers=headers or gateway.bearer())


async def test_a_query_with_a_token_is_answered(gateway: RunningGateway) -> None:
    answer = await post(gateway, VIEWER)

    assert answer.status_code == 200
    assert answer.json() == {"data": {"viewer": {"role": "MANAGER"}}}
    assert answer.headers["x-request-id"]


async def test_no_number_leaves_without_a_token(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answers = [
            await client.post("/graphql", json=OPEN),
            await client.get("/graphql", params=OPEN),
            await client.get("/api/tickets/reports/summary"),
            await client.post("/api/tickets/reports/export", json={"report": "summary", "format": "csv"}),
        ]

    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "openTickets" not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        "Bearer nonsense",
        "Basic bTpt",
        "Bearer",
        # {"alg": "none"} . {"sub": "m", "role": "admin", "exp": 9999999999} .
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtIiwicm9sZSI6ImFkbWluIiwiZXhwIjo5OTk5OTk5OTk5fQ.",
    ],
)
async def test_a_token_that_does_not_hold_is_refused(gateway: RunningGateway, header: str) -> None:
    answer = await post(gateway, OPEN, Authorization=header)

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_token_of_another_secret_and_an_expired_one_are_refused(gateway: RunningGateway) -> None:
    other = Identity(SharedSecret("another secret, also of 32 bytes or so")).issue(
        VIEWERS[Role.ADMIN], timedelta(hours=1)
    )
    expired = gateway.identity.issue(VIEWERS[Role.ADMIN], timedelta(hours=-1))

    for token in (other, expired):
        answer = await post(gateway, OPEN, Authorization=f"Bearer {token}")

        assert answer.status_code == 401


async def test_a_client_may_not_run_documents_of_its_own(gateway: RunningGateway) -> None:
    answer = await post(gateway, OPEN, **gateway.bearer("client"))

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_get_request_answers_a_query(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.get("/graphql", params=VIEWER, headers=gateway.bearer())

    assert answer.status_code == 200
    assert answer.json() == {"data": {"viewer": {"role": "MANAGER"}}}


async def test_a_body_that_is_no_json_is_a_400_that_says_so(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.post(
            "/graphql", content=b"{", headers={**gateway.bearer(), "Content-Type": "application/json"}
        )

    assert answer.status_code == 400
    assert "JSON" in answer.json()["errors"][0]["message"]


async def test_a_body_that_is_not_sent_as_json_is_a_415(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.post(
            "/graphql",
            content=b'{"query": "{ viewer { role } }"}',
            headers={**gateway.bearer(), "Content-Type": "text/plain"},
        )

    assert answer.status_code == 415
    assert "application/json" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_a_405(gateway: RunningGateway, method: str) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.request(method, "/graphql", headers=gateway.bearer())

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


async def sent(gateway: RunningGateway, content: bytes, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        return await client.post("/graphql", content=content, headers={**gateway.bearer(), **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "text/plain; x=application/json"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": ""},
    ],
)
async def test_what_a_page_can_send_without_a_preflight_is_a_415(
    gateway: RunningGateway, headers: dict[str, str]
) -> None:
    answer = await sent(gateway, orjson.dumps(VIEWER), **headers)

    assert answer.status_code == 415
    assert answer.headers["accept-post"] == "application/json"


JSON, GRAPHQL = "application/json", "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL}, */*", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
    ],
)
async def test_an_answer_comes_in_the_media_type_that_is_liked_best(
    gateway: RunningGateway, accept: str, media_type: str
) -> None:
    asked = [OPEN, OPEN, {"query": "{"}, {"query": "{ viewer }"}, {"query": "query ($a: Int!) { viewer { role } }"}]

    answers = [await post(gateway, body, **gateway.bearer(), Accept=accept) for body in asked]

    refused = 400 if media_type == GRAPHQL else 200
    assert [answer.status_code for answer in answers] == [200, 200, refused, refused, refused]
    assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {media_type}
    assert answers[0].content == answers[1].content
    assert all("data" not in answer.json() and answer.json()["errors"] for answer in answers[2:])


async def test_the_two_media_types_have_tags_of_their_own(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer()) as client:
        tags = {
            (await client.get("/graphql", params=OPEN, headers={"Accept": accept})).headers["etag"]
            for accept in (JSON, GRAPHQL, JSON, GRAPHQL)
        }

    assert len(tags) == 2


async def test_who_takes_neither_media_type_gets_a_406(gateway: RunningGateway) -> None:
    answer = await post(gateway, OPEN, **gateway.bearer(), Accept="text/csv, application/xml")

    assert answer.status_code == 406
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_mutation_by_get_is_a_405_and_changes_nothing(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer()) as client:
        answer = await client.get("/graphql", params={"query": 'mutation { deleteSavedReport(id: "1") }'})

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_a_batch_of_operations_is_refused_and_told(gateway: RunningGateway) -> None:
    answer = await post(gateway, [VIEWER, VIEWER])

    assert answer.status_code == 400
    assert "in a request of its own" in answer.json()["errors"][0]["message"]


async def test_a_body_over_the_limit_is_a_413(gateway: RunningGateway) -> None:
    answer = await post(gateway, {"query": "{ viewer { role } }" + " " * 1_100_000})

    assert answer.status_code == 413


async def test_a_body_that_does_not_tell_its_length_is_bounded_too(gateway: RunningGateway) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 100_000

    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.post(
            "/graphql", content=chunks(), headers={**gateway.bearer(), "Content-Type": "application/json"}
        )

    assert answer.status_code == 413


async def test_an_unknown_field_is_named(gateway: RunningGateway) -> None:
    answer = await post(gateway, {"query": "{ report { numbers } }"})

    codes = {error["extensions"]["code"] for error in answer.json()["errors"]}
    assert codes == {"BAD_USER_INPUT"}
    assert "numbers" in answer.text


async def test_a_document_of_too_many_tokens_is_refused(gateway: RunningGateway) -> None:
    answer = await post(gateway, {"query": "{" + "viewer { role } " * 3_000 + "}"})

    assert answer.json()["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_input_that_cannot_be_used_says_which_and_what_is_allowed(gateway: RunningGateway) -> None:
    answer = await post(
        gateway,
        {"query": '{ report(period: {preset: TODAY}, timezone: "+02:00") { summary { openTickets { value } } } }'},
    )

    error = answer.json()["errors"][0]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "fault": "BadInput", "parameter": "timezone"}
    assert "Europe/Berlin" in error["message"]


async def test_a_browser_gets_the_editor_and_a_program_does_not(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        page = await client.get("/graphql", headers={"Accept": "text/html"})
        program = await client.get("/graphql", headers={"Accept": "application/json"})

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert program.status_code == 401


async def test_an_incoming_request_id_is_sent_back_and_a_wild_one_is_not(gateway: RunningGateway) -> None:
    sane = await post(gateway, VIEWER, **gateway.bearer(), **{"X-Request-Id": "abc-1"})
    wild = await post(gateway, VIEWER, **gateway.bearer(), **{"X-Request-Id": "a b<script>"})

    assert sane.headers["x-request-id"] == "abc-1"
    assert "<" not in wild.headers["x-request-id"]


async def test_the_server_says_that_it_lives_and_is_ready(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json()["status"] == "ok"
