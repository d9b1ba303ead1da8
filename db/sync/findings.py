"""What is found wrong with a source before a row goes in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Findings:
    """What was found of one table, or of the source as a whole."""

    table: str
    faults: list[str] = field(default_factory=list)
    """With these it cannot be followed."""
    warnings: list[str] = field(default_factory=list)
    """With these figures may be wrong, or slow."""
    notes: list[str] = field(default_factory=list)
    """What is read otherwise than it stands there, though all is well."""
    rows: int = 0
    """Tried."""
    rejected: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    """Of those: by column and reason."""
