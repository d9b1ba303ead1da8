"""docs/drilldown.md's worked queries answer what the page says, on the demo data.

`UPDATE_README=1 .venv/bin/python -m pytest tests/contract/test_drilldown_page.py` writes the answers anew.
"""

from __future__ import annotations

import json
import os
import re

from tests.conftest import MANAGER, ROOT, Asking
from tests.contract.test_readme import written

PAGE = ROOT / "docs" / "drilldown.md"
_WORKED = re.compile(r"```graphql\n(?P<asked>.*?)```\n\n```json\n(?P<answer>.*?)```", re.S)


async def test_the_worked_queries_answer_what_the_page_says(ask: Asking) -> None:
    text = PAGE.read_text()
    worked = list(_WORKED.finditer(text))

    answers = [{"data": await ask.data(one["asked"], MANAGER)} for one in worked]
    if os.environ.get("UPDATE_README"):
        for one, answer in reversed(list(zip(worked, answers, strict=True))):
            text = text[: one.start("answer")] + written(answer) + "\n" + text[one.end("answer") :]
        PAGE.write_text(text)
        return

    assert [json.loads(one["answer"]) for one in worked] == answers
    assert len(worked) == 2
