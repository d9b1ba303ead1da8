"""What lets sources into the made-up systems."""

from __future__ import annotations

import pytest

from tests.portals.freshdesk import protocol as freshdesk
from tests.portals.zendesk import protocol as zendesk


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENDESK_TEST_TOKEN", zendesk.TOKEN)
    monkeypatch.setenv("FRESHDESK_TEST_TOKEN", freshdesk.TOKEN)
