"""Answers that are kept, as the bytes that were sent: docs/decisions/0012-response-cache.md.

A kept answer is given only if the database has said, after the request came, that the store is still at the version
that it was read at, both when it was begun and when it was done; and only while the clock cannot have changed it.
Who asks for what is being worked out waits for it, and is given it where all of it was read after the question came,
kept or not; so is everybody who asks what somebody waits to have worked out. What cannot be checked is not given:
then it is worked out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from cachetools import LRUCache

from db.access import Viewer
from db.audit.record import Door
from db.errors import Unavailable
from db.version import Version, Versions
from schema.auditing import Told
from schema.lasting import Lasting

_OVERHEAD_BYTES: Final = 2_000
"""Of an entry beside its body and its question: objects, the audit log's part, the cache's own."""

Made = TypeVar("Made")


class Question(NamedTuple):
    """What an answer is kept by: all of the viewer that an answer may depend on, and what was asked.

    A tuple, because it is compared several times a request.
    """

    viewer: Hashable
    door: str
    document: str
    further: bytes = b""
    """What else was asked, in a form that is equal for equal requests."""

    def of(self, viewer: Viewer) -> Question:
        """The same, asked by somebody."""
        return Question(viewer_key(viewer), self.door, self.document, self.further)

    @property
    def size_bytes(self) -> int:
        """About what it takes."""
        return len(self.document) + len(self.further)


Raw = tuple[str | bytes, ...]
"""All of a request that decides what it asks, as it came."""


class Reading(NamedTuple):
    """What the bytes of a request ask, whoever sends them, and how the audit log names it."""

    raw: Raw
    question: Question
    """As the first who sent them asked it."""
    door: Door
    operation: str

    @property
    def size_bytes(self) -> int:
        """About what it takes."""
        return sum(map(len, self.raw)) + self.question.size_bytes + _OVERHEAD_BYTES


def viewer_key(viewer: Viewer) -> Hashable:
    """All that a kept answer may depend on of who asks: everything but the name.

    The role stands for realm, capabilities and pseudonyms, the ids for the rows, in the order that `viewer` shows.
    """
    return (viewer.role.value, viewer.agent, viewer.teams, viewer.organization)


@dataclass(frozen=True)
class Draft:
    """An answer without errors, that may be kept."""

    body: bytes
    tag: str
    """Its entity tag."""
    lasting: Lasting
    told: Told
    """What the audit log has of it."""


@dataclass(frozen=True)
class Answer:
    """An answer, right at every instant of [since, until) for who has seen the store at its version."""

    question: Question
    body: bytes
    tag: str
    told: Told
    version: Version
    since: datetime
    until: datetime

    def holds(self, version: Version, at: datetime) -> bool:
        """Whether it is what would be worked out now."""
        return self.version == version and self.since <= at < self.until

    @property
    def size_bytes(self) -> int:
        """About what it takes."""
        return len(self.body) + self.question.size_bytes + _OVERHEAD_BYTES


Abandon = Callable[[], None]
"""Called once it is known that nothing will be kept, so that nobody waits for it."""
Making = Callable[[Abandon], Awaitable[tuple[Made, Draft | None]]]
"""Works out an answer, and what of it may be kept."""


Landed = asyncio.Future[Answer | None]
"""What came of it: nothing, where it may not be given to anybody else."""


@dataclass(frozen=True)
class _Flight:
    """An answer that is being worked out."""

    number: int
    """Of all that were begun, in their order."""
    landed: Landed


@dataclass
class Answers:
    """The answers that one process keeps."""

    versions: Versions
    clock: Callable[[], datetime]
    max_bytes: int
    _flights: dict[tuple[Question, Version], _Flight] = field(default_factory=dict)
    _awaited: dict[Question, Landed] = field(default_factory=dict)
    """What will be worked out, once it is its turn: whoever begins with it first does so for all who wait."""
    _begun: int = 0
    _next_fact: tuple[Version, datetime, datetime | None] | None = None

    def __post_init__(self) -> None:
        self._kept: LRUCache[Question, Answer] = LRUCache(self.max_bytes, getsizeof=lambda one: one.size_bytes)
        self._readings: LRUCache[Raw, Reading] = LRUCache(self.max_bytes // 8, getsizeof=lambda one: one.size_bytes)
        self._version: Version | None = None

    @property
    def bytes_kept(self) -> int:
        """About what all of them take."""
        return int(self._kept.currsize)

    def learn(self, reading: Reading) -> None:
        """Remembers what bytes ask; what has not been asked for longest is forgotten for it."""
        if reading.size_bytes <= self._readings.maxsize:
            self._readings[reading.raw] = reading

    def reading(self, raw: Raw) -> Reading | None:
        """What bytes ask, where that is remembered."""
        return self._readings.get(raw)

    async def kept(self, question: Question) -> Answer | None:
        """The kept answer to a question, where there is one that may be given."""
        if question not in self._kept:
            return None
        try:
            return self._known(question, await self.versions.current())
        except Unavailable:
            return None

    @contextmanager
    def leading(self, question: Question) -> Iterator[None]:
        """While this lasts, the question waits for its turn to be worked out, and others may follow it."""
        mine: Landed = asyncio.get_running_loop().create_future()
        if self._awaited.setdefault(question, mine) is not mine:
            yield
            return
        try:
            yield
        finally:
            if self._awaited.get(question) is mine:  # nobody has begun with it
                del self._awaited[question]
                mine.set_result(None)

    async def following(self, question: Question) -> Answer | None:
        """The answer to a question that waits for its turn, all of it read after this; None, where none does."""
        coming = self._awaited.get(question)
        return None if coming is None else await asyncio.shield(coming)

    async def get(self, question: Question, make: Making[Made]) -> Answer | Made:
        """The kept answer to a question, one that was made for others who asked it, too, or what was made for it.

        Raises: what `make` raises.
        """
        waiting = self._awaited.pop(question, None) or asyncio.get_running_loop().create_future()
        try:
            found = await self._got(question, make, waiting)
            if isinstance(found, Answer) and not waiting.done():
                waiting.set_result(found)
            return found
        finally:
            if not waiting.done():
                waiting.set_result(None)

    async def _got(self, question: Question, make: Making[Made], landed: Landed) -> Answer | Made:
        came = self._begun
        for _ in range(2):
            try:
                version = await self.versions.current()
            except Unavailable:
                break
            kept = self._known(question, version)
            if kept is not None:
                return kept
            flight = self._flights.get((question, version))
            if flight is None:
                return await self._made(question, version, make, landed)
            found = await asyncio.shield(flight.landed)
            if found is not None and (flight.number > came or found.holds(version, self.clock())):
                return found
        made, _draft = await make(_nothing)
        return made

    def _known(self, question: Question, version: Version) -> Answer | None:
        if version != self._version:  # the version goes one way: what was kept of another is of no use
            self._kept.clear()
            self._version = version
        kept = self._kept.get(question)
        return kept if kept is not None and kept.holds(version, self.clock()) else None

    async def _made(self, question: Question, version: Version, make: Making[Made], landed: Landed) -> Made:
        """Works an answer out, for all who ask meanwhile."""
        self._begun += 1
        self._flights[question, version] = _Flight(self._begun, landed)

        def land(answer: Answer | None = None) -> None:
            if not landed.done():
                landed.set_result(answer)
                del self._flights[question, version]

        try:
            made, draft = await make(land)
            if draft is not None and not draft.lasting.moves:
                land(await self._answer(question, version, draft))
            return made
        finally:
            land()

    async def _answer(self, question: Question, version: Version, draft: Draft) -> Answer | None:
        """The answer; kept, where it was read at one version and lasts. None where that cannot be known."""
        lasting = draft.lasting
        try:
            if lasting.counts_to_now:
                now, coming = await self._coming(lasting.now)
            else:
                now, coming = await self.versions.current(), None
        except Unavailable:
            return None
        # A replica may have been behind the version that is told.
        is_of_one = now == version and all(read == version for read in lasting.versions)
        until = lasting.until if coming is None else min(lasting.until, coming)
        if not is_of_one and (lasting.counts_to_now or any(read.number < version.number for read in lasting.versions)):
            # Of which facts the next one would have been is not known: it is for those who came before it was begun.
            until = lasting.now
        answer = Answer(question, draft.body, draft.tag, draft.told, version, lasting.now, until)
        lasts = is_of_one and lasting.now < until
        if lasts and version == self._version and answer.size_bytes <= self.max_bytes:
            self._kept[question] = answer
        return answer

    async def _coming(self, after: datetime) -> tuple[Version, datetime | None]:
        """The version, and when the next fact begins to count; asked of the index once a version and fact."""
        if self._next_fact is not None:
            known, since, coming = self._next_fact
            if since <= after and (coming is None or after <= coming):
                version = await self.versions.current()
                if version == known:
                    return version, coming
        version, coming = await self.versions.next_fact(after)
        self._next_fact = (version, after, coming)
        return version, coming


def _nothing(_: Answer | None = None) -> None:
    """Nobody waits."""
