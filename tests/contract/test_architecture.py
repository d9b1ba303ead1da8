"""docs/architecture.md walks one request through the code: here the request is made, and seen to go that way."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any, Final

import httpx
import pytest

from app import create_app
from schema.identity import Identity
from schema.tokens import SharedSecret
from settings import Settings
from tests.conftest import MANAGER, ROOT, SECRET

PAGE: Final = (ROOT / "docs" / "architecture.md").read_text()
ASKED: Final = re.findall(r"^GET (/api\S+)$", PAGE, re.M)
STEP: Final = re.compile(r"^\| \d+ \| `(?P<file>[^`]+)` \| (?P<names>`[^|]+`) \|", re.M)
"""A line of the walk: a file, and what of it is called."""

WALK: Final = [(step["file"], name) for step in STEP.finditer(PAGE) for name in re.findall(r"`([^`]+)`", step["names"])]


@contextmanager
def seen() -> Iterator[list[tuple[str, str]]]:
    """What of the product is called meanwhile in this thread, in the order of the first calls."""
    calls: dict[tuple[str, str], None] = {}
    root = f"{ROOT}/"

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(root):
            calls.setdefault((code.co_filename.removeprefix(root), code.co_qualname), None)

    found: list[tuple[str, str]] = []
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)
        found += calls


async def walked(dsn: str, path: str) -> list[tuple[str, str]]:
    """What of the product a request calls, which the real application answers."""
    app = create_app(Settings(database_url=dsn, jwt_secret=SECRET))
    headers = {"Authorization": f"Bearer {Identity(SharedSecret(SECRET)).issue(MANAGER, timedelta(hours=1))}"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            with seen() as calls:
                answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return calls


async def test_the_request_goes_the_way_that_the_page_tells(desk_database: str) -> None:
    (path,) = ASKED

    calls = await walked(desk_database, path)

    assert len(WALK) > 20
    assert [call for call in calls if call in WALK] == WALK


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+/[\w./]*|\w+\.py)`", PAGE))))
def test_what_the_page_names_is_there(name: str) -> None:
    assert (ROOT / name).exists()
