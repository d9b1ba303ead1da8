"""The house rules that a machine can check: sizes of modules and functions, and where I/O may stand."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_type_hints

import pytest

from db.access import BoundScope
from db.query import AggregateQuery
from db.tickets import TicketQuery
from tests.scope_law import breaches

ROOT = Path(__file__).parents[1]
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40

LONG_MODULES: dict[str, str] = {}
"""Modules over the limit, each with its reason."""
LONG_FUNCTIONS: dict[str, str] = {
    "db/migrations/versions/m0001_the_reporting_store.py:upgrade": "one statement a table, read as a list",
}
"""Functions over the limit, each with its reason."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}


def product_files() -> list[Path]:
    """The product's own modules, tests aside."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in listed if not name.startswith(("tests/", "benchmarks/")) and (ROOT / name).exists()]


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Every function of a module with its length in lines, docstring included."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("file", product_files(), ids=lambda f: str(f.relative_to(ROOT)))
def test_a_module_is_at_most_three_pages_and_its_functions_fit_a_screen(file: Path) -> None:
    name = str(file.relative_to(ROOT))
    lines = len(file.read_text().splitlines())

    long = [f"{name}:{f}" for f, n in functions(file) if n > MAX_FUNCTION_LINES and f"{name}:{f}" not in LONG_FUNCTIONS]

    assert lines <= MAX_MODULE_LINES or name in LONG_MODULES, f"{name} has {lines} lines"
    assert not long, long


def test_no_module_is_named_after_nothing() -> None:
    assert not [f for f in product_files() if f.stem in FORBIDDEN_NAMES]


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, and the public methods of those."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_every_public_function_and_method_says_what_comes_back() -> None:
    missing = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in product_files()
        if "migrations" not in file.parts
        for node in public(ast.parse(file.read_text()).body)
        if ast.get_docstring(node) is None
    ]

    assert not missing, missing


def test_reports_are_read_through_the_engine_alone() -> None:
    """Whoever reads facts goes through a snapshot; only the writer and the set-up hold connections of their own."""
    readers = [*(ROOT / "resolvers").glob("*.py"), *(ROOT / "schema").glob("*.py")]

    assert not [f.name for f in readers if "asyncpg" in f.read_text()]


def test_every_door_is_recorded() -> None:
    """Who asks is found, and a context made, by `rest_compat/recording.py` alone: no door can forget the audit log."""
    doors = [file for file in (ROOT / "rest_compat").rglob("*.py") if file.name != "recording.py"]

    assert not [f.name for f in doors if "identity.viewer(" in f.read_text() or "gateway.context(" in f.read_text()]


def test_the_rows_of_a_viewer_are_chosen_in_one_module() -> None:
    """The columns that decide which rows a viewer sees are picked by db/access.py alone (tests/scope_law.py)."""
    found = [breach for file in product_files() for breach in breaches(str(file.relative_to(ROOT)), file.read_text())]

    assert not found, found


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        ("resolvers/plan.py", "s = BoundScope(Realm.ALL, ())", "makes a BoundScope"),
        ("schema/query.py", "s = access.Scope(Realm.ALL, ())", "makes a Scope"),
        ("schema/query.py", "from db.access import _SEAL", "takes the seal"),
        ("schema/query.py", "s = db.access._SEAL", "takes the seal"),
        ("resolvers/loaders.py", "b = viewer.scope.bound({'O-001': 7})", "binds a scope"),
        ("db/compile.py", "c = query.scope.column", "asks a scope for its column"),
        ("resolvers/loaders.py", "x = self.engine.snapshot(None, see)", "opens a snapshot without the viewer's scope"),
        ("resolvers/loaders.py", "x = engine.snapshot()", "opens a snapshot without the viewer's scope"),
        ("db/compile.py", "w = f'team_id = ANY ({ids})'", "names a scope's column"),
        ("schema/agents.py", "COLUMN = 'agent_id'", "names a scope's column"),
        ("db/conditions.py", "w = f'team_id = ANY ({ids})'", "compares a scope's column"),
        ("db/conditions.py", "w = f'f.organization_id IN ({ids})'", "compares a scope's column"),
        ("db/compile_tickets.py", "w = '$1::int = t.organization_id'", "compares a scope's column"),
        ("db/directory.py", "w = f'{one} = agent_id'", "compares a scope's column"),
        ("db/directory.py", "s = 'SELECT subject FROM deskgraph.tickets'", "reads tickets' rows"),
        ("resolvers/tickets.py", "s = f'SELECT {x} FROM deskgraph.facts'", "reads tickets' rows"),
        ("db/engine.py", "s = 'SET LOCAL ROLE deskgraph_reader_of_all'", "sets a role or a scope"),
        ("resolvers/loaders.py", "s = \"SELECT set_config('deskgraph.scope', $1, true)\"", "sets a role or a scope"),
    ],
)
def test_the_law_of_scopes_finds_what_breaks_it(module: str, source: str, breach: str) -> None:
    assert [found.split(": ", 1)[1] for found in breaches(module, source)][:1] == [breach]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("db/compile.py", '"""A fact\'s team_id = that of its credit."""'),
        ("db/compile_tickets.py", "j = 'JOIN t ON t.organization_id = p.organization_id AND t.id = p.ticket_id'"),
        ("db/conditions.py", "c = {Dimension.TEAM: 'team_id'}"),
        ("db/importing/merge.py", "w = 'WHERE agent_id = ANY ($1)'"),
        ("resolvers/loaders.py", "x = self.engine.snapshot(self.viewer.scope, see)"),
        ("app.py", "def answer(scope: Scope) -> None: ..."),
    ],
)
def test_the_law_of_scopes_leaves_dimensions_keys_and_owners_alone(module: str, source: str) -> None:
    assert breaches(module, source) == []


@pytest.mark.parametrize("query", [AggregateQuery, TicketQuery])
def test_no_statement_can_be_asked_for_without_a_scope(query: type) -> None:
    (scope,) = [field for field in fields(query) if field.name == "scope"]

    assert get_type_hints(query)["scope"] is BoundScope
    assert scope.default is scope.default_factory is MISSING


def test_the_application_and_the_command_see_all_and_are_imported_by_none() -> None:
    inner = [file for file in product_files() if file.parent != ROOT and ROOT / "commands" not in file.parents]
    importers = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in inner
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _imported(node)
        if name.split(".")[0] in {"app", "cli", "commands", "identities", "settings"}
    ]

    assert not importers


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
