"""Schemathesis asks the routes whatever their description lets it make up: nothing breaks, and all is as described.

Within bounds; `make fuzz` asks for thousands of cases.
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from rest_compat.ingest import PATH
from rest_compat.openapi.document import document
from tests.conftest import ROOT, RunningGateway

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Cases a route and phase; 0: as many as fit into the seconds of a test."""
SECONDS = 30
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
THERE: dict[str, list[str]] = {
    "timezone": ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe"],
    "category": ["billing", "bugs", "none"],
    "team": ["billing", "technical", "none"],
    "agent": ["A-07", "A-22", "none"],
    "organization": ["O-001", "O-002", "none"],
    "tag": ["none"],
    "edges": ["0", "0,60", "0,3600,86400"],
    "search": ["a", "Jin", "A-0", "%", "_"],
}
"""Values that the demo data know, so that a report is made of nearly all that is asked."""
LEFT_OUT = frozenset({"since", "until", "cursor"})
"""Of no use beside a period, or made up."""


def as_published() -> dict[str, Any]:
    """The description as it is."""
    return document()


def narrowed() -> dict[str, Any]:
    """The description, with values that are there."""
    found = copy.deepcopy(document())
    for methods in found["paths"].values():
        for told in methods.values():
            given = [one for one in told.get("parameters", ()) if one["name"] not in LEFT_OUT and one["in"] != "header"]
            told["parameters"] = given
            for one in given:
                schema = one["schema"].get("items", one["schema"])
                if one["name"] in THERE:
                    schema.clear()
                    schema.update(enum=THERE[one["name"]])
                one.pop("examples", None)
    body = found["components"]["schemas"]["ExportOrder"]["properties"]
    for name in LEFT_OUT:
        del body[name]
    for name, values in THERE.items():
        body[name] = {"enum": values}
    for name in ("locale", "bom", "separator"):
        del body[name]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("described", "phases", "mode"), [(as_published, "examples,coverage", "all"), (narrowed, "fuzzing", "positive")]
)
async def test_whatever_is_asked_is_answered_as_described(
    gateway: RunningGateway, described: Any, phases: str, mode: str, tmp_path: Path
) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(described()))
    bounds = ["--max-examples", str(EXAMPLES)] if EXAMPLES else ["--max-time", str(SECONDS), "--max-examples", "1000"]

    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")), "run", str(file), "--url", gateway.url,
        "--header", f"Authorization: Bearer {gateway.token('manager')}", "--checks", ",".join(CHECKS),
        "--phases", phases, "--mode", mode, "--exclude-path", PATH,  # NDJSON, which it cannot make: tests/rest_compat
        "--generation-deterministic", "--warnings", "off", "--no-color", *bounds,
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()

    text = told.decode()
    assert process.returncode == 0, text
    counted = re.search(r"(\d+) generated, (\d+) passed", text)
    assert counted, text
    assert int(counted[1]) == int(counted[2]) > 20
