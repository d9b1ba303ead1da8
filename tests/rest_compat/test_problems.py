"""Every status code of the contract that applies, and the shape of a refusal."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.access import Role
from db.engine import PoolSettings
from db.errors import SetupFault
from rest_compat.problems import Kind, exception_handlers
from rest_compat.routes import PREFIX
from rest_compat.stored import ROUTED
from tests.rest_compat.conftest import EXPORT, Rest, gateway_over
from tests.rest_compat.desk import MARCH, VIEWERS

REPORTS = [report.value for report in ROUTED]


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that a response is, checked for its shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    found: dict[str, Any] = response.json()
    assert (
        {"type", "title", "status", "detail", "code", "instance"}
        <= set(found)
        <= {*("type", "title", "status", "detail", "code", "instance", "errors", "id")}
    )
    assert found["status"] == status
    assert found["instance"] == response.request.url.path
    assert found["type"].startswith("urn:problem-type:deskgraph:")
    return found


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("sent", [None, "", "Basic abc", "Bearer", "Bearer not.a.token"])
async def test_without_a_valid_token_nothing_is_answered(rest: Rest, report: str, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent}
    response = await rest.request("GET", f"{PREFIX}/{report}?unknown=1", headers=headers)

    assert problem(response, 401)["code"] == "UNAUTHENTICATED"
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="deskgraph"')
    assert ("invalid_token" in challenge) == (sent is not None)


async def test_an_export_needs_a_valid_token_before_anything_else(rest: Rest) -> None:
    problem(await rest.request("POST", EXPORT, content=b"x"), 401)


async def test_a_token_that_has_expired_is_told_so(rest: Rest) -> None:
    token = rest.gateway.identity.issue(VIEWERS[Role.MANAGER], timedelta(hours=-1))
    response = await rest.request("GET", f"{PREFIX}/summary", headers={"Authorization": f"Bearer {token}"})

    assert "has expired" in problem(response, 401)["detail"]


@pytest.mark.parametrize("path", ["/api/tickets/reports", "/api/tickets/reports/secrets", "/api/nothing"])
async def test_an_address_that_is_not_there_is_a_404(rest: Rest, path: str) -> None:
    assert problem(await rest.request("GET", path, headers=rest.bearer()), 404)["code"] == "NOT_FOUND"


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_a_report_can_only_be_got(rest: Rest, report: str, method: str) -> None:
    response = await rest.request(method, f"{PREFIX}/{report}")

    assert problem(response, 405)["code"] == "METHOD_NOT_ALLOWED"
    assert response.headers["allow"] == "GET, HEAD"


async def test_an_export_can_only_be_posted(rest: Rest) -> None:
    response = await rest.request("GET", EXPORT, headers=rest.bearer())

    problem(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("accept", ["text/html", "application/xml, text/*;q=0.5", "application/json;q=0", "*/*;q=0"])
async def test_a_client_that_takes_no_json_gets_a_406(rest: Rest, report: str, accept: str) -> None:
    problem(await rest.get(report, headers={"Accept": accept}), 406)


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/*;q=0.1", "text/html, */*;q=0.1", "APPLICATION/JSON", ""]
)
async def test_a_client_that_takes_json_gets_it(rest: Rest, accept: str) -> None:
    assert (await rest.get("summary", headers={"Accept": accept})).status_code == 200


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/json; charset=latin-1", "text/json"])
async def test_a_body_that_is_not_json_is_a_415(rest: Rest, content_type: str | None) -> None:
    headers = {**rest.bearer(), **({"Content-Type": content_type} if content_type else {})}
    response = await rest.request("POST", EXPORT, content=b"{}", headers=headers)

    assert problem(response, 415)["code"] == "UNSUPPORTED_MEDIA_TYPE"


async def test_a_compressed_body_is_a_415(rest: Rest) -> None:
    headers = {**rest.bearer(), "Content-Type": "application/json", "Content-Encoding": "gzip"}
    problem(await rest.request("POST", EXPORT, content=b"{}", headers=headers), 415)


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_body_that_is_too_large_is_a_413(rest: Rest, is_streamed: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    content: Any = pieces() if is_streamed else b" " * (64 * 1024 + 1)
    headers = {**rest.bearer(), "Content-Type": "application/json"}
    problem(await rest.request("POST", EXPORT, content=content, headers=headers), 413)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b"[" * 60_000,
        b'{"report": NaN}',
        b'{"report": "summary", "report": 1}',
    ],
)
async def test_a_body_that_is_no_json_object_is_a_400(rest: Rest, body: bytes) -> None:
    headers = {**rest.bearer(), "Content-Type": "application/json"}
    found = problem(await rest.request("POST", EXPORT, content=body, headers=headers), 400)

    assert "not a JSON object" in found["detail"]


async def test_a_database_that_is_away_is_a_503_that_says_when_to_ask_again() -> None:
    away = Rest(gateway_over("postgresql://deskgraph@127.0.0.1:1/nowhere"))
    for response in (await away.get("summary"), await away.export({"report": "agents", "format": "csv"})):
        assert problem(response, 503)["code"] == "UNAVAILABLE"
        assert int(response.headers["retry-after"]) > 0
        assert "127.0.0.1" not in response.text


async def test_a_statement_over_the_time_limit_is_a_504(desk_dsn: str) -> None:
    slow = Rest(gateway_over(desk_dsn, PoolSettings(statement_timeout_ms=150)))
    other = await asyncpg.connect(desk_dsn)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones IN ACCESS EXCLUSIVE MODE")
            response = await slow.get("summary")
    finally:
        await other.close()
        await slow.gateway.engine.close()

    assert problem(response, 504)["code"] == "TIMEOUT"


@pytest.mark.parametrize("fault", [RuntimeError("SELECT secret FROM /etc/passwd"), SetupFault("at /var/lib/desk")])
async def test_what_is_internal_is_masked_and_the_log_has_it(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Request) -> Response:
        raise fault

    app = Starlette(routes=[Route("/fail", fail)], exception_handlers=exception_handlers())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        with caplog.at_level(logging.ERROR, "deskgraph.errors"):
            response = await client.get("/fail")

    found = problem(response, 500)
    assert found["code"] == "INTERNAL"
    assert found["id"] in found["detail"]
    assert found["id"] in caplog.text
    assert str(fault) in caplog.text
    assert str(fault) not in response.text


async def test_a_problem_of_a_head_request_has_no_body(rest: Rest) -> None:
    response = await rest.request("HEAD", f"{PREFIX}/summary?x=1", headers=rest.bearer())

    assert (response.status_code, response.content) == (400, b"")


async def test_a_problem_carries_the_callers_request_id(rest: Rest) -> None:
    response = await rest.get("summary", {"x": "1"}, headers={"X-Request-Id": "trace-8"})

    assert response.headers["x-request-id"] == "trace-8"


def test_the_table_of_problems_has_every_status_of_the_contract_and_no_type_twice() -> None:
    assert {kind.status for kind in Kind} >= {400, 401, 403, 404, 405, 406, 413, 415, 422, 429, 503, 504}
    assert len({kind.type for kind in Kind}) == len(Kind)
    assert all("Retry-After" in kind.headers for kind in Kind if kind.status in (429, 503))


async def test_no_refusal_depends_on_how_the_query_is_written(rest: Rest) -> None:
    body = json.loads((await rest.get("summary", {**MARCH, "priority": "x"})).text)

    assert body["detail"] == body["errors"][0]["message"]
