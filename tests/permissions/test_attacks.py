"""What somebody would try who wants to see more than its own."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any, Final

import pytest

from db.access import Role, Viewer
from db.errors import Unauthenticated
from resolvers.loaders import MAX_STATEMENTS
from tests.conftest import MANAGER, VIEWERS, Asking

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
CLIENT, TEAM_LEAD, AGENT, ANALYST = (VIEWERS[role] for role in (Role.CLIENT, Role.TEAM_LEAD, Role.AGENT, Role.ANALYST))
LISTS: Final = {
    "tickets": f"{{ tickets({MONTH}, first: 3%s) {{ total nextCursor nodes {{ id }} }} }}",
    "behind": f"{{ report({MONTH}) {{ metrics {{ ticketsCreated {{ tickets(first: 3%s)"
    " { total nextCursor nodes { id } } } } } }",
    "agents": f"{{ report({MONTH}) {{ agents(first: 3%s) {{ nextCursor rows {{ ticketsCreated }} }} }} }}",
    "breakdown": f"{{ report({MONTH}) {{ breakdown(by: [CHANNEL], first: 3%s)"
    " { nextCursor rows { metrics { ticketsCreated { value } } } } } }",
}
"""Each list that has pages, with a place for the cursor."""


def codes(result: Any) -> set[str]:
    return {(error.extensions or {})["code"] for error in result.errors or ()}


def cursor_in(data: Any) -> str:
    """The cursor of an answer."""
    while "nextCursor" not in data:
        data = next(iter(data.values()))
    return str(data["nextCursor"])


@pytest.mark.parametrize("document", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("thief", [CLIENT, TEAM_LEAD, AGENT], ids=lambda v: v.role.value)
async def test_a_cursor_of_another_viewer_opens_nothing(document: str, thief: Viewer, ask: Asking) -> None:
    cursor = cursor_in(await ask.data(document % "", MANAGER))

    result = await ask(document % f', after: "{cursor}"', thief)

    assert codes(result) <= {"BAD_USER_INPUT", "FORBIDDEN"}
    assert result.errors
    assert "nodes" not in str(result.data)
    assert "rows" not in str(result.data)


@pytest.mark.parametrize("wanted", ["O-002", "O-003"])
async def test_another_organization_in_a_filter_is_refused_wherever_it_hides(wanted: str, ask: Asking) -> None:
    id_ = f'organization: {{in: ["{wanted}"]}}'
    for filter_ in (
        f"{{{id_}}}",
        f'{{or: [{{organization: {{in: ["O-001"]}}}}, {{{id_}}}]}}',
        f"{{and: [{{and: [{{or: [{{{id_}}}]}}]}}]}}",
        f'{{organization: {{in: ["O-001", "{wanted}"]}}}}',
        f'{{organization: {{notIn: ["{wanted}"]}}}}',
    ):
        for fields in ("metrics { ticketsCreated { value } }", "dataVersion", "period { since }"):
            result = await ask(f"{{ report({MONTH}, filter: {filter_}) {{ {fields} }} }}", CLIENT)
            assert codes(result) == {"FORBIDDEN"}, (filter_, fields)
            assert result.data == {"report": None}
        assert codes(await ask(f"{{ tickets({MONTH}, filter: {filter_}) {{ total }} }}", CLIENT)) == {"FORBIDDEN"}
        assert ask.statements == []


async def test_no_alias_and_no_fragment_gets_around_a_refusal(ask: Asking) -> None:
    document = f"""
        query {{ report({MONTH}) {{
            a: agents {{ total }} ...Agents b: breakdown(by: [AGENT]) {{ total }}
            c: series(grain: MONTH, by: AGENT) {{ starts }} ... on Report {{ d: agents {{ ...Rows }} }} }} }}
        fragment Agents on Report {{ e: agents {{ total ...Rows }} }}
        fragment Rows on AgentReport {{ rows {{ agent {{ id name }} }} }}"""

    result = await ask(document, CLIENT)

    assert codes(result) == {"FORBIDDEN"}
    assert result.data == {"report": dict.fromkeys("aebcd")}
    assert not [s for s in ask.statements if "facts" in s.sql]


async def test_a_storm_of_aliases_of_what_is_denied_costs_no_statement_and_is_told_once_each(ask: Asking) -> None:
    aliases = " ".join(f"a{n}: agents {{ total }}" for n in range(200))

    result = await ask(f"{{ report({MONTH}) {{ {aliases} }} }}", CLIENT)

    assert codes(result) == {"FORBIDDEN"}
    assert len(result.errors or ()) == 200
    assert ask.statements == []


async def test_a_storm_of_aliases_with_a_question_each_is_refused_before_it_costs(ask: Asking) -> None:
    asked = " ".join(
        f"a{number}: report({MONTH}, filter: {{channel: {{in: {words}}}}}) {{ metrics {{ reopens {{ value }} }} }}"
        for number, words in enumerate(_subsets(MAX_STATEMENTS + 1))
    )

    result = await ask(f"{{ {asked} }}", MANAGER)

    assert codes(result) == {"QUERY_TOO_COMPLEX"}
    assert len(ask.statements) <= 1


def _subsets(count: int) -> list[str]:
    """So many different lists of channels, as the language writes them."""
    words = ["email", "web", "chat", "phone", "api", "social", "other"]
    chosen = ([word for bit, word in enumerate(words) if number >> bit & 1] for number in range(1, count + 1))
    return [json.dumps(one) for one in chosen]


async def test_a_document_of_more_tokens_than_allowed_is_too_complex(ask: Asking) -> None:
    result = await ask("{ " + "viewer { role } " * 2_000 + "}", MANAGER)

    assert codes(result) == {"QUERY_TOO_COMPLEX"}


@pytest.mark.parametrize(
    ("viewer", "dimension", "there"),
    [(CLIENT, "organization", "O-002"), (TEAM_LEAD, "team", "accounts"), (AGENT, "agent", "A-08"),
     (TEAM_LEAD, "agent", "A-07"), (ANALYST, "agent", "A-07"), (ANALYST, "organization", "O-002")],
)  # fmt: skip
async def test_what_exists_and_what_does_not_are_refused_alike_and_as_fast(
    viewer: Viewer, dimension: str, there: str, ask: Asking
) -> None:
    document = f"query ($f: TicketFilter) {{ report({MONTH}, filter: $f) {{ metrics {{ reopens {{ value }} }} }} }}"

    async def tried(thing: str) -> tuple[str, int, float]:
        started = time.perf_counter()
        result = await ask(document, viewer, f={dimension: {"in": [thing]}})
        took = time.perf_counter() - started
        return str([(e.message, e.path, e.extensions) for e in result.errors or ()]), len(ask.statements), took

    known, unknown = [], []
    for number in range(40):
        known.append(await tried(there))
        unknown.append(await tried(f"no-such-{number:02}"))

    assert {(text, count) for text, count, _ in known} == {(text, count) for text, count, _ in unknown}
    medians = [statistics.median(took for *_, took in tries) for tries in (known, unknown)]
    assert max(medians) < 3 * min(medians), medians


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.AGENT, Role.CLIENT])
def test_a_viewer_without_whose_rows_to_see_cannot_be_made(role: Role) -> None:
    with pytest.raises(Unauthenticated, match="needs the claim"):
        Viewer("x", role)
