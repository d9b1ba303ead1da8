"""The SQL of what can be picked: see `test_compiled_sql` beside this."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.access import Role
from db.pickers import PickerQuery, Position, compile_picker
from db.query import Dimension
from tests.conftest import VIEWERS
from tests.golden.test_compiled_sql import MAX_LINES, REWRITE

HERE = Path(__file__).parent / "pickers"
QUERIES = {
    "categories": PickerQuery(VIEWERS[Role.MANAGER].scope, Dimension.CATEGORY, first=50),
    "agents_of_teams": PickerQuery(
        VIEWERS[Role.TEAM_LEAD].scope, Dimension.AGENT, "50%_", first=50, after=Position("ada", "A-1")
    ),
    "team_of_an_agent": PickerQuery(VIEWERS[Role.AGENT].scope, Dimension.TEAM, ids=("billing",), first=50),
    "own_organization": PickerQuery(VIEWERS[Role.CLIENT].scope, Dimension.ORGANIZATION),
    "no_agents": PickerQuery(VIEWERS[Role.CLIENT].scope, Dimension.AGENT),
}


@pytest.mark.parametrize("name", QUERIES)
def test_what_can_be_picked_compiles_to_the_sql_that_is_written_down(name: str) -> None:
    file = HERE / f"{name}.sql"
    statement = compile_picker(QUERIES[name])
    parameters = "; ".join(f"${number} = {value}" for number, value in enumerate(statement.arguments, start=1))

    found = f"{statement.sql}\n-- {parameters}\n"
    if REWRITE:
        file.write_text(found)

    assert file.read_text() == found
    assert len(found.splitlines()) <= MAX_LINES


def test_every_file_belongs_to_a_query() -> None:
    assert {file.stem for file in HERE.glob("*.sql")} == set(QUERIES)


def test_each_realm_opens_other_agents() -> None:
    texts = {role: compile_picker(PickerQuery(VIEWERS[role].scope, Dimension.AGENT)).sql for role in Role}

    assert len({texts[Role.ADMIN], texts[Role.MANAGER], texts[Role.ANALYST]}) == 1
    assert len(set(texts.values())) == 4
