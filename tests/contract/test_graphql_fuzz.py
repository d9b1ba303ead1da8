"""Schemathesis asks whatever the language lets it make up: nothing breaks, and every answer is of the language's types.

Within bounds; `make fuzz` asks for thousands of cases.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
import schemathesis
from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ObjectFieldNode,
    Visitor,
    build_schema,
    execute_sync,
    parse,
    parse_value,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from db.access import Role, Viewer
from tests.conftest import ROOT, RunningGateway

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "40")) * 3
"""Cases: `make fuzz` asks for three times as many as of a REST route."""
SDL: Final = (ROOT / "schema" / "schema.graphql").read_text("utf-8")
LANGUAGE: Final = build_schema(SDL)
CALLERS: Final = frozenset({"BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND", "QUERY_TOO_COMPLEX", "RATE_LIMITED"})
"""The codes of what whoever asks has done. TIMEOUT is none: what is allowed is answered in time."""
THERE: Final[Mapping[str, list[str]]] = {
    "period": ["{preset: LAST_30_DAYS}", "{preset: TODAY}", '{since: "2026-03-01", until: "2026-04-01"}'],
    "timezone": ['"UTC"', '"Europe/Berlin"', '"Asia/Kolkata"', '"Australia/Lord_Howe"'],
    "category": ['{in: ["billing", "bugs"]}', "{isNull: true}"],
    "team": ['{notIn: ["technical"]}'],
    "agent": ['{in: ["A-07", "A-22"]}', "{isNull: false}"],
    "organization": ['{in: ["O-001"]}'],
    "tag": ["{isNull: true}"],
    "edges": ["[0, 3600]", "null"],
    "after": ["null"],
    "first": ["1", "3"],
    "search": ['"a"', '"%"', "null"],
    "filter": ["null", '{priority: {in: ["high"]}}', '{or: [{channel: {in: ["email"]}}, {tag: {isNull: true}}]}'],
}
"""Values of arguments, and of fields of inputs, with which a report is made."""
schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda at: nodes.String(at.isoformat() + "Z")))
schemathesis.graphql.scalar(
    "JSON", st.sampled_from(["null", "{}", '{report: "summary", format: "csv"}']).map(parse_value)
)


class Known(Visitor):
    """Puts values that are there in the places of those made up; which, is drawn."""

    def __init__(self, data: Any) -> None:
        super().__init__()
        self.data = data

    def _value(self, node: Any, kind: type[Any]) -> Any:
        values = THERE.get(node.name.value)
        return kind(name=node.name, value=parse_value(self.data.draw(st.sampled_from(values)))) if values else None

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._value(node, ArgumentNode)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._value(node, ObjectFieldNode)


def in_the_languages_own_words(document: DocumentNode, data: Any) -> Any:
    """What the language makes of an answer: itself, where every field is there, and of its type.

    Raises: GraphQLError, for one that is not.
    """
    found = execute_sync(LANGUAGE, document, data, field_resolver=_as_it_is)
    if found.errors:
        raise found.errors[0]
    return found.data


def _as_it_is(of: Any, info: Any, /, **_: Any) -> Any:
    return of[info.path.key]


def require_answer(document: DocumentNode, answer: Any) -> set[str]:
    """The codes of an answer's errors.

    Raises: AssertionError, for an answer that breaks what the language says.
    """
    assert answer.keys() <= {"data", "errors", "extensions"}
    errors = answer.get("errors", [])
    codes = {error["extensions"]["code"] for error in errors}
    assert all(error["message"] for error in errors)
    assert codes <= CALLERS, errors
    if answer.get("data") is None:
        assert errors, "neither data nor an error"
    else:
        assert in_the_languages_own_words(document, answer["data"]) == answer["data"]
    return codes


@pytest.mark.slow
@pytest.mark.parametrize("is_narrowed", [False, True], ids=["anything", "what is there"])
async def test_whatever_is_asked_is_answered_in_the_languages_types(gateway: RunningGateway, is_narrowed: bool) -> None:
    token = gateway.identity.issue(Viewer("fuzz", Role.ADMIN), timedelta(hours=6))
    language = schemathesis.graphql.from_file(SDL)
    asked = st.sampled_from([one.ok() for one in language.get_all_operations()]).flatmap(lambda one: one.as_strategy())
    came: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked, st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        document = parse(case.body)
        if is_narrowed:
            document = visit(document, Known(data))
            case.body = print_ast(document)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = case.call(base_url=f"{gateway.url}/graphql", headers=headers)
        assert answer.status_code == 200, (case.body, answer.text)
        try:
            codes = require_answer(document, answer.json())
        except (AssertionError, GraphQLError) as breach:
            raise AssertionError(f"{breach}\n{case.body}\n{answer.text[:2000]}") from breach
        came.update(codes or {"OK"})

    await asyncio.to_thread(ask)

    print(dict(came))
    assert came["OK"] > EXAMPLES // (2 if is_narrowed else 20), came


@pytest.mark.parametrize(
    ("document", "data"),
    [
        ("{ viewer { role } }", {"viewer": {"role": "KING"}}),
        ("{ viewer { role } }", {"viewer": {"role": None}}),
        ("{ viewer { role } }", {"viewer": {}}),
        ("{ viewer { role capabilities } }", {"viewer": {"capabilities": "all", "role": "ADMIN"}}),
        ("{ viewer { role } }", {"viewer": {"role": "ADMIN", "more": 1}}),
    ],
)
def test_what_is_not_of_the_language_is_told(document: str, data: Any) -> None:
    with pytest.raises((AssertionError, GraphQLError, KeyError)):
        require_answer(parse(document), {"data": data})
