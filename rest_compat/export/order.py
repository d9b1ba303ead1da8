"""An export as it is asked for: frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from rest_compat.asking import Asked
from rest_compat.export.formats import Format
from rest_compat.export.options import Options


@dataclass(frozen=True)
class Order:
    """A report, the format of its file, and how that is written."""

    asked: Asked
    format: Format
    options: Options
