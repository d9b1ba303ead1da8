"""Saved reports: each viewer's own, under names of its own, as many as may be kept; and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest

from db.access import MATRIX, Capability, Role, Viewer
from db.saved_reports import MAX_NAME, MAX_QUERY_BYTES, MAX_REPORTS, Page
from db.walls import KEEPER
from tests.conftest import DEMO_NOW, MANAGER, VIEWERS, Asking, asking

FIELDS: Final = "id name page query createdAt updatedAt"
LIST: Final = f"{{ savedReports {{ nodes {{ {FIELDS} }} }} }}"
SAVE: Final = f"""mutation Save($name: String! = "Mine", $page: ReportPage! = EXPLORE, $query: String! = "", $id: ID) {{
  saveReport(name: $name, page: $page, query: $query, id: $id) {{ {FIELDS} }} }}"""
DELETE: Final = "mutation Delete($id: ID!) { deleteSavedReport(id: $id) }"
QUERY: Final = "period=last_30_days&timezone=Europe/Berlin&category=billing&category=none&by=team,%C3%A9quipe%20A"
OTHERS: Final = [
    replace(MANAGER, subject="M"),
    replace(MANAGER, subject="m "),
    replace(MANAGER, subject="m'; RESET ROLE; --"),
    replace(MANAGER, issuer="https://login.example.org/"),
    replace(MANAGER, subject="", issuer="m"),
    Viewer("n", Role.ADMIN),
]
"""Who is not the manager `m` of no issuer."""
MINE: Final = '{"issuer": "", "subject": "m"}'
COMPOSERS: Final = [role for role in Role if Capability.ADHOC_RUN in MATRIX[role]]


@pytest.fixture
async def own(database: str) -> AsyncIterator[Asking]:
    """Asks a store of the test's own."""
    async with asking(database) as found:
        yield found


async def saved(own: Asking, viewer: Viewer = MANAGER, **variables: Any) -> dict[str, Any]:
    """A report that is saved without a fault."""
    found: dict[str, Any] = (await own.data(SAVE, viewer, **variables))["saveReport"]
    return found


async def listed(own: Asking, viewer: Viewer = MANAGER) -> list[dict[str, Any]]:
    """A viewer's reports."""
    found: list[dict[str, Any]] = (await own.data(LIST, viewer))["savedReports"]["nodes"]
    return found


async def refused(own: Asking, document: str, viewer: Viewer = MANAGER, **variables: Any) -> tuple[str, str | None]:
    """Code and input of the one error of a document that gives nothing."""
    result = await own(document, viewer, **variables)
    assert not any((result.data or {}).values())
    (error,) = result.errors or ()
    return (error.extensions or {})["code"], (error.extensions or {}).get("parameter")


@pytest.mark.parametrize("role", COMPOSERS)
async def test_what_a_viewer_saves_is_listed_to_it_by_name(role: Role, own: Asking) -> None:
    viewer = VIEWERS[role]
    second = await saved(own, viewer, name=" Zürich, weekly ", page="OVERVIEW", query="")
    first = await saved(own, viewer, name="apples & pears", page="EXPLORE", query=QUERY)

    assert {**first, "id": None} == {
        "id": None,
        "name": "apples & pears",
        "page": "EXPLORE",
        "query": QUERY,
        "createdAt": DEMO_NOW.isoformat(),
        "updatedAt": DEMO_NOW.isoformat(),
    }
    assert second["name"] == "Zürich, weekly"
    assert await listed(own, viewer) == [first, second]


@pytest.mark.parametrize("page", Page)
async def test_every_page_can_be_saved(page: Page, own: Asking) -> None:
    assert (await saved(own, page=page.name))["page"] == page.name


