"""What can be picked, on a real database: what each role sees, how it is found, paged and refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from db.access import Role, Viewer
from db.directory import Entity
from db.importing.writer import import_rows
from db.query import Dimension
from db.sources.files import open_source
from resolvers.pseudonyms import Pseudonyms
from tests.conftest import DEMO_NOW, MANAGER, VIEWERS, Asking, asking, new_database

FIELDS: Final = {
    "agents": Dimension.AGENT,
    "teams": Dimension.TEAM,
    "categories": Dimension.CATEGORY,
    "organizations": Dimension.ORGANIZATION,
    "tags": Dimension.TAG,
}
EVERY: Final = "SELECT external_id, name FROM deskgraph.{}"
OF_A_TEAM: Final = (
    "SELECT a.external_id, a.name FROM deskgraph.agents AS a, deskgraph.teams AS t"
    " WHERE t.id = a.team_id AND t.external_id = 'billing'"
)
OWN_TEAM: Final = (
    "SELECT t.external_id, t.name FROM deskgraph.agents AS a, deskgraph.teams AS t"
    " WHERE t.id = a.team_id AND a.external_id = 'A-07'"
)
SEEN: Final[dict[tuple[str, Role], str | None]] = {
    ("agents", Role.TEAM_LEAD): OF_A_TEAM,
    ("agents", Role.AGENT): EVERY.format("agents WHERE external_id = 'A-07'"),
    ("agents", Role.CLIENT): None,
    ("teams", Role.TEAM_LEAD): EVERY.format("teams WHERE external_id = 'billing'"),
    ("teams", Role.AGENT): OWN_TEAM,
    ("teams", Role.CLIENT): None,
    ("tags", Role.CLIENT): None,
    ("organizations", Role.CLIENT): EVERY.format("organizations WHERE external_id = 'O-001'"),
}
"""What a role sees of a list by an independent query, where that is not all of it; None: it is refused."""
BY_PSEUDONYM: Final = {("agents", Role.ANALYST), ("organizations", Role.ANALYST)}
HARD: Final = ["50% off", "50 percent off", "a_b", "axb", "Back\\slash", "ÉCLAIR", "éclair", "Zed", "zed", "it's"]
"""Names with the signs of patterns, with letters of two cases, and alike but for their case."""


async def rows(dsn: str, sql: str) -> list[tuple[str, str]]:
    """What a query of the test's own brings, by name, then by id."""
    connection = await asyncpg.connect(dsn)
    try:
        found = [(row[0], row[1]) for row in await connection.fetch(sql)]
    finally:
        await connection.close()
    return sorted(found, key=lambda one: (one[1].lower(), one[0]))


async def listed(ask: Asking, field: str, viewer: Viewer, size: int, **given: Any) -> list[tuple[str, str]]:
    """A whole list, page by page; each page says the same total."""
    asked = f"first: {size}, after: $after, search: $search, ids: $ids"
    document = f"""query($after: String, $search: String, $ids: [ID!]) {{
        {field}({asked}) {{ total nextCursor nodes {{ id name }} }} }}"""
    found: list[tuple[str, str]] = []
    after, totals = None, set()
    while True:
        page = (await ask.data(document, viewer, after=after, **given))[field]
        assert len(page["nodes"]) <= size
        found += [(node["id"], node["name"]) for node in page["nodes"]]
        totals.add(page["total"])
        after = page["nextCursor"]
        if after is None:
            assert totals == {len(found)}
            return found
        assert len(page["nodes"]) == size


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("field", FIELDS)
async def test_each_role_picks_from_what_it_may_see(field: str, role: Role, ask: Asking, demo_database: str) -> None:
    sql = SEEN.get((field, role), EVERY.format(field))

    if sql is None:
        result = await ask(f"{{ {field} {{ total }} }}", VIEWERS[role])
        assert result.data == {field: None}
        assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["FORBIDDEN"]
        assert not ask.statements
        return
    expected = await rows(demo_database, sql)
    if (field, role) in BY_PSEUDONYM:
        shown = [Pseudonyms(b"pseudonyms", role).of(FIELDS[field], Entity(*one)) for one in expected]
        expected = sorted(((one.id, one.name) for one in shown), key=lambda one: one[1])

    for size in (500, 7):
        assert await listed(ask, field, VIEWERS[role], size) == expected
    assert expected


async def test_an_agent_is_shown_with_its_team_and_whether_it_works_here(ask: Asking, demo_database: str) -> None:
    document = "{ agents(first: 500) { nodes { id active team { id name } } } }"
    sql = (
        "SELECT a.external_id, active, t.external_id, t.name"
        " FROM deskgraph.agents AS a LEFT JOIN deskgraph.teams AS t ON t.id = a.team_id"
    )

    nodes = (await ask.data(document, MANAGER))["agents"]["nodes"]

    connection = await asyncpg.connect(demo_database)
    expected = {tuple(row) for row in await connection.fetch(sql)}
    await connection.close()
    team = [node["team"] or {"id": None, "name": None} for node in nodes]
    assert {(n["id"], n["active"], t["id"], t["name"]) for n, t in zip(nodes, team, strict=True)} == expected
    assert {active for _, active, _, _ in expected} == {True, False}


