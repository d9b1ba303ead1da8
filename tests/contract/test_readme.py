"""The README's worked queries answer what it says, on the demo data.

`UPDATE_README=1 .venv/bin/python -m pytest tests/contract/test_readme.py` writes the answers anew.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import ROOT, RunningGateway

README = ROOT / "README.md"
VOLATILE = ("asOf", "dataVersion")
"""What differs from one moment to the next; the README shows it as "..."."""

_EXAMPLE = re.compile(
    r"^### (?P<title>\d\..*?)\n\n```(?P<kind>graphql|sh)\n(?P<asked>.*?)```\n(?P<answer>.*?)(?=^##)", re.M | re.S
)
_ANSWER = re.compile(r"```json\n(?P<json>.*?)```", re.S)


def examples() -> list[re.Match[str]]:
    """The worked queries, in order."""
    return list(_EXAMPLE.finditer(README.read_text()))


async def answered(gateway: RunningGateway, example: re.Match[str]) -> Any:
    """What the running gateway answers to an example, sent as the README says."""
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer()) as client:
        if example["kind"] == "graphql":
            answer = await client.post("/graphql", json={"query": example["asked"]})
        else:
            (url,) = re.findall(r"'http://127\.0\.0\.1:8000(/[^']*)'", example["asked"])
            assert urlsplit(url).path.startswith("/api/tickets/reports/")
            answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {name: "..." if name in VOLATILE else value for name, value in found.items()}


def written(answer: Any, indent: int = 0) -> str:
    """An answer as the pages show it: whatever fits on a line is on one."""
    text = json.dumps(answer, ensure_ascii=False)
    if not isinstance(answer, dict | list) or indent + len(text) <= 110:
        return text
    inside, ends = " " * (indent + 2), "{}" if isinstance(answer, dict) else "[]"
    if isinstance(answer, dict):
        parts = [f"{json.dumps(name)}: {written(part, indent + 2)}" for name, part in answer.items()]
    else:
        parts = [written(part, indent + 2) for part in answer]
    return f"{ends[0]}\n{inside}" + f",\n{inside}".join(parts) + f"\n{' ' * indent}{ends[1]}"


def test_there_are_five_worked_queries() -> None:
    assert [example["title"][0] for example in examples()] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("number", range(5))
async def test_a_worked_query_answers_what_the_readme_says(gateway: RunningGateway, number: int) -> None:
    example = examples()[number]

    found = await answered(gateway, example)

    if os.environ.get("UPDATE_README"):
        block = f"\n```json\n{written(found)}\n```\n\n"
        text = README.read_text()
        README.write_text(text[: example.start("answer")] + block + text[example.end("answer") :])
        return
    shown = _ANSWER.search(example["answer"])
    assert shown, f"{example['title']} has no answer; see this module's docstring"
    assert json.loads(shown["json"]) == found
