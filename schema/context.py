"""What one operation knows: who asks, when, and its loaders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from db.access import Capability, Viewer
from db.errors import DeskgraphError, Forbidden
from resolvers.loaders import Loaders


@dataclass
class RequestContext:
    """One operation's context."""

    viewer: Viewer
    now: datetime
    """`asOf` of every report in the operation; aware."""
    loaders: Loaders
    request_id: str = ""
    withheld: dict[tuple[str | int, ...], DeskgraphError] = field(default_factory=dict)
    """Fields of many rows that are not answered: null in each row, and told once, with why."""

    def may(self, capability: Capability, path: tuple[str | int, ...], asked: str) -> bool:
        """Whether the viewer has a capability; if not, that is told in the answer's errors, once, at the path."""
        try:
            self.viewer.require(capability, asked)
        except Forbidden as refusal:
            self.withheld[path] = refusal
            return False
        return True