async def test_saving_under_an_id_changes_that_report_and_its_instant(database: str) -> None:
    async with asking(database) as own:
        first = await saved(own, name="Before", query="period=today")
        other = await saved(own, name="Other")
    later = DEMO_NOW.replace(hour=5)
    async with asking(database, later) as own:
        changed = await saved(own, id=first["id"], name="After", page="TRENDS", query="grain=week")
        same = await saved(own, id=first["id"], name="After", page="TRENDS", query="grain=day")

        assert changed == {
            **first, "name": "After", "page": "TRENDS", "query": "grain=week", "updatedAt": later.isoformat(),
        }  # fmt: skip
        assert await listed(own) == [same, other]


async def test_a_deleted_report_is_gone_and_its_name_is_free(own: Asking) -> None:
    report = await saved(own)

    assert await own.data(DELETE, MANAGER, id=report["id"]) == {"deleteSavedReport": report["id"]}
    assert await listed(own) == []
    assert await refused(own, DELETE, id=report["id"]) == ("NOT_FOUND", "id")
    assert (await saved(own))["id"] != report["id"]


@pytest.mark.parametrize("other", OTHERS, ids=lambda v: f"{v.issuer} {v.subject}")
async def test_nobody_else_sees_changes_or_deletes_it(other: Viewer, own: Asking) -> None:
    report = await saved(own, query=QUERY)
    theirs = await saved(own, other)  # the same name

    assert await listed(own, other) == [theirs]
    assert await refused(own, SAVE, other, id=report["id"], name="Stolen") == ("NOT_FOUND", "id")
    assert await refused(own, DELETE, other, id=report["id"]) == ("NOT_FOUND", "id")
    assert await listed(own) == [report]


async def test_they_stay_with_the_subject_when_its_role_is_another(own: Asking) -> None:
    report = await saved(own)

    assert await listed(own, Viewer("m", Role.ANALYST)) == [report]


async def test_who_may_ask_nothing_of_its_own_saves_nothing(own: Asking) -> None:
    for document in (LIST, SAVE, DELETE):
        assert (await refused(own, document, VIEWERS[Role.CLIENT], id=str(uuid4())))[0] == "FORBIDDEN"
        assert own.statements == []


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "x" * (MAX_NAME + 1)}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "half \ud83d"}, "name"),
        ({"query": "?period=today"}, "query"),
        ({"query": "period=today#there"}, "query"),
        ({"query": "search=a b"}, "query"),
        ({"query": "search=é"}, "query"),
        ({"query": '"><script>'}, "query"),
        ({"query": "a=b\n"}, "query"),
        ({"query": "q" * (MAX_QUERY_BYTES + 1)}, "query"),
    ],
)
async def test_what_cannot_be_saved_is_told_by_its_input(given: dict[str, str], parameter: str, own: Asking) -> None:
    assert await refused(own, SAVE, **given) == ("BAD_USER_INPUT", parameter)
    assert own.statements == []
    assert await listed(own) == []


@pytest.mark.parametrize("id_", ["", "7", "x" * 5_000, "9b8d5014-bd16-4dbe-8c66-cb45f99dbf81", "' OR true --"])
async def test_an_id_of_nothing_is_not_found(id_: str, own: Asking) -> None:
    await saved(own)

    assert await refused(own, SAVE, id=id_, name="Other") == ("NOT_FOUND", "id")
    assert await refused(own, DELETE, id=id_) == ("NOT_FOUND", "id")
    assert len(await listed(own)) == 1


async def test_the_longest_name_and_query_fit(own: Asking) -> None:
    name, query = "\N{GRINNING FACE}" * MAX_NAME, "q" * MAX_QUERY_BYTES

    report = await saved(own, name=name, query=query)

    assert (report["name"], report["query"]) == (name, query)


async def test_a_name_is_one_reports_however_it_is_written(own: Asking) -> None:
    report = await saved(own, name="Caf\u00e9")
    other = await saved(own, name="Tea")

    assert await refused(own, SAVE, name=" Cafe\u0301 ") == ("BAD_USER_INPUT", "name")
    assert await refused(own, SAVE, id=other["id"], name="Caf\u00e9") == ("BAD_USER_INPUT", "name")
    assert await listed(own) == [report, other]


