"""Every parameter's good and bad values, and that all faults of a request are told at once."""

from __future__ import annotations

from typing import Any

import pytest

from rest_compat.params import PARAMETERS, parameters_of
from rest_compat.stored import ROUTED, ReportName
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import MARCH

REPORT_OF = {name: sorted(one.value for one in p.reports)[0] for name, p in PARAMETERS.items()}
WITH_PERIOD = {"since": "2026-03-01", "until": "2026-04-01"}


def asked_with(name: str, value: str) -> dict[str, str]:
    """A request with one parameter, sound otherwise."""
    if name == "period":
        return {name: value}
    return {**WITH_PERIOD, name: value}


def faults_of(response: Any) -> dict[str, str]:
    assert response.status_code == 400, response.text
    body = response.json()
    assert (body["code"], body["status"]) == ("BAD_USER_INPUT", 400)
    return {one["parameter"]: one["message"] for one in body["errors"]}


GOOD = [
    *((name, word) for name, one in PARAMETERS.items() for word in one.words),
    ("timezone", "Europe/Berlin"),
    ("timezone", "Asia/Kathmandu"),
    ("since", "2026-02-28T23:00:00Z"),
    ("until", "2026-03-02T00:00:00-05:00"),
    ("category", "invoices"),
    ("category", "none"),
    ("team", "billing"),
    ("agent", "A-3"),
    ("organization", "O-2"),
    ("tag", "vip"),
    ("edges", "60"),
    ("edges", "0,1,2147483647"),
    ("limit", "1"),
    ("limit", "500"),
    ("search", "ada"),
]
BAD = [
    ("period", "LAST_MONTH"),
    ("period", "last_2_days"),
    ("timezone", "+02:00"),
    ("timezone", "Europe/Berlim"),
    ("timezone", "../etc/passwd"),
    ("since", "2026-13-01"),
    ("since", "2026-03-01T09:30:00"),
    ("since", "yesterday"),
    ("until", "0001-01-01"),
    ("until", "1e9"),
    ("compareTo", "previous_month"),
    ("compareTo", "previous_period,previous_year"),
    ("attribution", "EVENT"),
    ("clock", "wall"),
    ("category", "a\0b"),
    ("priority", "blocker"),
    ("channel", "fax"),
    ("status", "spam"),
    ("tag", "x" * 2_001),
    ("sort", "-name;drop"),
    ("sort", "--csatScore"),
    ("sort", "responseTime"),
    ("limit", "0"),
    ("limit", "501"),
    ("limit", "-1"),
    ("limit", "ten"),
    ("limit", "1.5"),
    ("limit", "٣"),
    ("limit", "9" * 40),
    ("grain", "minute"),
    ("edges", "0,x"),
    ("edges", "1.5"),
    ("edges", "-5,10"),
    ("edges", "2147483648"),
    ("edges", "0,,5"),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
async def test_a_good_value_is_taken(rest: Rest, name: str, value: str) -> None:
    response = await rest.get(REPORT_OF[name], asked_with(name, value))

    assert response.status_code == 200, response.text


@pytest.mark.parametrize(("name", "value"), BAD)
async def test_a_bad_value_is_told_by_its_parameter(rest: Rest, name: str, value: str) -> None:
    faults = faults_of(await rest.get(REPORT_OF[name], asked_with(name, value)))

    assert list(faults) == [name]
    assert faults[name].startswith(name)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("empty", ["", "  "])
async def test_an_empty_value_is_a_fault(rest: Rest, name: str, empty: str) -> None:
    faults = faults_of(await rest.get(REPORT_OF[name], asked_with(name, empty)))

    assert "is empty" in faults[name]


@pytest.mark.parametrize("name", [name for name, one in PARAMETERS.items() if not one.repeatable])
async def test_a_parameter_that_stands_twice_by_mistake_is_a_fault(rest: Rest, name: str) -> None:
    value = PARAMETERS[name].example
    faults = faults_of(await rest.get(REPORT_OF[name], [(name, value), (name, value)]))

    assert "was given 2 times" in faults[name]


@pytest.mark.parametrize("report", ROUTED)
async def test_an_unknown_parameter_is_named_and_the_known_ones_are_listed(rest: Rest, report: ReportName) -> None:
    faults = faults_of(await rest.get(report.value, {**MARCH, "compareto": "none", "agents": "A-1"}))

    assert list(faults) == ["compareto", "agents"]
    assert "Did you mean compareTo?" in faults["compareto"]
    for known in parameters_of(report):
        assert known.name in faults["agents"]


@pytest.mark.parametrize(
    ("report", "name", "value"),
    [
        ("summary", "grain", "day"),
        ("trends", "limit", "5"),
        ("agents", "edges", "0,5"),
        ("performance", "sort", "name"),
    ],
)
async def test_a_parameter_of_another_report_is_unknown(rest: Rest, report: str, name: str, value: str) -> None:
    assert list(faults_of(await rest.get(report, {**MARCH, name: value}))) == [name]


@pytest.mark.parametrize("end", ["since", "until"])
async def test_period_beside_since_or_until_is_a_fault(rest: Rest, end: str) -> None:
    faults = faults_of(await rest.get("summary", {"period": "today", end: "2026-03-01"}))

    assert list(faults) == ["period"]
    assert end in faults["period"]


@pytest.mark.parametrize(("given", "missing"), [("since", "until"), ("until", "since")])
async def test_one_end_of_a_period_needs_the_other(rest: Rest, given: str, missing: str) -> None:
    assert list(faults_of(await rest.get("summary", {given: "2026-03-01"}))) == [missing]


async def test_all_faults_of_a_request_are_told_together(rest: Rest) -> None:
    response = await rest.get(
        "agents",
        [
            *(("timezone", "Mars"), ("since", "soon"), ("until", "later"), ("limit", "0"), ("sort", "x"), ("x", "1")),
            *(("status", "lost"), ("status", "found"), ("clock", "")),
        ],
    )

    assert list(faults_of(response)) == ["x", "since", "until", "timezone", "clock", "status", "sort", "limit"]
    assert len(response.json()["errors"]) == 9
    assert response.json()["detail"] == "9 inputs cannot be used; `errors` tells each."


async def test_repeated_values_of_a_filter_count_once(rest: Rest) -> None:
    answer = (await rest.get("summary", [*MARCH.items(), ("tag", "vip"), ("tag", "none"), ("tag", "vip")])).json()

    assert answer["filter"] == {"tag": ["vip", "none"]}


@pytest.mark.parametrize("name", ["category", "team", "agent", "organization", "tag"])
async def test_an_id_that_does_not_exist_is_told_to_those_who_see_all(rest: Rest, name: str) -> None:
    faults = faults_of(await rest.get("summary", {**MARCH, name: ["nobody", "none"]}))

    assert list(faults) == [name]
    assert "'nobody'" in faults[name]


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "%%%", "ä"])
async def test_a_cursor_of_no_list_is_a_fault(rest: Rest, cursor: str) -> None:
    assert list(faults_of(await rest.get("agents", {**MARCH, "cursor": cursor}))) == ["cursor"]


