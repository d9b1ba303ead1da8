"""What others got wrong, asked of this store: rows imported from files, and a report over GraphQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from db.importing.writer import import_rows
from db.sources.files import open_source
from db.sources.rows import Reject
from tests.conftest import MANAGER, asking
from tests.outside.cases import CASES, Case

NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)


def _no_reject(reject: Reject) -> None:
    raise AssertionError(f"a case has a bad row: {reject}")


def at(report: Any, path: str) -> Any:
    """What stands at a path of keys and places."""
    for key in path.split("."):
        report = report[int(key)] if key.isdigit() else report[key]
    return report


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
async def test_a_case_from_outside_is_told_as_it_should_be(case: Case, database: str, tmp_path: Path) -> None:
    for name, content in case.files.items():
        (tmp_path / name).write_text(content)
    await import_rows(database, open_source(tmp_path, None), on_reject=_no_reject, on_progress=lambda _: None)

    async with asking(database, NOW) as ask:
        report = (await ask.data(f"{{ report({case.arguments}) {{ {case.fields} }} }}", MANAGER))["report"]

    assert {path: at(report, path) for path in case.expected} == case.expected
