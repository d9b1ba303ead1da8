"""Many clients at once with a writer beside them, in the quick form of `make load`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.load import lines, loaded
from benchmarks.load_questions import Cast
from tests.conftest import dsn_of
from tests.faults.postgres import Postgres

CLIENTS: Final = 200
SECONDS: Final = 10
OF_DESK: Final = Cast("O-1", "invoices", "billing", "A-1")


async def test_every_answer_is_right_or_a_clear_error_and_nothing_is_left_over(
    postgres: Postgres, tmp_path: Path
) -> None:
    result = await loaded(dsn_of(postgres.dsn, "written"), tmp_path, CLIENTS, SECONDS, OF_DESK)

    told = "\n".join([*lines(result), *result.faults[:5]])
    assert not result.faults, told
    assert result.came.answered > CLIENTS, told
    assert result.versions > 3, told
