"""A document is parsed and validated once, however often and by whatever door it comes; an answer is orjson's alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NoReturn

import httpx
import pytest
import strawberry.schema.schema as strawberry_schema
from starlette.applications import Starlette
from starlette.routing import Route

from rest_compat.graphql_view import GraphQLView
from schema import reading
from tests.conftest import MANAGER
from tests.rest_compat.conftest import gateway_over

DOCUMENT = "query Mine($all: Boolean = true) { viewer { role @include(if: $all) } metricCatalog { name } }"
NOBODY_ASKS = gateway_over("postgresql://nobody@127.0.0.1:1/none")
"""Neither field of the document reads the database."""
TOKEN = NOBODY_ASKS.identity.issue(MANAGER, timedelta(hours=1))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often graphql-core parsed and validated; the caches are new."""
    counted: Counter[str] = Counter()

    def counting(module: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(module, name)

        def call(*arguments: Any, **further: Any) -> Any:
            counted[name] += 1
            return original(*arguments, **further)

        monkeypatch.setattr(module, name, call)

    reading.read.cache_clear()
    for module, name in ((reading, "parse"), (strawberry_schema, "parse"), (strawberry_schema, "validate")):
        counting(module, name)
    yield counted
    monkeypatch.undo()
    reading.read.cache_clear()


async def post(body: Any) -> httpx.Response:
    """The answer of the HTTP door."""
    app = Starlette(routes=[Route("/graphql", GraphQLView(NOBODY_ASKS), methods=None)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        return await client.post("/graphql", content=body, headers=headers)


async def test_a_document_is_parsed_and_validated_once_whoever_asks_with_whatever_variables(
    calls: Counter[str],
) -> None:
    for chosen in (True, False):
        result = await NOBODY_ASKS.execute(f"# caches\n{DOCUMENT}", {"all": chosen}, NOBODY_ASKS.context(MANAGER))
        assert result.errors is None

    assert calls == {"parse": 1, "validate": 1}


async def test_a_document_is_parsed_and_validated_once_over_http(calls: Counter[str]) -> None:
    answers = [await post(json.dumps({"query": f"# HTTP\n{DOCUMENT}"})) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert calls == {"parse": 1, "validate": 1}


async def test_an_invalid_document_is_not_validated_again_either(calls: Counter[str]) -> None:
    answers = [await post(json.dumps({"query": "# invalid\n{ nope }"})) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert calls == {"parse": 1, "validate": 1}


@pytest.mark.parametrize("query", [DOCUMENT, "{ nope }"])
async def test_an_answer_is_written_by_orjson_alone(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    body = json.dumps({"query": query})

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("the standard library's json wrote something")

    with monkeypatch.context() as patched:
        patched.setattr(json, "dumps", refuse)
        patched.setattr(json, "dump", refuse)
        patched.setattr(json.JSONEncoder, "encode", refuse)
        answer = await post(body)

    assert answer.json().keys() & {"data", "errors"}
