"""The house rules that a machine can check: sizes of modules and functions, and where I/O may stand."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def test_every_public_function_says_what_comes_back() -> None:
    missing = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file in product_files()
        if "migrations" not in file.parts
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]

    assert not missing, missing


def test_reports_are_read_through_the_engine_alone() -> None:
    """Whoever reads facts goes through a snapshot; only the writer and the set-up hold connections of their own."""
    readers = [*(ROOT / "resolvers").glob("*.py"), *(ROOT / "schema").glob("*.py")]

    assert not [f.name for f in readers if "asyncpg" in f.read_text()]


def test_scope_columns_are_chosen_in_one_module() -> None:
    """The columns that decide which rows a viewer sees are picked by db/access.py alone."""
    makers = [
        str(file.relative_to(ROOT))
        for file in product_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Scope", "BoundScope"}
    ]

    assert set(makers) == {"db/access.py"}


def test_the_application_and_the_command_see_all_and_are_imported_by_none() -> None:
    inner = [file for file in product_files() if file.parent != ROOT]
    importers = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in inner
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _imported(node)
        if name.split(".")[0] in {"app", "cli", "cli_identity", "identities", "settings"}
    ]

    assert not importers


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
