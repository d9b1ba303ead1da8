"""What one operation knows: who asks, when, and its loaders."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.access import Capability, Viewer
from db.errors import DeskgraphError, Forbidden
from resolvers.loaders import Loaders
from schema.auditing import Entry
from schema.cost import MAX_COST
from schema.exporting import Exporting
from schema.lasting import Lasting

EveryTicket = Callable[[], AsyncGenerator[Sequence[Any]]]
"""Reads all nodes of a list of tickets, as the viewer may see them, in batches."""


@dataclass
class RequestContext:
    """One operation's context."""

    viewer: Viewer
    now: datetime
    """`asOf` of every report in the operation; aware."""
    loaders: Loaders
    request_id: str = ""
    entry: Entry | None = None
    """Where the request gathers what the audit log will have of it."""
    max_cost: int = MAX_COST
    withheld: dict[tuple[str, ...], DeskgraphError] = field(default_factory=dict)
    """Fields that are not answered, by their path without the rows' numbers: null in each row, told once, with why."""
    exporting: Exporting | None = None
    """How exports are taken in that workers make; None where none are."""
    lasting: Lasting = field(init=False)
    """How long its answer may be kept: noted by whatever reads the clock, or what the store's version does not tell."""
    every_ticket: dict[tuple[str | int, ...], EveryTicket] | None = None
    """Not None where lists of tickets are not to be answered, but read as a stream: they are here then, by path."""
    _decided: dict[tuple[Capability, ...], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lasting = Lasting(self.now, versions=self.loaders.versions)

    def has(self, capabilities: tuple[Capability, ...]) -> bool:
        """Whether the viewer has some capabilities: worked out once an operation, however many rows ask."""
        decided = self._decided.get(capabilities)
        if decided is None:
            decided = self._decided[capabilities] = set(capabilities) <= self.viewer.capabilities
        return decided

    def may(self, capabilities: Iterable[Capability], path: Iterable[str | int], asked: str) -> bool:
        """Whether the viewer has some capabilities; if not, that is told in the answer's errors, once for all rows."""
        try:
            for capability in capabilities:
                self.viewer.require(capability, asked)
        except Forbidden as refusal:
            self.withheld.setdefault(tuple(part for part in path if isinstance(part, str)), refusal)
            return False
        return True
