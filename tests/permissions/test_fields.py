"""Every role and every field of the language: answered to those who have what the SDL says it needs, to no one else."""

from __future__ import annotations

from typing import Any, Final

import pytest

from db.access import MATRIX as STORED
from db.access import Capability, Role
from schema.permissions import OF_TYPES
from tests.conftest import Asking
from tests.permissions import contract
from tests.permissions.contract import may
from tests.permissions.language import Reading, data_types, needs, readings, sdl
from tests.rest_compat.desk import VIEWERS

LANGUAGE: Final = sdl()
READINGS: Final = list(readings(LANGUAGE))
TELLS_NOTHING: Final = {
    "Query": {"viewer", "metricCatalog", "report", "sources"},
    "Subscription": {"reportChanged"},
    "LiveSource": {"asOf", "lagSeconds", "isStale", "state"},
    "Report": {"period", "comparisons", "asOf", "attribution", "clock", "filter", "dataVersion", "metrics"},
    **dict.fromkeys(("ViewerInfo", "ScopeInfo", "MetricInfo", "DetailInfo", "ReportPeriod", "ReportComparison")),
    **dict.fromkeys(("Estimate", "Named")),
}
"""What is no one's data: who asks, what there is to ask, how old the data is, how the question was understood; and a
name, which is as open as the field that leads to it. None: the whole type."""
WHOSE_RATING: Final = {"SatisfactionValue.tickets", "TicketNode.score"}
"""Of those who see agents, these need what reading the ratings of single agents needs."""


def test_the_matrix_is_the_contracts() -> None:
    assert {one.value for one in Capability} == contract.MATRIX.keys()
    for capability in Capability:
        assert {role for role in Role if capability in STORED[role]} == contract.MATRIX[capability.value], capability


def test_every_field_that_carries_data_names_what_it_needs() -> None:
    nameless = set()
    for type_name in data_types(LANGUAGE):
        if TELLS_NOTHING.get(type_name, ()) is None:
            continue
        for name, field in LANGUAGE.type_map[type_name].fields.items():  # type: ignore[attr-defined]
            if not needs(LANGUAGE, field) and name not in (TELLS_NOTHING.get(type_name) or ()):
                nameless.add(f"{type_name}.{name}")
    assert nameless == set()


def test_what_a_field_needs_is_in_its_description_and_known() -> None:
    for type_name in data_types(LANGUAGE):
        for name, field in LANGUAGE.type_map[type_name].fields.items():  # type: ignore[attr-defined]
            needed = needs(LANGUAGE, field)
            assert needed <= contract.MATRIX.keys()
            assert all(one in (field.description or "") for one in needed), f"{type_name}.{name}"


def test_an_object_is_reached_only_by_those_who_may_read_its_fields() -> None:
    """What all fields of a type need, every field that leads to it needs: so nothing has to be decided a row."""
    for reading in READINGS:
        field = LANGUAGE.type_map[reading.type_name].fields[reading.field_name]  # type: ignore[attr-defined]
        target = {one.value for one in OF_TYPES.get(str(field.type).strip("[]!"), ())}
        assert target <= reading.needs, f"{reading.type_name}.{reading.field_name}"


def at(data: Any, path: tuple[str, ...]) -> list[Any]:
    """Everything that stands at a path, in every row; what is null on the way stands for itself."""
    if data is None or not path:
        return [data]
    if isinstance(data, list):
        return [found for one in data for found in at(one, path)]
    return at(data[path[0]], path[1:])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("reading", READINGS, ids=lambda r: f"{r.type_name}.{r.field_name}")
async def test_a_field_is_answered_to_those_who_may_read_it_alone(reading: Reading, role: Role, desk: Asking) -> None:
    allowed = may(role, *reading.needs)
    if f"{reading.type_name}.{reading.field_name}" in WHOSE_RATING and may(role, "reports:agents:read"):
        allowed = allowed and may(role, "csat:agent:read")

    result = await desk(reading.document, VIEWERS[role])

    codes = {(error.extensions or {})["code"] for error in result.errors or ()}
    assert result.data is not None
    # Of many rows at once no lists are given; whoever may not ask for one is told that instead.
    refused = {"QUERY_TOO_COMPLEX", "BAD_USER_INPUT"} if allowed and reading.field_name == "tickets" else set()
    refused |= {"NOT_FOUND"} if allowed and reading.field_name == "exportJob" else set()
    assert codes - refused == (set() if allowed else {"FORBIDDEN"}), reading.document
    if not allowed:
        assert set(at(result.data, reading.path)) <= {None}
        assert [e.path for e in result.errors or () if any(isinstance(part, int) for part in e.path or ())] == []