async def test_as_many_as_may_be_are_kept_also_when_they_come_at_once(own: Asking, database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO deskgraph.saved_reports SELECT gen_random_uuid(), '', 'm', 'n' || n, 'explore', '', now(), now()"
        f" FROM generate_series(1, {MAX_REPORTS - 2}) AS n"
    )
    await connection.close()

    at_once = await asyncio.gather(*(own(SAVE, MANAGER, name=f"at once {n % 3}") for n in range(9)))

    made = [one for one in at_once if one.errors is None]
    assert len(made) == 2
    assert {(e.extensions or {})["code"] for one in at_once for e in one.errors or ()} == {"BAD_USER_INPUT"}
    reports = await listed(own)
    assert len(reports) == MAX_REPORTS
    await saved(own, id=reports[0]["id"], name="another", query="a=b")
    await saved(own, replace(MANAGER, subject="n"))


@pytest.mark.parametrize("subject", ["a\x00b", "half \ud83d"])
async def test_a_subject_that_cannot_be_stored_is_told_so(subject: str, own: Asking) -> None:
    viewer = replace(MANAGER, subject=subject)

    assert (await refused(own, LIST, viewer))[0] == "BAD_USER_INPUT"
    assert (await refused(own, SAVE, viewer))[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize(("document", "statements"), [(LIST, 1), (SAVE, 3)])
async def test_it_takes_few_statements(document: str, statements: int, own: Asking) -> None:
    await own.data(document, MANAGER)

    assert len(own.statements) == statements


async def test_a_fault_on_the_way_leaves_nothing(own: Asking) -> None:
    document = (
        'mutation { a: saveReport(name: "A", page: EXPLORE, query: "") { id }'
        ' b: saveReport(name: "A", page: EXPLORE, query: "") { id }'
        ' c: saveReport(name: "C", page: EXPLORE, query: "") { id } }'
    )

    result = await own(document, MANAGER)

    assert result.data is not None
    assert [result.data[name] is None for name in "abc"] == [False, True, False]
    assert [one["name"] for one in await listed(own)] == ["A", "C"]


async def test_the_keeper_sees_the_rows_of_its_transactions_holder_alone(own: Asking, database: str) -> None:
    """The second wall, with the first taken away: statements that name no holder."""
    for viewer in (MANAGER, *OTHERS):
        await saved(own, viewer)
    connection = await asyncpg.connect(database)
    changes = ("UPDATE deskgraph.saved_reports SET query = 'a=b'", "DELETE FROM deskgraph.saved_reports")

    async def touched(setting: str | None) -> list[int]:
        found = []
        for sql in ("SELECT 1 FROM deskgraph.saved_reports", *changes):
            async with connection.transaction():
                await connection.execute(f"SET LOCAL ROLE {KEEPER}")
                if setting is not None:
                    await connection.execute(f"SET LOCAL deskgraph.holder = '{setting}'")
                found.append(int((await connection.execute(sql)).rpartition(" ")[2]))
        return found

    assert await touched(None) == await touched("") == await touched("{}") == [0, 0, 0]
    assert await touched('{"subject": "m"}') == [0, 0, 0]
    assert await touched(MINE) == [1, 1, 1]
    others = (
        f"BEGIN; SET LOCAL ROLE {KEEPER}; SET LOCAL deskgraph.holder = '{MINE}'; INSERT INTO deskgraph.saved_reports"
        " VALUES (gen_random_uuid(), '', 'n', 'x', 'explore', '', now(), now())"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await connection.execute(others)
    await connection.execute("ROLLBACK")
    assert await connection.fetchval("SELECT count(*) FROM deskgraph.saved_reports") == len(OTHERS)
    await connection.close()
