"""Whatever is sent, a door refuses it in its own form, and nothing internal leaves."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, quote_from_bytes

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from db.access import Viewer
from db.errors import CallerFault, DeskgraphError, UpstreamFault
from rest_compat.graphql_view import GraphQLView
from rest_compat.params import PARAMETERS
from rest_compat.problems import Kind, exception_handlers
from rest_compat.routes import report_routes
from schema.executor import Gateway
from tests.rest_compat.conftest import EXPORT, PREFIX, Rest, gateway_over
from tests.rest_compat.desk import MARCH

INTERNAL: Final = re.compile(
    r"Traceback|site-packages|\.py\b|SELECT |asyncpg|strawberry|starlette|deskgraph\.facts|/usr/|0x[0-9a-f]{6}"
)
"""What would tell of code, SQL, paths or objects."""
CODES: Final = {kind.code for kind in Kind} - {"INTERNAL"}
SUMMARY: Final = f"{PREFIX}/summary"
often = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Doors:
    """All doors of one gateway."""

    rest: Rest
    client: httpx.AsyncClient

    async def send(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        """The answer to a manager."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, content=content, headers={**self.rest.bearer(), **named})


def doors_of(gateway: Gateway) -> Doors:
    app = Starlette(
        routes=[Route("/graphql", GraphQLView(gateway), methods=None), *report_routes(gateway, gateway)],
        exception_handlers=exception_handlers(),
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return Doors(Rest(gateway), httpx.AsyncClient(transport=transport, base_url="http://desk"))


@pytest.fixture(scope="session")
async def doors(desk_dsn: str) -> AsyncIterator[Doors]:
    gateway = gateway_over(desk_dsn)
    found = doors_of(gateway)
    yield found
    await found.client.aclose()
    await gateway.engine.close()


def refused_as_it_should(answer: httpx.Response) -> None:
    """A GraphQL response, a problem, or an answer; never a fault of ours."""
    assert answer.status_code < 500, answer.text
    if not answer.headers["content-type"].startswith(("application/json", "application/problem+json")):
        return
    found = answer.json()
    errors = found.get("errors", []) if "/graphql" in str(answer.url) else []
    codes = {error["extensions"]["code"] for error in errors} | ({found["code"]} if "code" in found else set())
    assert codes <= CODES
    assert answer.status_code == 200 or codes, answer.text
    told = [error["message"] for error in errors] + [found.get("detail", "")]
    assert not [one for one in told if INTERNAL.search(one)], told


texts = st.text(max_size=30) | st.sampled_from(
    [
        "\x00",
        "'; DROP TABLE x",
        "{ viewer { role } }",
        "2026-03-01",
        "-1",
        "NaN",
        "1e999",
        "none",
        "a" * 3_000,
        "\ufeff",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
REPORT: Final = """
    query ($period: PeriodInput!, $zone: String, $filter: TicketFilter, $first: Int, $after: String,
           $by: [Dimension!]!, $grain: Grain, $order: [OrderBy!], $edges: [Int!], $search: String) {
      report(period: $period, timezone: $zone, filter: $filter) {
        breakdown(by: $by, grain: $grain, first: $first, after: $after, orderBy: $order) { total }
        performance(edges: $edges) { responseTimeDistribution { count } }
        agents(first: $first, after: $after, search: $search) { total }
      }
      agents(search: $search, first: $first, after: $after) { total }
      tickets(period: $period, after: $after, first: $first) { total }
    }
"""
GOOD: Final[Mapping[str, Any]] = {
    "period": {"since": "2026-03-01", "until": "2026-04-01"}, "zone": "UTC", "filter": {"channel": {"in": ["email"]}},
    "first": 3, "after": None, "by": ["CATEGORY"], "grain": None, "order": [{"metric": "REOPENS"}], "edges": [0, 60],
    "search": "a",
}  # fmt: skip


@often
@given(body=st.binary(max_size=200) | values.map(lambda one: repr(one).encode("utf-8", "surrogatepass")))
@pytest.mark.parametrize("path", ["/graphql", EXPORT])
async def test_bytes_that_are_no_request(doors: Doors, path: str, body: bytes) -> None:
    refused_as_it_should(await doors.send("POST", path, body, Content_Type="application/json"))


def dumped(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


writable = values.filter(lambda one: not _is_beyond_json(one))


def _is_beyond_json(value: Any) -> bool:
    try:
        dumped(value)
    except (TypeError, ValueError):
        return True
    return False


@often
@given(
    sent=st.dictionaries(
        st.sampled_from(["query", "variables", "operationName", "extensions"]) | texts, writable, max_size=4
    ),
    accept=st.sampled_from(["*/*", "application/graphql-response+json", "application/json", "text/html;q=x, ;,"]),
)
async def test_json_that_is_no_operation(doors: Doors, sent: dict[str, Any], accept: str) -> None:
    if _is_beyond_json(sent):
        return
    refused_as_it_should(
        await doors.send("POST", "/graphql", dumped(sent), Content_Type="application/json", Accept=accept)
    )


@often
@given(changed=st.dictionaries(st.sampled_from(sorted(GOOD)), writable, min_size=1, max_size=3))
async def test_variables_of_any_shape(doors: Doors, changed: dict[str, Any]) -> None:
    asked = {"query": REPORT, "variables": {**GOOD, **changed}}
    if not _is_beyond_json(asked):
        refused_as_it_should(await doors.send("POST", "/graphql", dumped(asked), Content_Type="application/json"))


async def test_the_variables_are_good_where_none_is_changed(doors: Doors) -> None:
    asked = dumped({"query": REPORT, "variables": GOOD})
    answer = await doors.send("POST", "/graphql", asked, Content_Type="application/json")

    assert "errors" not in answer.json()


@often
@given(
    pairs=st.lists(st.tuples(st.sampled_from(sorted(PARAMETERS)) | texts, texts), max_size=4),
    report=st.sampled_from(["summary", "performance", "agents", "trends"]),
)
async def test_parameters_of_any_text(doors: Doors, pairs: list[tuple[str, str]], report: str) -> None:
    written = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    refused_as_it_should(await doors.send("GET", f"{PREFIX}/{report}?{written}"))


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


@often
@given(query=st.binary(max_size=60).map(quote_from_bytes), name=st.sampled_from(["query", "variables", "extensions"]))
async def test_a_query_string_of_any_bytes(doors: Doors, query: str, name: str) -> None:
    refused_as_it_should(await doors.send("GET", f"/graphql?query=%7Bviewer%7Brole%7D%7D&{name}={query}"))


@often
@given(
    members=st.dictionaries(
        st.sampled_from(["report", "format", "locale", "bom", *sorted(PARAMETERS)]) | texts, writable, max_size=4
    )
)
async def test_an_order_of_any_members(doors: Doors, members: dict[str, Any]) -> None:
    sent = {"report": "summary", "format": "json", **members}
    if not _is_beyond_json(sent):
        refused_as_it_should(await doors.send("POST", EXPORT, dumped(sent), Content_Type="application/json"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ viewer { role } }", "variables": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
        b'{"query": "{ viewer { role } }", "variables": ' + b'{"a":' * 200_000,
        b"[" * 100_000,
        dumped({"query": REPORT, "variables": {**GOOD, "filter": {"and": [{"and": [{"or": [{}] * 500}]}]}}}),
        dumped({"query": "{ viewer" + " { a" * 3_000}),
        dumped({"query": "query ($a: Int = " + "[" * 3_000 + ") { viewer { role } }"}),
        dumped({"query": '{ report(period: {since: "\\u0000", until: "\\uD83D\\uDE00"}) { asOf } }'}),
        dumped({"query": "\x00\ufeff{ viewer { role } }"}),
        dumped({"query": "mutation A { deleteSavedReport(id: \"1\") } query B { viewer { role } }"}),
        dumped({"query": "subscription { viewer { role } }"}),
        dumped({"query": "{ viewer { ...A } } fragment A on ViewerInfo { ...A }"}),
    ],
)  # fmt: skip
async def test_what_is_meant_to_break_a_reader(doors: Doors, body: bytes) -> None:
    refused_as_it_should(await doors.send("POST", "/graphql", body, Content_Type="application/json"))


async def test_what_is_internal_is_masked_alike_at_every_door(desk_dsn: str, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("SELECT secret FROM deskgraph.facts at /usr/lib/secret.py")

    gateway = gateway_over(desk_dsn)
    gateway.engine.observers.append(broken)
    doors = doors_of(gateway)
    query = quote(f'{{ report(period: {{since: "{MARCH["since"]}", until: "{MARCH["until"]}"}}) {{ dataVersion }} }}')
    with caplog.at_level(logging.ERROR, "deskgraph.errors"):
        answers = [
            await doors.send("GET", f"/graphql?query={query}"),
            await doors.send("GET", f"{SUMMARY}?since=2026-03-01&until=2026-04-01"),
            await doors.send("POST", EXPORT, b'{"report": "agents", "format": "csv"}', Content_Type="application/json"),
        ]
    await doors.client.aclose()
    await gateway.engine.close()

    assert [answer.status_code for answer in answers] == [200, 500, 500]
    assert not any(INTERNAL.search(answer.text) or "secret" in answer.text for answer in answers)
    told = [answers[0].json()["errors"][0]["extensions"], answers[1].json(), answers[2].json()]
    assert {one["code"] for one in told} == {"INTERNAL"}
    assert all(one["id"] in caplog.text for one in told)


class Broken:
    """An identity whose own code fails."""

    async def viewer(self, _: str | None) -> Viewer:
        raise ZeroDivisionError("a secret")


async def test_what_fails_before_anything_is_asked_is_masked_in_each_doors_own_form(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    gateway: Any = replace(doors.rest.gateway, identity=Broken())  # type: ignore[arg-type]  # on purpose
    app = Starlette(
        routes=[Route("/graphql", GraphQLView(gateway), methods=None), *report_routes(gateway, gateway)],
        exception_handlers=exception_handlers(),
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        graphql = await client.get("/graphql?query={viewer{role}}")
        problem = await client.get(SUMMARY)

    assert (graphql.status_code, problem.status_code) == (500, 500)
    assert "secret" not in graphql.text + problem.text
    assert graphql.json()["errors"][0]["extensions"]["id"] in caplog.text
    assert problem.json()["id"] in caplog.text


def test_every_fault_of_the_tree_has_a_place_in_the_table_of_problems() -> None:
    def below(kind: type[DeskgraphError]) -> list[type[DeskgraphError]]:
        return [kind, *(one for child in kind.__subclasses__() for one in below(child))]

    faults = [*below(CallerFault)[1:], *below(UpstreamFault)[1:]]

    assert {fault.code for fault in faults} <= CODES
    assert len({fault.code for fault in faults}) >= 9
