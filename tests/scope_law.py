"""The law that keeps the choice of a viewer's rows in one module, as a function of a module's text.

It knows names and SQL text, not values: a column that travels in a variable is found where it is first written down,
and that may be in the modules listed here alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

MAKER: Final = "db/access.py"
COLUMNS: Final = r"(?:organization_id|team_id|agent_id)"

MAY_NAME_COLUMNS: Final[Mapping[str, str]] = {
    MAKER: "which column a realm is about",
    "db/conditions.py": "the dimensions that filters and groups name",
    "db/compile_tickets.py": "the keys that join a fact with its ticket, and a node's columns",
    "db/directory.py": "the team that an agent belongs to",
    "db/pickers.py": "the team that an agent belongs to",
    "db/tickets.py": "a node's columns",
    "db/metric.py": "whether a fact is credited to nobody",
    "db/catalog/demo_slice.py": "the documentation's examples, worked out without a database",
    "db/distribution.py": "what tables are distributed by",
    "db/grants.py": "the columns of agents that may be read",
    "db/models.py": "the tables",
    "db/importing/": "the owner writes them",
    "db/rollups/cuboids.py": "what the keys of rollups are called",
    "db/rollups/upkeep/": "the owner writes them",
    "db/migrations/": "the owner makes them, and the policies of the second wall",
    "db/sync/freshdesk/translation.py": "fields of Freshdesk's answers",
    "db/sync/zendesk/": "fields of Zendesk's answers",
    "resolvers/tickets.py": "what a row points to, for its names",
}
"""Where the columns that scopes are about may stand in a string, and as what."""
OWNERS_OWN: Final = ("db/models.py", "db/importing/", "db/rollups/upkeep/", "db/migrations/")
"""What runs as the owner, for no viewer."""
MAY_READ_ROWS: Final = (*OWNERS_OWN, "db/compile.py", "db/compile_tickets.py", "db/walls.py", "db/version.py")
"""Where a table of tickets' rows may be named: the compilers, which take a scope; db/walls.py asks of its policies;
db/version.py asks when the next fact of anybody begins to count, which only ends how long an answer is kept."""
MAY_LOOK_WITHOUT_VIEWER: Final = ("db/", "app.py", "cli.py", "schema/machines.py")
"""Where a snapshot may be opened before it is known who asks: of it, no ticket's row is visible; keys are looked up."""
MAY_OPEN: Final = ("db/walls.py", "db/grants.py", "db/migrations/")
"""Where a transaction's role and scope may be set."""

_COMPARED = re.compile(r"([\w.{}]+)\s*(?:=|<>|!=|<=?|>=?|&&|@>|<@|\bIN\b|\bIS\b|\bBETWEEN\b)\s*([\w.{}$(]+)")
_COLUMN_OF = re.compile(rf"(?:\w+\.)?{COLUMNS}")


def breaches(module: str, source: str) -> list[str]:
    """What in a module's text breaks the law, each with its line."""
    tree = ast.parse(source)
    found = [f"{module}:{line}: {what}" for line, what in _calls(module, tree)]
    for line, text in _texts(tree):
        found += [f"{module}:{line}: {what}" for what, broken in _OF_TEXT.items() if broken(module, text)]
    return found


def _calls(module: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _name(node.func)
            if called in {"Scope", "BoundScope"} and module != MAKER:
                yield node.lineno, f"makes a {called}"
            if called == "bound" and module not in {MAKER, "resolvers/plan.py"}:
                yield node.lineno, "binds a scope"
            if called == "snapshot" and not module.startswith(MAY_LOOK_WITHOUT_VIEWER) and not _of_scope(node):
                yield node.lineno, "opens a snapshot without the viewer's scope"
        asks = isinstance(node, ast.Attribute) and node.attr == "column" and _name(node.value) == "scope"
        if asks and module not in {MAKER, "db/conditions.py"}:
            yield getattr(node, "lineno", 0), "asks a scope for its column"
        if "_SEAL" in (_name(node), *(_imported(node))) and module != MAKER:
            yield getattr(node, "lineno", 0), "takes the seal"


def _of_scope(call: ast.Call) -> bool:
    return bool(call.args) and _name(call.args[0]) == "scope"


def _imported(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is no docstring; an f-string as one, its values as {}."""
    silent: set[ast.AST] = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= set(node.values)
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            yield node.lineno, node.value


def _compares_a_column(module: str, text: str) -> bool:
    """A scope's column stands beside something that is neither another table's column nor 0, which is unset."""
    if module.startswith(OWNERS_OWN):
        return False
    return any(
        any(_COLUMN_OF.fullmatch(side) for side in sides)
        and "0" not in sides
        and not all(re.fullmatch(r"\w+\.\w+", side) for side in sides)
        for sides in _COMPARED.findall(text)
    )


_OF_TEXT: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "names a scope's column": lambda module, text: (
        bool(re.search(rf"\b{COLUMNS}\b", text)) and not module.startswith(tuple(MAY_NAME_COLUMNS))
    ),
    "compares a scope's column": _compares_a_column,
    "reads tickets' rows": lambda module, text: (
        bool(re.search(r"deskgraph\.(?:facts|tickets|ticket_events|ratings)\b", text))
        and not module.startswith(MAY_READ_ROWS)
    ),
    "sets a role or a scope": lambda module, text: (
        bool(re.search(r"\bSET (?:LOCAL |SESSION )?ROLE\b|\bdeskgraph\.scope\b|set_config", text, re.IGNORECASE))
        and not module.startswith(MAY_OPEN)
    ),
}
