"""The description's examples are answers of the demo data, as the routes give them.

`make examples` asks for them anew.
"""

from __future__ import annotations

import json
import os
from typing import Any

import httpx

from rest_compat.openapi.document import EXAMPLES, document
from rest_compat.routes import PREFIX
from tests.conftest import RunningGateway
from tests.rest_compat.test_openapi import faults

SLICE = {"since": "2026-03-09", "until": "2026-03-16", "timezone": "Europe/Berlin"}
"""Far enough back that the answers are the same for everyone."""
ASKED: dict[str, dict[str, Any]] = {
    "summary": {**SLICE, "compareTo": "previous_period"},
    "performance": {**SLICE, "priority": ["urgent"], "edges": "0,1800,7200"},
    "agents": {**SLICE, "sort": "-ticketsResolved", "limit": 2},
    "trends": {**SLICE, "category": ["billing"]},
}
ORDER = {"report": "summary", "format": "csv", **SLICE}
VOLATILE = {"asOf": "2026-04-15T12:00:30+02:00", "dataVersion": "7"}
"""What differs from one moment to the next, and what stands for it."""


async def asked_anew(gateway: RunningGateway) -> dict[str, Any]:
    """What the running gateway answers."""
    found: dict[str, Any] = {}
    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(), timeout=60) as client:
        for report, params in ASKED.items():
            answer = await client.get(f"{PREFIX}/{report}", params=params)
            assert answer.status_code == 200, answer.text
            found[report] = {"asked": params, "answer": {**answer.json(), **VOLATILE}}
        file = await client.post(f"{PREFIX}/export", json=ORDER)
        assert file.status_code == 200, file.text
        found["export"] = {"asked": ORDER, "answer": file.text}
    return found


async def test_the_examples_are_what_the_demo_data_answer(gateway: RunningGateway) -> None:
    found = await asked_anew(gateway)

    if os.environ.get("UPDATE_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n")
        return
    assert json.loads(EXAMPLES.read_text()) == found


def test_every_example_is_as_the_description_says() -> None:
    schemas = document()["components"]["schemas"]
    shown = json.loads(EXAMPLES.read_text())

    for report in ASKED:
        assert faults(schemas[f"{report.capitalize()}Answer"], shown[report]["answer"]) == []
    assert faults(schemas["ExportOrder"], shown["export"]["asked"]) == []
    assert shown["export"]["answer"].startswith("Metric,")
