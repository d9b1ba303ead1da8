"""Subscriptions: what is asked once for all who see the same, and told to each when it has changed.

Whoever may see the same rows and asks the same forms a group. A write that was committed, or the end of what the
clock leaves as it is, has every group's document executed again, as a query's is; its subscribers are told where the
answer is another. Each has one place for what it has not taken yet: a newer answer takes it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from db.access import Viewer
from db.errors import TooManyOpen, Unavailable
from db.listening import listen
from db.version import Version, Versions
from schema.answers import Question
from schema.errors import mask
from schema.executor import Gateway
from schema.pushes import Asked, Push, WorkedOut, work_out

CHECK_SECONDS: Final = 1.0
"""Between two questions for the version, which find what listening has missed."""
RETRY_SECONDS: Final = 5.0
"""After an answer with a fault of ours."""
_REST: Final = 3
"""A group rests so many times as long as its last answer took, so that it holds no connection all the time."""
_LONGEST_SECONDS: Final = 3_600.0
"""No timer is set for later: the machine's clock may be put right meanwhile."""


class Happening(Enum):
    """What is counted."""

    RUN = "run"
    """A document was executed for a group."""
    PUSH = "push"
    """An answer was given to a subscriber."""
    SLOW = "slow"
    """A subscriber was let go that took nothing for too long."""
    REFUSED = "refused"
    """A subscriber was let go whose token no longer held."""


@dataclass(frozen=True)
class Limits:
    """How much is kept open, and how often it is told."""

    debounce_seconds: float = 0.25
    """How long writes are gathered."""
    subscriptions: int = 2_000
    """In all, of this process."""
    each: int = 50
    """Of one viewer."""
    slow_seconds: float = 10.0
    """How long a subscriber may take nothing of what is sent."""


class Subscriber:
    """One who is told. What is not taken yet is replaced by what is newer."""

    def __init__(self, group: Group, viewer: Viewer, leave: Callable[[Subscriber], None]) -> None:
        self.viewer, self.group, self.is_new = viewer, group, True
        self._leave = leave
        self._newest: Push | None = None
        self._is_over = False
        self._told: asyncio.Future[None] | None = None

    def offer(self, push: Push) -> None:
        """Puts the newest answer where it is taken from."""
        self.is_new = False
        self._newest = push
        self._wake()

    def end(self) -> None:
        """Nothing more is told: the server ends."""
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        if self._told is not None and not self._told.done():
            self._told.set_result(None)

    async def next(self) -> Push | None:
        """The newest answer that was not taken yet; waits for one. None: there will be none."""
        while self._newest is None and not self._is_over:
            self._told = asyncio.get_running_loop().create_future()
            await self._told
        push, self._newest = self._newest, None
        return push

    def close(self) -> None:
        """Leaves; nothing runs on for it."""
        self._leave(self)


class Group:
    """All who see the same and ask the same."""

    def __init__(self, live: Live, asked: Asked) -> None:
        self.live, self.asked = live, asked
        self.subscribers: dict[Subscriber, None] = {}
        self._essence: bytes | None = None
        """What of the last answer counts as a change."""
        self._timer: asyncio.TimerHandle | None = None
        self._due_at = 0.0
        self._run: asyncio.Task[None] | None = None
        self._must_run_again = False
        self._rests_until = 0.0

    def due(self, seconds: float) -> None:
        """Has the answer worked out in so many seconds, if not sooner."""
        if self._run is not None:
            self._must_run_again = True
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time() + min(seconds, _LONGEST_SECONDS), self._rests_until)
        if self._timer is not None:
            if self._due_at <= at:
                return
            self._timer.cancel()
        self._timer, self._due_at = loop.call_at(at, self._start), at

    def join(self, subscriber: Subscriber) -> None:
        """Takes one in, who is told at once; an answer on its way is for it, too."""
        self.subscribers[subscriber] = None
        if self._run is None:
            self._rests_until = 0.0
            self.due(0)

    def stop(self) -> None:
        """Ends what runs."""
        for one in (self._timer, self._run):
            if one is not None:
                one.cancel()

    def _start(self) -> None:
        self._timer = None
        self._run = asyncio.get_running_loop().create_task(self._refresh())

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        viewer = next(iter(self.subscribers)).viewer
        async with self.live.turns:
            began = loop.time()
            self.live.happened(Happening.RUN)
            found = await work_out(self.live.at_primary, viewer, self.asked)
        self._rests_until = loop.time() + _REST * (loop.time() - began)
        self._run = None
        self._tell(found)
        again = self.live.limits.debounce_seconds if self._must_run_again else None
        lasts = RETRY_SECONDS if found.is_ours else found.lasts_seconds
        self._must_run_again = False
        for seconds in (again, lasts):
            if seconds is not None and self.subscribers:
                self.due(seconds)

    def _tell(self, found: WorkedOut) -> None:
        has_changed, self._essence = found.essence != self._essence, found.essence
        for one in list(self.subscribers):
            if has_changed or one.is_new:
                self.live.happened(Happening.PUSH)
                one.offer(found.push)


