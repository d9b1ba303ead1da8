"""Every command and every query of the pages is run: against the demo, behind the real gateway, each page in order."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import pytest
from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, parse, print_ast

from db.grants import KEEPER, READER, READER_OF_ALL, RECORDER, WORKER
from db.walls import INTAKE
from tests.pages.blocks import API, Block, after, answer_to, blocks, blocks_of, path_of
from tests.pages.desk import NAMES, Desk, desk
from tests.pages.shell import run
from tests.stores import ROOT, running


@pytest.fixture(scope="module")
async def at_desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The desk of all pages: on a server of its own, since pages make roles."""
    folder = tmp_path_factory.mktemp("pages")
    with running(folder / "postgresql") as cluster:
        async with desk(cluster, folder) as found:
            yield found


TICKETS: Final = "id,created_at,status,priority\nD-1,2024-01-31T09:30:00Z,open,high\n"
SUGGESTED: Final = "Case Number;Opened On;Severity;Case Status\nC-1;31.01.2024 09:30;P1 - Critical;Closed\n"
FILES: Final = {
    "README.md": {"tickets-folder/tickets.csv": TICKETS, "export.csv": SUGGESTED},
}
"""The readers' own files that a page speaks of."""
ADDRESS: Final = "http://127.0.0.1:8000"
RUN_ELSEWHERE: Final = {
    "docs/import.md": "tests/db/suggest/test_walk.py walks through it, and looks at what became of it",
    **API,
}
"""Pages whose commands another test runs, each with which."""
WITH_SHELL: Final = [
    page for page in dict.fromkeys(block.page for block in blocks("sh")) if path_of(page) not in RUN_ELSEWHERE
]
SQL_NOT_RUN: Final = {"docs/distributed.md": "asks an extension that the embedded PostgreSQL has not"}
"""Pages whose SQL no test of the pages runs, each with its reason."""


async def with_portal(at_desk: Desk, page: Path) -> dict[str, str]:
    """The address of a page's portal, as the page has it and as it is: through the login that the page's SQL makes."""
    name = NAMES.get(page.stem)
    if name is None:
        return {}
    (block,) = (block for block in blocks_of(page) if block.kind == "sql")
    (role,) = re.findall(r"CREATE ROLE (\w+) LOGIN", block.text)
    own = f"{role}_{page.stem}"
    connection = await asyncpg.connect(at_desk.portals[name])
    try:
        await connection.execute(block.text.replace(role, own))
    finally:
        await connection.close()
    return {r"postgresql://[^@\s]+@[^'\s]+": re.sub(r"//[^@]*@", f"//{own}:choose%20one@", at_desk.portals[name])}


def lay_files(page: Path, folder: Path) -> None:
    """Puts a page's files where its commands look for them: its TOML, and what readers have of their own."""
    shown = [block for block in blocks_of(page) if block.kind == "toml"]
    asked = {
        name for block in blocks_of(page) if block.kind == "sh" for name in re.findall(r"\b[\w-]+\.toml", block.text)
    }
    files = dict.fromkeys(asked, shown[0].text) if shown and page.parent.name == "sources" else {}
    for name, text in {**files, **FILES.get(path_of(page), {})}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def shape(answer: Any) -> set[str]:
    """The names that an answer has, each with the way to it; of a list those of its first element."""
    if isinstance(answer, dict):
        return {f"{name}.{inner}" for name, part in answer.items() for inner in shape(part)} | set(answer)
    return shape(answer[0]) if isinstance(answer, list) and answer else set()


def told(block: Block, printed: str) -> None:
    """Checks what is shown after a block against what it printed."""
    for status in re.findall(r"# (\d{3})$", block.text, re.M):
        assert status in printed.split()
    shown, answer = after(block), answer_to(block)
    if shown is not None and shown.kind == "":
        pattern = ".*".join(re.escape(part) for part in re.split(r"\{?\.\.\.\}?", shown.text.strip()))
        assert re.search(pattern, printed, re.S), f"{shown.name}: {printed[-800:]}"
    if answer is not None:
        names = {name for name in shape(json.loads(answer.text)) if "..." not in name}
        assert names <= shape(json.loads(printed)), block.name


@pytest.mark.parametrize("page", WITH_SHELL, ids=path_of)
async def test_a_pages_commands_end_well_and_print_what_it_shows(at_desk: Desk, page: Path, tmp_path: Path) -> None:
    shown = [block for block in blocks_of(page) if block.kind == "sh"]
    lay_files(page, tmp_path)
    changes = {
        ADDRESS: at_desk.gateway.url,
        "3f9c0a17b2de": "$(deskgraph keys list --json | grep -o '[0-9a-f]\\{12\\}' | head -n 1)",
        r"export DESKGRAPH_DATA_DIR=\.deskgraph-restored": f"export DESKGRAPH_DATABASE_URL={at_desk.empty}",
        **await with_portal(at_desk, page),
    }

    store = at_desk.store if any(ADDRESS in block.text for block in shown) else at_desk.small
    found = await run(shown, tmp_path, store, changes, TOKEN=at_desk.gateway.token("manager"))

    refusals = [block for block in shown if (answer := answer_to(block)) and '"status": 4' in answer.text]
    assert len(found.refused.splitlines()) == len(refusals), found.refused
    for block, printed in found.printed.items():
        told(block, printed)