async def test_edges_that_do_not_ascend_are_a_fault(rest: Rest) -> None:
    assert list(faults_of(await rest.get("performance", {**MARCH, "edges": "5,5"}))) == ["edges"]


@pytest.mark.parametrize(
    ("report", "asked", "parameter"),
    [
        ("summary", {"since": "2026-03-02", "until": "2026-03-02"}, "since"),
        ("summary", {"since": "2026-03-02", "until": "2026-03-01"}, "since"),
        ("performance", {"since": "2010-01-01", "until": "2026-01-01"}, "until"),
        ("trends", {"since": "2026-01-01", "until": "2026-06-01", "grain": "hour"}, "grain"),
    ],
)
async def test_what_is_well_formed_but_impossible_is_a_422(
    rest: Rest, report: str, asked: dict[str, str], parameter: str
) -> None:
    response = await rest.get(report, asked)

    assert response.status_code == 422
    assert response.json()["type"] == "urn:problem-type:deskgraph:impossible-input"
    assert [one["parameter"] for one in response.json()["errors"]] == [parameter]


def test_every_parameter_has_a_description_and_an_example_that_it_takes() -> None:
    for one in PARAMETERS.values():
        assert one.description.endswith(".")
        one.read(one.example)
        if one.default is not None:
            one.read(one.default)
