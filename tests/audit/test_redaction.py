"""Variables without personal data: what is kept is listed by its place, all else is replaced."""

from __future__ import annotations

from typing import Any, Final

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from schema.executor import SCHEMA
from schema.redaction import KEPT, MARKED, Document, Redaction, shape_of

LANGUAGE: Final = SCHEMA._schema
GONE: Final = "<redacted>"


def redacted(text: str, operation: str | None = None, **given: Any) -> dict[str, Any]:
    """The variables that the log keeps."""
    return Redaction(b"key").variables(shape_of(Document(LANGUAGE, text, operation)), given)


def mark(dimension: str, text: str) -> str:
    """The mark of an id."""
    return Redaction(b"key").mark(f"TicketFilter.{dimension}", text)


@pytest.mark.parametrize(
    ("declared", "use", "given", "kept"),
    [
        ("Preset", "report(period: {preset: $v})", "TODAY", "TODAY"),
        ("Preset", "report(period: {preset: $v})", "Ada", GONE),
        ("String", "report(period: {since: $v})", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00+01:00"),
        ("String", "report(period: {since: $v})", "Ada", GONE),
        ("PeriodInput!", "report(period: $v)", {"until": "2026-03-01", "x": "Ada"}, {"until": "2026-03-01"}),
        ("PeriodInput!", "report(period: $v)", "Ada", GONE),
        ("String!", "report(timezone: $v)", "Europe/Berlin", "Europe/Berlin"),
        ("String!", "report(timezone: $v)", "Europe/Ada", GONE),
        ("[Comparison!]", "report(compareTo: $v)", ["PREVIOUS_YEAR", "Ada"], ["PREVIOUS_YEAR", GONE]),
        ("[Comparison!]", "report(compareTo: $v)", "PREVIOUS_YEAR", "PREVIOUS_YEAR"),
        ("Comparison!", "report(compareTo: [$v])", "PREVIOUS_YEAR", "PREVIOUS_YEAR"),
        ("Int!", "tickets(first: $v)", 50, 50),
        ("Int!", "tickets(first: $v)", "Ada", GONE),
        ("Int!", "tickets(first: $v)", 4915112345678, GONE),
        ("Int!", "tickets(first: $v)", True, GONE),
        ("String", "tickets(after: $v)", "2026-03-01", GONE),
        ("[ID!]", "report(filter: {priority: {in: $v}})", ["high", "Ada"], ["high", GONE]),
        ("[ID!]", "report(filter: {or: [{team: {notIn: $v}}]})", ["billing"], ["billing"]),
        ("ID!", "report(filter: {team: {notIn: [$v]}})", "Ada Lovelace", mark("team", "Ada Lovelace")),
        ("ID!", "report(filter: {agent: {in: [$v]}})", "A-1", mark("agent", "A-1")),
        ("ID!", "report(filter: {agent: {in: [$v]}})", 7, mark("agent", "7")),
        ("ID!", "report(filter: {agent: {in: [$v]}})", {"Ada": "A-1"}, GONE),
        ("IdFilter", "report(filter: {organization: $v})", {"in": ["O-1"]}, {"in": [mark("organization", "O-1")]}),
        ("IdFilter", "report(filter: {tag: $v})", {"isNull": True, "notIn": None}, {"isNull": True, "notIn": None}),
        ("[Having!]", "report { breakdown(having: $v) { total } }", [{"gte": 0.5}], [{"gte": 0.5}]),
        ("[Having!]", "report { breakdown(having: $v) { total } }", [{"gte": float("nan")}], [{"gte": GONE}]),
        ("String", "report { agents(search: $v) { total } }", "Europe/Berlin", GONE),
        ("String", "agents(search: $v) { total }", "Ada", GONE),
        ("String", "tags(search: $v) { total }", "UTC", GONE),
        ("[ID!]", "organizations(ids: $v) { total }", ["O-1"], [GONE]),
        ("String", "teams(after: $v) { total }", "2026-03-01", GONE),
        ("Boolean!", "report { asOf @include(if: $v) }", False, False),
        ("Nothing", "report(nothing: $v)", "Ada", GONE),
        ("String", "report(filter: {nothing: $v})", "Ada", GONE),
        ("String", "nothing(timezone: $v)", "UTC", GONE),
        ("String", "report", "Ada", GONE),
    ],
)
def test_a_variable_is_kept_where_its_place_says_so(declared: str, use: str, given: Any, kept: Any) -> None:
    assert redacted(f"query($v: {declared}) {{ {use} }}", v=given) == {"v": kept}


def test_a_variable_of_two_places_is_kept_only_where_both_agree() -> None:
    document = "query($v: String!) { report(timezone: $v) { agents(search: $v) { total } } }"
    twice = "query($v: String!) { a: report(timezone: $v) { asOf } b: tickets(timezone: $v) { total } }"

    assert redacted(document, v="Europe/Berlin") == {"v": GONE}
    assert redacted(twice, v="Europe/Berlin") == {"v": "Europe/Berlin"}


def test_a_variable_is_found_in_a_fragment() -> None:
    document = "query($v: String) { ...F } fragment F on Query { report { agents(search: $v) { total } } }"

    assert redacted(document, v="Ada") == {"v": GONE}


def test_what_is_not_declared_is_dropped_name_and_all() -> None:
    assert redacted("query($v: Int) { tickets(first: $v) { total } }", v=1, Ada="Lovelace") == {"v": 1}


@pytest.mark.parametrize(
    "document", ["", "query {", "{ a } { b }", "query A($v: Int) { t(first: $v) }", "{" + " a" * 5000 + "}"]
)
def test_of_a_document_that_cannot_be_read_nothing_is_kept(document: str) -> None:
    assert redacted(document, operation="B", v="Ada") == {}


def test_marks_differ_by_key_dimension_and_id() -> None:
    marks = {
        mark("agent", "1"),
        mark("agent", "2"),
        mark("organization", "1"),
        Redaction(b"other").mark("TicketFilter.agent", "1"),
    }

    assert len(marks) == 4
    assert mark("agent", "1") == mark("agent", "1")


def test_every_place_that_is_listed_is_in_the_language() -> None:
    places = set()
    for kind in LANGUAGE.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            places |= {f"{kind.name}.{name}" for name in kind.fields}
        elif isinstance(kind, GraphQLObjectType):
            places |= {f"{kind.name}.{name}.{one}" for name, field in kind.fields.items() for one in field.args}

    assert set(KEPT) | set(MARKED) <= places
