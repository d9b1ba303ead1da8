"""The description of the routes is valid, and the routes do what it says."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from db.access import Role
from rest_compat.openapi.document import document
from rest_compat.params import FILTERS, PARAMETERS, parameters_of
from rest_compat.problems import Kind
from rest_compat.routes import PREFIX, report_routes
from rest_compat.stored import ROUTED, ReportName
from tests.rest_compat.conftest import EXPORT, Rest
from tests.rest_compat.desk import MARCH

REPORTS = list(ROUTED)
HEADERS_OF_ALL = {"x-request-id"}


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What of a value is not as a schema of the description says."""
    whole = {**schema, "components": document()["components"]}
    checker = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{one.json_path}: {one.message}" for one in checker.iter_errors(value)]


def described(method: str, path: str, response: httpx.Response) -> dict[str, Any]:
    """What the description says of a response."""
    found = document()["paths"][path][method]["responses"][str(response.status_code)]
    name = found.get("$ref", "").rpartition("/")[2]
    return dict(document()["components"]["responses"][name]) if name else dict(found)


def breaches(method: str, path: str, response: httpx.Response) -> list[str]:
    """Where a response is not as described."""
    told = described(method, path, response)
    missing = [name for name in told.get("headers", {}) if name not in response.headers]
    kind = response.headers.get("content-type", "")
    if not response.content:
        return missing if "content" not in told else [*missing, "no body"]
    if kind not in told["content"]:
        return [*missing, f"{kind} is none of {list(told['content'])}"]
    value = response.json() if "json" in kind and "ndjson" not in kind else response.content.decode("latin-1")
    return missing + faults(told["content"][kind]["schema"], value)


def test_the_description_is_valid_by_the_specification() -> None:
    assert [str(one) for one in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_every_route_is_described_and_nothing_else(rest: Rest) -> None:
    routes = {
        (route.path, method.lower())
        for route in report_routes(rest.gateway, rest.gateway)
        for method in route.methods or ()
    }

    told = {(path, method) for path, methods in document()["paths"].items() for method in methods}

    assert told == {(path, method) for path, method in routes if method != "head"}


@pytest.mark.parametrize("report", REPORTS)
def test_every_parameter_is_described_with_an_example_that_it_takes(report: ReportName) -> None:
    told = {one["name"]: one for one in document()["paths"][f"{PREFIX}/{report.value}"]["get"]["parameters"]}

    assert list(told) == [*(one.name for one in parameters_of(report)), "If-None-Match"]
    for one in parameters_of(report):
        one.read(one.example)
        assert f"`{one.example}`" in told[one.name]["description"]
        value: Any = int(one.example) if one.schema.get("type") == "integer" and not one.words else one.example
        assert faults(told[one.name]["schema"], [value] if one.repeatable else value) == []
        for word in one.words:
            one.read(word)


SLICES: list[dict[str, Any]] = [
    {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"},
    {"period": "last_month", "attribution": "creation", "tag": ["vip", "none"]},
    {**MARCH, "clock": "business", "priority": ["high", "none"], "category": "invoices", "channel": "email"},
    {"since": "2020-01-01", "until": "2020-01-03"},
]


@pytest.mark.parametrize("asked", SLICES)
@pytest.mark.parametrize("report", REPORTS)
async def test_an_answer_is_as_described(rest: Rest, report: ReportName, asked: dict[str, Any]) -> None:
    answer = await rest.get(report.value, asked)

    assert answer.status_code == 200, answer.text
    assert breaches("get", f"{PREFIX}/{report.value}", answer) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("report", REPORTS)
async def test_what_a_role_gets_is_as_described(rest: Rest, report: ReportName, role: Role) -> None:
    answer = await rest.get(report.value, {**MARCH, "timezone": "UTC"}, role)

    assert breaches("get", f"{PREFIX}/{report.value}", answer) == []


@pytest.mark.parametrize("grain", PARAMETERS["grain"].words)
async def test_trends_of_every_grain_are_as_described(rest: Rest, grain: str) -> None:
    answer = await rest.get("trends", {**MARCH, "grain": grain})

    assert answer.status_code == 200, answer.text
    assert breaches("get", f"{PREFIX}/trends", answer) == []


@pytest.mark.parametrize(
    ("params", "headers", "status"),
    [
        ({"x": "1"}, {}, 400),
        ({"timezone": "Mars", "since": "today"}, {}, 400),
        ({}, {"Authorization": "Bearer nobody"}, 401),
        ({}, {"Accept": "text/html"}, 406),
        ({"since": "2026-02-01", "until": "2026-01-01"}, {}, 422),
    ],
)
async def test_a_refusal_is_as_described(rest: Rest, params: Any, headers: dict[str, str], status: int) -> None:
    answer = await rest.get("summary", params, headers=headers)

    assert answer.status_code == status
    assert breaches("get", f"{PREFIX}/summary", answer) == []


async def test_what_still_holds_is_as_described(rest: Rest) -> None:
    first = await rest.get("summary")

    again = await rest.get("summary", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert breaches("get", f"{PREFIX}/summary", again) == []


def orders() -> list[tuple[str, str]]:
    """Every report in every format that the description names."""
    members = document()["components"]["schemas"]["ExportOrder"]["properties"]
    return [(report, form) for report in members["report"]["enum"] for form in members["format"]["enum"]]


@pytest.mark.parametrize(("report", "form"), orders())
async def test_every_report_is_exported_in_every_format_as_described(rest: Rest, report: str, form: str) -> None:
    body = {"report": report, "format": form, **MARCH, "team": ["billing", "none"], "timezone": None}

    answer = await rest.export(body)

    assert answer.status_code == 200, answer.text
    assert faults({"$ref": "#/components/schemas/ExportOrder"}, body) == []
    assert breaches("post", EXPORT, answer) == []


@pytest.mark.parametrize(
    ("body", "content_type", "role", "status"),
    [
        ({"report": "summary"}, "application/json", Role.MANAGER, 400),
        ({"report": "summary", "format": "csv"}, "text/plain", Role.MANAGER, 415),
        ({"report": "summary", "format": "csv"}, "application/json", Role.AGENT, 403),
        ({"report": "x" * 70_000, "format": "csv"}, "application/json", Role.MANAGER, 413),
    ],
)
async def test_a_refused_export_is_as_described(
    rest: Rest, body: Any, content_type: str, role: Role, status: int
) -> None:
    answer = await rest.export(body, role, {"Content-Type": content_type})

    assert answer.status_code == status, answer.text
    assert breaches("post", EXPORT, answer) == []


def test_what_the_description_does_not_know_is_a_breach() -> None:
    wrong = httpx.Response(200, json={"report": "summary", "more": 1}, headers={"ETag": '"x"'})

    assert len(breaches("get", f"{PREFIX}/summary", wrong)) > 3


def test_every_kind_of_problem_that_a_route_can_meet_is_described() -> None:
    told = document()["paths"][EXPORT]["post"]["responses"]

    assert {kind.status for kind in Kind} - {int(status) for status in told} == {404, 405, 416}
    assert set(document()["components"]["responses"]) == set(Kind.__members__)
    assert {one.name for one in FILTERS} <= set(document()["components"]["schemas"]["ExportOrder"]["properties"])
