"""docs/drilldown.md's worked query answers what the page says, on the demo data.

`UPDATE_README=1 .venv/bin/python -m pytest tests/contract/test_drilldown_page.py` writes the answer anew.
"""

from __future__ import annotations

import json
import os
import re

from tests.conftest import MANAGER, ROOT, Asking
from tests.contract.test_readme import written

PAGE = ROOT / "docs" / "drilldown.md"
_WORKED = re.compile(r"```graphql\n(?P<asked>.*?)```\n\n```json\n(?P<answer>.*?)```", re.S)


async def test_the_worked_query_answers_what_the_page_says(ask: Asking) -> None:
    (worked,) = _WORKED.finditer(PAGE.read_text())

    data = await ask.data(worked["asked"], MANAGER)
    if os.environ.get("UPDATE_README"):
        text = PAGE.read_text()
        PAGE.write_text(text[: worked.start("answer")] + written({"data": data}) + "\n" + text[worked.end("answer") :])
        return

    assert json.loads(worked["answer"]) == {"data": data}
