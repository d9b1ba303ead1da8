"""The audit of the GraphQL-over-HTTP specification (npm's graphql-http), against the real server."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from tests.conftest import ROOT, RunningGateway

AUDIT = ROOT / "web" / "audit" / "graphql_over_http.mjs"


async def audited(gateway: RunningGateway) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts" / "node", AUDIT, f"{gateway.url}/graphql",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(gateway.token("manager").encode())
    assert process.returncode == 0, err.decode()
    return orjson.loads(out)


async def test_everything_that_the_specification_asks_is_done(gateway: RunningGateway) -> None:
    found = await audited(gateway)

    assert [one for one in found if one["status"] != "ok"] == []
    levels = {level: sum(one["name"].startswith(level) for one in found) for level in ("MUST", "SHOULD", "MAY")}
    assert (len(found), sum(levels.values())) == (61, 61), levels
