"""The reader of the tests of the web UI."""

from __future__ import annotations

import pytest

from tests.browser.ui.reader import Reader
from tests.browser.visit import Visit


@pytest.fixture
def reader(visit: Visit) -> Reader:
    """A reader with a visit of its own."""
    return Reader(visit)
