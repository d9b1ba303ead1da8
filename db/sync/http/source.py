"""What the sources over HTTP APIs share: one client, that is opened once it is needed and closed after a fault."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from db.sync.http.described import Access, ApiDescribed, Pause
from db.sync.http.making import Rows
from db.sync.source import Checkpoint, Chunk, Pace, Place

if TYPE_CHECKING:
    from db.sync.http.client import Api

NEVER_YET: Final = datetime.min.replace(tzinfo=UTC)
Look = Callable[[], Awaitable[Rows]]
"""Reads the first rows of a table, as a pass would."""


@dataclass
class Pass:
    """What one pass has found so far."""

    state: dict[str, Any]
    """The checkpoint that the next chunk carries."""
    bound: datetime = NEVER_YET
    """By the system's clock: everything up to then can be read, of every stream."""
    as_of: datetime | None = None
    """The same by ours."""
    skew_seconds: float | None = None
    knows_people: bool = False
    """Whether agents have been listed by it."""

    @property
    def is_loading(self) -> bool:
        """Whether nothing has been read to its end yet."""
        return bool(self.state["loading"])

    def is_time(self, seconds: float) -> bool:
        """Whether what is read whole is to be read again."""
        last: float | None = self.state["whole"]
        return last is None or not 0 <= time.time() - last < seconds


class ApiSource(ABC):
    """A system that is asked over HTTP, as its source file describes it."""

    prefers_columns = False
    notes: ClassVar[Mapping[str, str]] = {}
    """What is read otherwise than it stands there, by table."""

    def __init__(self, described: ApiDescribed, pause: Pause = asyncio.sleep) -> None:
        self.described = described
        self._pause = pause
        self._api: Api | None = None

    @property
    def name(self) -> str:
        """The source's name in the store."""
        return self.described.name

    @property
    def kind(self) -> str:
        """What it is."""
        return self.described.kind

    @property
    def pace(self) -> Pace:
        """How often it is asked."""
        return self.described.pace

    @property
    def api(self) -> Api:
        """The client. Raises: SetupFault where there is no token."""
        if self._api is None:
            from db.sync.http.client import Api  # a server only looks whether its source files are sound

            self._api = Api(self.name, self.access(), self._pause)
        return self._api

    @abstractmethod
    def access(self) -> Access:
        """Where the system is, and what lets us in. Raises: SetupFault where there is no token."""

    @abstractmethod
    def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """One pass. Raises: SetupFault, Unavailable."""

    @abstractmethod
    def looks(self) -> Mapping[str, Look | None]:
        """How the first rows of each table are read; None, where it is not read."""

    def start(self, after: Checkpoint | None, streams: dict[str, Any]) -> Pass:
        """A pass that goes on from a checkpoint of the same source file, or begins with its streams at their start."""
        if after is not None and after.get("digest") == self.described.digest:
            return Pass(dict(after))
        return Pass({"digest": self.described.digest, "loading": True, "whole": None, "agents": {}, **streams})

    def ids(self) -> None:  # noqa: B027 that is its answer
        """None: what is deleted is told."""

    async def gone(self, rejected: Sequence[Place]) -> Sequence[Place]:
        """None: that costs a request for each, and what is fixed comes again."""
        return ()

    async def changed(self) -> None:
        """Never: it says nothing by itself."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Closes the client, after a fault, too."""
        if self._api is not None:
            await self._api.close()
        self._api = None
