"""A provider of each test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.identity.parts import ProviderServer, ec, rsa


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    """A running provider with an RSA key `r` and an elliptic one `e`."""
    server = ProviderServer([rsa("r"), ec("e")])
    server.start()
    yield server
    server.stop()
