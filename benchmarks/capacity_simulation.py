"""The desk of `benchmarks.capacity_model`, played event by event: arrivals, kept answers, processes, database cores.

Nothing here is taken from the formulae. Viewers come by chance and draw a slice; a process has kept the answer if it
gave it since the store last changed; else the process works on it, one thing at a time, and then the database, whose
cores take what has waited longest. Times of single requests vary around the measured ones, as those did.
"""

from __future__ import annotations

import heapq
import random
import statistics
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.capacity_model import KEPT_MS, Asked, Machine

_SPREAD = 0.15
"""The standard deviation of a request's time, over its mean."""


@dataclass(frozen=True)
class Seen:
    """What was seen, in the units of `capacity_model.Load`."""

    asked_a_second: float
    worked_out_a_second: float
    statements_a_second: float
    python_cores: float
    database_cores: float
    wait_ms: float
    p95_ms: float

    @property
    def hits(self) -> float:
        """The share that was kept."""
        return 1 - self.worked_out_a_second / self.asked_a_second


@dataclass
class _Station:
    """Servers in front of which jobs wait, the longest first."""

    servers: int
    busy_seconds: float = 0.0
    _at_work: int = 0
    _waiting: deque[tuple[float, Callable[[float], None]]] = field(default_factory=deque)

    def give(self, clock: _Clock, seconds: float, done: Callable[[float], None]) -> None:
        self._waiting.append((seconds, done))
        self._start(clock)

    def _start(self, clock: _Clock) -> None:
        while self._waiting and self._at_work < self.servers:
            seconds, done = self._waiting.popleft()
            self._at_work += 1
            self.busy_seconds += seconds

            def end(done: Callable[[float], None] = done) -> None:
                self._at_work -= 1
                done(clock.now)
                self._start(clock)

            clock.after(seconds, end)


@dataclass
class _Clock:
    """What happens when."""

    now: float = 0.0
    _coming: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _number: int = 0

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._coming, (self.now + seconds, self._number, what))

    def run(self, seconds: float) -> None:
        while self._coming and self._coming[0][0] < seconds:
            self.now, _, what = heapq.heappop(self._coming)
            what()


class _Play:
    """One run."""

    def __init__(self, machine: Machine, versions_a_second: float, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = _Clock()
        self.processes = [_Station(1) for _ in range(machine.processes)]
        self.database = _Station(machine.database_cores)
        self.kept: list[set[tuple[str, int]]] = [set() for _ in range(machine.processes)]
        self.versions_a_second = versions_a_second
        self.asked = self.worked_out = self.statements = 0
        self.waits: list[float] = []

    def written(self) -> None:
        """The store changes: nothing that was kept holds."""
        for one in self.kept:
            one.clear()
        self.clock.after(self.chance.expovariate(self.versions_a_second), self.written)

    def come(self, kind: Asked) -> None:
        """Somebody asks, and the next of this kind will."""
        self.clock.after(self.chance.expovariate(kind.a_second), lambda: self.come(kind))
        self.asked += 1
        number = self.chance.randrange(len(self.processes))
        slice_ = kind.name, self.chance.randrange(int(kind.slices))
        process = self.processes[number]
        if slice_ in self.kept[number]:
            process.give(self.clock, KEPT_MS / 1e3, lambda _: None)
            return
        self.kept[number].add(slice_)  # who asks meanwhile waits for the same work (db/decisions/0012)
        self.worked_out += 1
        self.statements += kind.cost.statements
        began = self.clock.now

        def to_database(_: float) -> None:
            self.database.give(self.clock, self._taken(kind.database_seconds), lambda at: self.waits.append(at - began))

        process.give(self.clock, self._taken(kind.cost.python_ms / 1e3), to_database)

    def _taken(self, mean: float) -> float:
        return max(0.0, self.chance.gauss(mean, _SPREAD * mean))


def simulate(kinds: tuple[Asked, ...], versions_a_second: float, machine: Machine, seconds: float, seed: int) -> Seen:
    """What some seconds of a desk are like."""
    play = _Play(machine, versions_a_second, seed)
    play.written()
    for kind in kinds:
        play.clock.after(play.chance.expovariate(kind.a_second), lambda kind=kind: play.come(kind))  # type: ignore[misc]
    play.clock.run(seconds)
    waits = sorted(play.waits)
    return Seen(
        play.asked / seconds,
        play.worked_out / seconds,
        play.statements / seconds + play.asked / 10 / seconds,
        sum(one.busy_seconds for one in play.processes) / seconds,
        play.database.busy_seconds / seconds,
        1e3 * statistics.fmean(waits),
        1e3 * waits[int(0.95 * len(waits))],
    )


def clients_at_once(
    cost_seconds: tuple[float, float], machine: Machine, clients: int, seconds: float, seed: int
) -> float:
    """Dashboards a second that clients get who ask again as soon as they are answered, nothing kept."""
    play = _Play(machine, 1.0, seed)
    answered = 0
    python, database = cost_seconds

    def ask(client: int) -> None:
        def answer(_: float) -> None:
            nonlocal answered
            answered += 1
            ask(client)

        def to_database(_: float) -> None:
            play.database.give(play.clock, play._taken(database), answer)

        play.processes[client % len(play.processes)].give(play.clock, play._taken(python), to_database)

    for client in range(clients):
        ask(client)
    play.clock.run(seconds)
    return answered / seconds