@pytest.fixture(scope="module")
async def hard(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asking]:
    """Asks a desk whose categories have hard names."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        await put_in(dsn, categories(tmp_path_factory.mktemp("hard"), HARD))
        async with asking(dsn, DEMO_NOW) as found:
            yield found


async def put_in(dsn: str, folder: Path) -> None:
    """Imports a folder without a bad row."""
    rejects: list[Any] = []
    await import_rows(dsn, open_source(folder, None), on_reject=rejects.append, on_progress=lambda _: None)
    assert not rejects


def categories(folder: Path, names: list[str]) -> Path:
    """A folder to import, with categories c-0, c-1, ..."""
    lines = ["id,name", *(f'c-{number},"{name}"' for number, name in enumerate(names))]
    (folder / "categories.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", "É", "é", "ZED", "50 PER", "c-1", "C-1", " ", "nothing", "%%", ""]
)
async def test_a_search_finds_a_part_of_a_name_or_an_id_whatever_its_case(text: str, hard: Asking) -> None:
    expected = [
        (f"c-{number}", name)
        for number, name in enumerate(HARD)
        if text.lower() in name.lower() or text.lower() in f"c-{number}"
    ]

    for size in (500, 1):
        found = await listed(hard, "categories", MANAGER, size, search=text)
        assert found == sorted(expected, key=lambda one: (one[1].lower(), one[0]))


async def test_ids_are_found_as_they_are_and_beside_a_search(hard: Asking) -> None:
    assert await listed(hard, "categories", MANAGER, 1, ids=["c-4", "c-1", "c-1", "none"]) == [
        ("c-1", HARD[1]),
        ("c-4", HARD[4]),
    ]
    assert await listed(hard, "categories", MANAGER, 1, ids=["c-4", "c-1"], search="50") == [("c-1", HARD[1])]
    assert await listed(hard, "categories", MANAGER, 1, ids=[]) == []


@pytest.mark.parametrize(
    ("field", "viewer", "id_", "is_seen"),
    [
        ("agents", Role.TEAM_LEAD, "A-07", False),
        ("agents", Role.AGENT, "A-08", False),
        ("teams", Role.TEAM_LEAD, "billing", True),
        ("organizations", Role.CLIENT, "O-002", False),
        ("organizations", Role.CLIENT, "O-001", True),
    ],
)
async def test_what_is_outside_of_the_scope_is_found_neither_by_id_nor_by_search(
    field: str, viewer: Role, id_: str, is_seen: bool, ask: Asking, demo_database: str
) -> None:
    there = await rows(demo_database, EVERY.format(f"{field} WHERE external_id = '{id_}'"))
    assert len(there) == 1

    assert await listed(ask, field, VIEWERS[viewer], 500, ids=[id_]) == (there if is_seen else [])
    assert await listed(ask, field, VIEWERS[viewer], 500, search=there[0][1]) == (there if is_seen else [])


@pytest.mark.parametrize("field", ["agents", "organizations"])
@pytest.mark.parametrize("given", ['search: "a"', 'ids: ["A-07"]', "ids: []"])
async def test_who_sees_pseudonyms_searches_for_nobody(field: str, given: str, ask: Asking) -> None:
    result = await ask(f"{{ {field}({given}) {{ total }} }}", VIEWERS[Role.ANALYST])

    assert result.data == {field: None}
    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["FORBIDDEN"]
    assert not ask.statements


@pytest.mark.parametrize(
    "given",
    [
        "first: 0",
        "first: 501",
        'after: "x"',
        'after: "W10"',
        f'search: "{"x" * 201}"',
        'search: "\\u0000"',
        'ids: ["\\u0000"]',
        f"ids: {list(range(501))}",
    ],
)
async def test_what_cannot_be_asked_is_the_askers_fault(given: str, ask: Asking) -> None:
    result = await ask(f"{{ tags({given}) {{ total }} }}", MANAGER)

    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["BAD_USER_INPUT"]
    assert not ask.statements


@pytest.mark.parametrize(
    ("field", "given", "viewer"),
    [
        ("categories", "", MANAGER),
        ("organizations", 'search: "a"', MANAGER),
        ("organizations", "", VIEWERS[Role.ANALYST]),
    ],
)
async def test_a_cursor_is_of_its_own_list_alone(field: str, given: str, viewer: Viewer, ask: Asking) -> None:
    page = await ask.data("{ organizations(first: 1) { nextCursor } }", MANAGER)
    cursor = page["organizations"]["nextCursor"]

    result = await ask(f'{{ {field}(after: "{cursor}", {given}) {{ total }} }}', viewer)

    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["BAD_USER_INPUT"]


async def test_pickers_of_one_operation_take_a_statement_each_and_share_a_snapshot(ask: Asking) -> None:
    fields = " ".join(f"{field} {{ total }}" for field in FIELDS)

    data = await ask.data(f'{{ {fields} again: tags {{ nodes {{ id }} }} of: tags(search: "a") {{ total }} }}', MANAGER)

    assert len(ask.statements) == len(FIELDS) + 1  # the same list twice is asked once
    assert data["tags"]["total"] >= data["of"]["total"] > 0


async def test_more_pickers_than_one_operation_may_have_are_refused_before_any_is_read(ask: Asking) -> None:
    fields = " ".join(f'a{number}: tags(search: "{number}") {{ total }}' for number in range(21))

    result = await ask(f"{{ {fields} }}", MANAGER)

    assert {(error.extensions or {})["code"] for error in result.errors or ()} == {"QUERY_TOO_COMPLEX"}
    assert not ask.statements


async def test_a_new_name_is_another_version_of_the_store(database: str, tmp_path: Path) -> None:
    """So an answer that was kept is kept no longer."""
    seen = []
    for name in ("Before", "After"):
        await put_in(database, categories(tmp_path, [name]))
        async with asking(database, DEMO_NOW) as then:
            data = await then.data(
                "{ categories { nodes { id name } } report(period: {preset: TODAY}) { dataVersion } }", MANAGER
            )
        seen.append((data["categories"]["nodes"], data["report"]["dataVersion"]))

    (before, first), (after, second) = seen
    assert (before, after) == ([{"id": "c-0", "name": "Before"}], [{"id": "c-0", "name": "After"}])
    assert first != second
