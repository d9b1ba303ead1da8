"""Where several server processes put their numbers, so that any of them can tell those of all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names it. TRICKY: prometheus_client reads it as it is imported, so not in this process."""


@contextmanager
def shared_metrics() -> Iterator[None]:
    """The folder, for as long as this lasts, told to processes that are started meanwhile."""
    with tempfile.TemporaryDirectory(prefix="deskgraph-metrics-") as folder:
        os.environ[FOLDER] = folder
        yield
