"""docs/cookbook.md: each query is asked as the role that it names, and answers what the page shows.

`make examples` writes the answers anew.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any, Final

import pytest

from db.access import Role
from tests.conftest import ROOT, VIEWERS, Asking
from tests.contract.test_readme import written

PAGE: Final = ROOT / "docs" / "cookbook.md"
RECIPE: Final = re.compile(
    r"^### (?P<number>\d+)\. (?P<question>[^\n]+)\n\n(?P<text>.+?) \*As an? (?P<role>[a-z_]+)\b[^*\n]*\*\n\n"
    r"```graphql\n(?P<asked>.*?)```\n\n```json\n(?P<variables>.*?)```\n\n```json\n(?P<answer>.*?)```\n",
    re.M | re.S,
)
MANY: Final = {"objects": 2, "numbers": 8}
"""So much of a list is shown: of objects, and of anything else."""
VOLATILE: Final = ("milliseconds", "nextCursor")


def recipes() -> list[re.Match[str]]:
    """The questions, in order."""
    return list(RECIPE.finditer(PAGE.read_text()))


def beginning(answer: Any) -> Any:
    """An answer without the rest of long lists, and without what differs from one store, or moment, to the next."""
    if isinstance(answer, dict):
        return {name: "..." if name in VOLATILE and part else beginning(part) for name, part in answer.items()}
    if not isinstance(answer, list):
        return answer
    shown = MANY["objects" if answer and isinstance(answer[0], dict) else "numbers"]
    return [beginning(part) for part in answer[:shown]] + (["..."] if len(answer) > shown else [])


async def answered(ask: Asking, recipe: re.Match[str]) -> Any:
    """What the gateway answers to a recipe's role; to an admin with the plan."""
    viewer = VIEWERS[Role(recipe["role"])]
    result = await ask(recipe["asked"], viewer, **json.loads(recipe["variables"]))
    assert result.errors is None, result.errors
    plan = {"extensions": {"plan": result.extensions["plan"]}} if "plan" in (result.extensions or {}) else {}
    return beginning({"data": result.data, **plan})


def test_there_are_thirty_questions_with_names_of_their_own() -> None:
    found = recipes()

    assert [int(recipe["number"]) for recipe in found] == list(range(1, 31))
    assert len({re.findall(r"^query (\w+)", recipe["asked"])[0] for recipe in found}) == 30


def test_most_roles_that_may_ask_anything_do() -> None:
    assert {recipe["role"] for recipe in recipes()} == {role.value for role in Role} - {"client"}


@pytest.mark.parametrize("number", range(1, 31))
async def test_a_question_is_answered_as_the_page_shows(ask: Asking, number: int) -> None:
    recipe = recipes()[number - 1]

    found = await answered(ask, recipe)

    if os.environ.get("UPDATE_EXAMPLES"):
        text = PAGE.read_text()
        PAGE.write_text(text[: recipe.start("answer")] + written(found) + "\n" + text[recipe.end("answer") :])
        return
    assert json.loads(recipe["answer"]) == json.loads(json.dumps(found))