@dataclass
class Live:
    """The subscriptions of one process."""

    gateway: Gateway
    dsn: str = field(repr=False)
    """Where writes are told."""
    versions: Versions
    limits: Limits = field(default_factory=Limits)
    observers: list[Callable[[Happening], None]] = field(default_factory=list)
    _groups: dict[Question, Group] = field(default_factory=dict)
    _by_viewer: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    _looking: list[asyncio.Task[None]] = field(default_factory=list)
    _is_ending: bool = False

    def __post_init__(self) -> None:
        self.turns = asyncio.Semaphore(max(1, self.gateway.engine.settings.connections // 2))
        """So many groups are worked out at once: half of the connections are left to whoever asks."""
        self._look = asyncio.Event()
        # Who is told of a write must have it in the answer: a replica may not have come to it yet.
        self.at_primary = replace(self.gateway, replicas=None)

    @property
    def subscriptions(self) -> int:
        """How many there are."""
        return sum(len(group.subscribers) for group in self._groups.values())

    @property
    def groups(self) -> int:
        """How many of them differ."""
        return len(self._groups)

    def happened(self, what: Happening) -> None:
        """Tells whoever counts."""
        for observe in self.observers:
            observe(what)

    def subscribe(self, viewer: Viewer, asked: Asked) -> Subscriber:
        """A subscriber, who is told at once and then again and again, until it is closed.

        Raises: TooManyOpen, Unavailable.
        """
        holder = (viewer.issuer, viewer.subject)
        if self._is_ending:
            raise Unavailable("The server ends. Subscribe again; another takes its place.")
        if self._by_viewer[holder] >= self.limits.each:
            raise TooManyOpen(f"You have {self.limits.each} subscriptions open, which is all you may. End one first.")
        if self.subscriptions >= self.limits.subscriptions:
            raise Unavailable(f"The server has {self.limits.subscriptions} subscriptions, which is all. Ask later.")
        if not self._looking:
            loop = asyncio.get_running_loop()
            self._looking = [loop.create_task(listen(self.dsn, self._look.set)), loop.create_task(self._watch())]
        question = asked.question(viewer)
        group = self._groups.get(question)
        if group is None:
            group = self._groups[question] = Group(self, asked)
        subscriber = Subscriber(group, viewer, self._leave)
        self._by_viewer[holder] += 1
        group.join(subscriber)
        return subscriber

    def _leave(self, subscriber: Subscriber) -> None:
        group = subscriber.group
        if group.subscribers.pop(subscriber, subscriber) is subscriber:
            return
        holder = (subscriber.viewer.issuer, subscriber.viewer.subject)
        self._by_viewer[holder] -= 1
        if not self._by_viewer[holder]:
            del self._by_viewer[holder]
        if not group.subscribers:
            group.stop()
            self._groups.pop(group.asked.question(subscriber.viewer), None)

    async def _watch(self) -> None:
        """Asks for the version whenever a write is heard of, and every second; another one makes every group due."""
        known: Version | None = None
        while True:
            version = await self._version() if self._groups else known
            if version != known:
                known = version
                for group in self._groups.values():
                    group.due(self.limits.debounce_seconds)
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._look.wait()
            self._look.clear()

    async def _version(self) -> Version | None:
        try:
            return await self.versions.current()
        except Exception as fault:
            if not isinstance(fault, Unavailable):
                mask(fault)
            return None  # which is another one: its subscribers are told that the database is away

    def end(self) -> None:
        """Lets everybody go: the server ends."""
        self._is_ending = True
        for group in self._groups.values():
            for one in group.subscribers:
                one.end()

    async def close(self) -> None:
        """Gives back what it holds."""
        self.end()
        for group in list(self._groups.values()):
            group.stop()
        for task in self._looking:
            task.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)
