"""Which replicas reports may be read from, and as of when: read-only copies of the database that follow the primary.

The primary tells its version of the store again and again. A replica that has come to a version has everything that
was committed before the primary told it; so it is *as of* the last instant at which the primary was asked and told no
later one. Nothing is asked of how the replica is fed. Only what is as of a moment ago is read; else the primary is.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

from db.errors import Unavailable
from db.statement import Statement
from db.version import VERSION, Version, Versions

LOOK_SECONDS: Final = 0.25
"""Between two looks at the primary, and at each replica."""
PRIMARY: Final = "primary"
_REMEMBERED: Final = 1_000
"""Versions of the primary."""
VERSION_HERE: Final = Statement(VERSION, planned_once=None)
"""What a snapshot of a replica begins with: it proves itself."""

_NOT_SEEN: Final = "it has not answered yet"
_SILENT: Final = "it does not tell its version"
_OTHER: Final = "it is no copy of the primary: it numbers another state alike"
_WENT_BACK: Final = "the primary went back behind what it had told"
_UNPROVEN: Final = "the primary has not told such a version yet"

_log: Final = logging.getLogger("deskgraph.replicas")


@dataclass(frozen=True)
class Place:
    """Where an operation reads, and as of when."""

    name: str
    as_of: datetime
    least: Version | None = None
    """What a snapshot there has at least; None, at the primary."""
    not_from: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Why replicas are not read, by name."""
    is_one_of_several: bool = False

    @property
    def is_primary(self) -> bool:
        """Whether it has every write that was committed."""
        return self.least is None

    @property
    def told(self) -> dict[str, object]:
        """The same, as JSON has it; nothing, where there is one place alone."""
        if not self.is_one_of_several:
            return {}
        refused = [{"source": name, "why": why} for name, why in self.not_from.items()]
        return {"readFrom": self.name, "notReadFrom": refused}


@dataclass
class Replica:
    """What is known of one."""

    name: str
    versions: Versions
    seen: Version | None = None
    as_of: datetime | None = None
    is_proven: bool = False
    """Whether it has told a version exactly as the primary did, since it was set aside."""
    fault: str | None = _NOT_SEEN
    """Why it is not read, however fresh it may be."""
    _said: str | None = _NOT_SEEN

    def unfit(self, now: datetime, bound: timedelta) -> str | None:
        """Why it is not read now; None where it is."""
        if self.fault is not None or self.as_of is None:
            return self.fault or _UNPROVEN
        behind = now - self.as_of
        if behind <= bound:
            return None
        return f"it is {behind.total_seconds():.1f} s behind, and may be {bound.total_seconds():g} s"

    def set_aside(self, why: str) -> None:
        """Reads it no more, until it was looked at again."""
        self.seen, self.as_of, self.is_proven, self.fault = None, None, False, why

    def say(self, unfit: str | None) -> None:
        """Tells the log when it begins or ceases to be read; not how far behind it is, each time."""
        kind = None if unfit is None else "behind" if self.fault is None and self.as_of is not None else unfit
        if kind == self._said:
            return
        self._said = kind
        if unfit is None:
            _log.info("%s is read.", self.name)
        else:
            _log.warning("%s is not read: %s.", self.name, unfit)


@dataclass
class Replicas:
    """The replicas, as one process sees them."""

    primary: Versions
    all: Sequence[Replica]
    clock: Callable[[], datetime]
    bound: timedelta
    """How far behind one may be that is read."""
    on_place: Callable[[str], None] = lambda _: None
    """Told where each operation reads."""
    _told: deque[tuple[Version, datetime]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """The primary's versions, each with the last instant after which it was told; the newest last."""
    _turn: int = 0

    def choose(self, now: datetime) -> Place:
        """Where an operation of now reads: the next replica that is as of a moment ago, or the primary."""
        return self._chosen(now, self.bound)

    def choose_as_of(self, at: datetime) -> Place:
        """Where an operation reads that is as of an instant: a replica that has come to it, or the primary."""
        return self._chosen(at, timedelta(0))

    def _chosen(self, at: datetime, bound: timedelta) -> Place:
        unfit = {one.name: one.unfit(at, bound) for one in self.all}
        self._turn += 1
        for step in range(len(self.all)):
            one = self.all[(self._turn + step) % len(self.all)]
            if unfit[one.name] is None:
                assert one.as_of is not None
                self.on_place(one.name)
                return Place(one.name, min(at, one.as_of), one.seen, _reasons(unfit), is_one_of_several=True)
        self.on_place(PRIMARY)
        return Place(PRIMARY, at, None, _reasons(unfit), is_one_of_several=True)

    def instead(self, place: Place, why: str) -> Place:
        """The primary, where a replica has failed an operation; it is set aside."""
        for one in self.all:
            if one.name == place.name:
                one.set_aside(why)
                one.say(why)
        self.on_place(PRIMARY)
        return Place(PRIMARY, place.as_of, None, {**place.not_from, place.name: why}, is_one_of_several=True)

    def behind_seconds(self, now: datetime) -> Mapping[str, float | None]:
        """How far each is behind at most; None where that is not known."""
        return {one.name: (now - one.as_of).total_seconds() if one.as_of is not None else None for one in self.all}

    def unfit(self, now: datetime) -> Mapping[str, str | None]:
        """Why each is not read now; None where it is."""
        return {one.name: one.unfit(now, self.bound) for one in self.all}

    async def watch(self) -> None:
        """Looks at all of them, each at its own pace, until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_again(self.look_at_primary))
            for one in self.all:
                tasks.create_task(_again(partial(self.look_at, one)))

    async def look_at_primary(self) -> None:
        """Asks the primary for its version. While it does not tell, replicas fall behind what is known."""
        at = self.clock()
        try:
            version = await self.primary.current()
        except Unavailable:
            return
        if self._told and version.number < self._told[-1][0].number:
            self._told.clear()  # a backup was restored, perhaps of the primary alone
            for one in self.all:
                one.set_aside(_WENT_BACK)
        if self._told and self._told[-1][0] == version:
            self._told.pop()
        self._told.append((version, at))

    async def look_at(self, one: Replica) -> None:
        """Asks a replica for its version, and works out as of when it is."""
        try:
            seen = await one.versions.current()
        except Unavailable:
            one.set_aside(_SILENT)
        else:
            self._place(one, seen)
        one.say(one.unfit(self.clock(), self.bound))

    def _place(self, one: Replica, seen: Version) -> None:
        if any(told.number == seen.number and told != seen for told, _ in self._told):
            one.set_aside(_OTHER)
            return
        one.is_proven = one.is_proven or any(told == seen for told, _ in self._told)
        one.seen, one.fault = seen, None
        # TRICKY: it may be ahead of what the primary has told so far, by a write that was committed since; another
        # store may be, too, by any number.
        come = [at for told, at in self._told if told.number <= seen.number and one.is_proven]
        one.as_of = max(come, default=None)

    async def close(self) -> None:
        """Ends the connections."""
        for one in self.all:
            await one.versions.close()


async def _again(look: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await look()
        except Exception:  # it goes on, or no replica would ever be read again
            _log.exception("A replica could not be looked at.")
        await asyncio.sleep(LOOK_SECONDS)


def _reasons(unfit: Mapping[str, str | None]) -> Mapping[str, str]:
    return {name: why for name, why in unfit.items() if why is not None}