async def test_what_is_to_be_tried_is_refused_as_the_table_says(at_desk: Desk, tmp_path: Path) -> None:
    page = ROOT / "docs" / "rest.md"
    rows = re.findall(r"^\| (\d{3}) \|.*\| `((?:ask|curl|head) .+?)` \|$", page.read_text(), re.M)
    first, *_ = (block for block in blocks_of(page) if block.kind == "sh")
    status = "-s -o /dev/null -w '%{http_code}\\n'"
    tried = "".join(
        re.sub(r"\b(ask|curl) ", rf"\1 {status} ".replace("\\n", "\\\\n"), row.replace("\\|", "|"), count=1) + "\n"
        for _, row in rows
    )
    script = Block(page, first.line, "sh", first.text + tried)

    found = await run([script], tmp_path, at_desk.store, {ADDRESS: at_desk.gateway.url})

    assert len(rows) > 6
    assert found.printed[script].split() == [code for code, _ in rows]


GIVEN: Final = {
    "since": "2026-01-01T00:00:00Z",
    "order": {"report": "tickets", "format": "csv", "period": "last_month", "metric": "openTickets"},
    "after": None,
}
"""Values of variables that a page leaves to its reader."""


REFUSED: Final = {"deliverAgain": "NOT_FOUND"}
"""Fields that have nothing to work on here, and the code that says so: no delivery is uncertain."""


def operations(block: Block) -> Iterator[tuple[OperationDefinitionNode, str]]:
    """The operations of a block, each as a document of its own with the fragments that it spreads."""
    document = parse(block.text)
    fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            used = [part for part in fragments if f"...{part.name.value}" in block.text.replace("... ", "...")]
            yield one, print_ast(DocumentNode(definitions=(one, *used)))


def variables(operation: OperationDefinitionNode, block: Block, ids: dict[str, str]) -> dict[str, Any]:
    """What an operation is given: what stands below it, or what the page leaves to its reader."""
    names = [one.variable.name.value for one in operation.variable_definitions or ()]
    below = after(block)
    shown = json.loads(below.text) if below is not None and below.kind == "json" else {}
    if names and set(names) <= set(shown):
        return dict(shown)
    last = {"id": [*ids.values()][-1] if ids else "", "report": ids.get("saveReport", "")}
    return {name: {**GIVEN, **last}[name] for name in names}


@pytest.mark.parametrize("page", dict.fromkeys(block.page for block in blocks("graphql")), ids=path_of)
async def test_a_pages_queries_are_answered(at_desk: Desk, page: Path) -> None:
    ids: dict[str, str] = {}
    async with httpx.AsyncClient(
        base_url=at_desk.gateway.url, headers=at_desk.gateway.bearer("admin"), timeout=60
    ) as client:
        for block in (block for block in blocks_of(page) if block.kind == "graphql"):
            for operation, document in operations(block):
                text = re.sub(r'"[0-9a-z]+\.\.\."', lambda _: json.dumps([*ids.values()][-1]), document)
                given = variables(operation, block, ids)
                answer = (await client.post("/graphql", json={"query": text, "variables": given})).json()
                codes = {one["path"][0]: one["extensions"]["code"] for one in answer.get("errors", ())}
                assert codes == {field: REFUSED[field] for field in answer["data"] if field in REFUSED}, (
                    block.name,
                    answer,
                )
                for field, part in answer["data"].items():
                    if operation.operation.value == "mutation" and isinstance(part, dict):
                        ids[field] = part["id"]


@pytest.mark.parametrize("block", [*blocks("sql")], ids=lambda block: block.name)
async def test_sql_can_be_run(at_desk: Desk, block: Block) -> None:
    if path_of(block.page) in SQL_NOT_RUN:
        return
    # Roles are of the whole server, where the store's are already: here all have another name.
    text = re.sub(r"\bdeskgraph_(\w+)", r"paged_\1", block.text)
    dsn = at_desk.portals[NAMES[block.page.stem]] if block.page.stem in NAMES else at_desk.store
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    try:
        if dsn == at_desk.store:
            await connection.execute("CREATE ROLE the_owner")
            named = set(re.findall(r"\bpaged_(?:reader_of_all|reader|recorder|keeper|worker|intake)\b", text))
            made = set(re.findall(r"CREATE ROLE (\w+)", text))
            for role in named - made:
                await connection.execute(f"CREATE ROLE {role}")
            told = {role.replace("paged_", "deskgraph_") for role in named}
            of_servers = {READER, READER_OF_ALL, RECORDER, KEEPER, WORKER}
            assert told in (of_servers, of_servers | {INTAKE}, {INTAKE})
        await connection.execute(text)
    finally:
        await transaction.rollback()
        await connection.close()
