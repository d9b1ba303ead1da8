"""Capacity on paper: what a desk asks for, as formulae over measured constants. docs/capacity.md explains them.

No I/O. `benchmarks.capacity_simulation` plays the same desk event by event; `benchmarks.capacity` compares both, and
both with what was measured (benchmarks/RESULTS.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DAYS: Final = 1096
"""Of three years, which all tickets here are spread over."""
LEVELS: Final = (1, 4, 16, 64, 256, 1024)
"""The days of a rollup's blocks (db.rollups.blocks)."""

EVENTS: Final = 5.5
"""Rows of history a ticket, of the benchmarks' desk."""
FACTS: Final = 10.7
"""Facts a ticket, of the same."""
TIMED_FACTS: Final = 2.0
"""Of those the ones that have a duration, and so a place in a histogram."""

FACT_BYTES: Final = 326
EVENT_BYTES: Final = 152
TICKET_BYTES: Final = 310
"""With its rating, if it has one. All three with their indexes."""
ROLLUP_BYTES: Final = 666
"""A row of numbers with its place in the index."""
BINS_BYTES: Final = 75.0
BINS_POWER: Final = 0.62
"""A row of histograms of n durations takes about BINS_BYTES * n ** BINS_POWER: many fall into bins that are there."""

IMPORT_CPU_US: Final = 371.0
"""Of the import and of PostgreSQL, a ticket with its events, facts and rollups."""
REBUILD_US: Final = 63.2
"""Wall clock of making one zone's rollups anew, a ticket."""
PUSHED_ROWS_A_SECOND: Final = {1: 6, 100: 443, 2_000: 4_595}
"""By the rows of one request, one writer, on cores that were busy with other work."""

KEPT_MS: Final = 0.100
"""Of the server's processor, for an answer that was kept."""
SUBSCRIBER_KB: Final = 25
PROCESS_MB: Final = 198
"""A server process, with the desk of ten million tickets."""
CONNECTION_MB: Final = 15
"""A connection's own memory in PostgreSQL, with plans and hashes."""


@dataclass(frozen=True)
class Cost:
    """What one dashboard takes that is not kept."""

    statements: int
    python_ms: float
    database_ms: float
    us_a_fact: float
    """Of the database, for each fact of the slice in the whole store: of what no rollup has."""
    answer_bytes: int

    def database_seconds(self, facts: float) -> float:
        """Of the database, where the slice has so many facts."""
        return self.database_ms / 1e3 + self.us_a_fact * facts / 1e6


@dataclass(frozen=True)
class Asked:
    """Dashboards of a kind: how often somebody asks, for how many different slices, each of so many facts."""

    name: str
    cost: Cost
    a_second: float
    slices: float
    facts: float

    @property
    def database_seconds(self) -> float:
        """Of one that is not kept."""
        return self.cost.database_seconds(self.facts)


@dataclass(frozen=True)
class Desk:
    """Who asks what of how much."""

    tickets: float
    organizations: int
    agents: int
    viewers: int
    """Who are there in the busiest hour: a third managers and leads, who look at the whole; agents; clients."""
    dashboards_an_hour: float = 6.0
    """That each of them opens or reloads."""
    open_dashboards: int = 0
    """That are subscribed to: they are asked again whenever data changed."""
    zones: int = 1
    versions_a_second: float = 0.2
    """How often the store changes: batches of an import, passes of a live source."""

    @property
    def tickets_a_day(self) -> float:
        """On average."""
        return self.tickets / DAYS


@dataclass(frozen=True)
class Machine:
    """Server processes, each with a core, and the cores that are left to PostgreSQL."""

    processes: int
    database_cores: int


# -- store -------------------------------------------------------------------------------------------------------------


def rollup_rows(desk: Desk) -> Iterator[tuple[str, float]]:
    """The rows of each cuboid in one zone: its keys a block, times blocks; of a day not all keys have a fact."""
    blocks = sum(DAYS / size for size in LEVELS)
    facts_a_day = desk.tickets * FACTS / DAYS
    yield "total", blocks
    yield "status", 4 * blocks
    yield "category", 13 * blocks
    yield "hour", sum(DAYS / size * 24 * min(size, 7) for size in LEVELS)
    yield "agent", sum(DAYS / size * _filled(desk.agents, facts_a_day * size) for size in LEVELS)
    yield "topic", sum(DAYS / size * _filled(240, facts_a_day * size) for size in LEVELS)


def _filled(keys: float, facts: float) -> float:
    """How many of so many keys so many facts meet: tickets are no dice, and come in runs of about seven facts."""
    return keys * (1 - math.exp(-facts / FACTS * 1.5 / keys))


def rollup_bytes(desk: Desk) -> float:
    """Of all zones."""
    one = 0.0
    for _, rows in rollup_rows(desk):
        durations = desk.tickets * TIMED_FACTS * len(LEVELS) / rows
        one += rows * (ROLLUP_BYTES + BINS_BYTES * durations**BINS_POWER)
    return desk.zones * one


def store_bytes(desk: Desk) -> float:
    """Tickets, history, facts, indexes and rollups."""
    a_ticket = TICKET_BYTES + EVENTS * EVENT_BYTES + FACTS * FACT_BYTES
    return desk.tickets * a_ticket + rollup_bytes(desk)


def hot_bytes(desk: Desk) -> float:
    """What memory should hold: the rollups, and of the facts those of the last ninety days."""
    return rollup_bytes(desk) + desk.tickets * FACTS * FACT_BYTES * 90 / DAYS


def import_hours(desk: Desk, cores: int = 2) -> float:
    """A first import of everything."""
    return desk.tickets * IMPORT_CPU_US / cores / 3.6e9


def rebuild_hours(desk: Desk) -> float:
    """Making all zones' rollups anew: an upgrade with a new metric, or a new zone."""
    return desk.zones * desk.tickets * REBUILD_US / 3.6e9


def rows_a_second(desk: Desk, peak: float = 4.0) -> float:
    """Tickets and events that are written in the busiest hour."""
    return peak * desk.tickets_a_day * (1 + EVENTS) / 86_400


# -- answers -----------------------------------------------------------------------------------------------------------


def hit_share(asked: Asked, versions_a_second: float, processes: int) -> float:
    """How many are answered from what a process kept: those for which the last event was a question, not a write.

    Questions for a slice reach a process at a rate q, writes come at a rate w, both without memory: q / (q + w).
    """
    a_slice = asked.a_second / asked.slices / processes
    return a_slice / (a_slice + versions_a_second)


@dataclass(frozen=True)
class Load:
    """What a desk makes of a machine, in the busiest hour."""

    asked_a_second: float
    worked_out_a_second: float
    statements_a_second: float
    python_cores: float
    database_cores: float
    bytes_a_second: float
    wait_ms: float
    """The mean time of a dashboard that is not kept, waiting included; infinite where the machine cannot do it."""

    @property
    def hits(self) -> float:
        """The share that was kept."""
        return 1 - self.worked_out_a_second / self.asked_a_second


def load(kinds: tuple[Asked, ...], versions_a_second: float, machine: Machine) -> Load:
    """By the utilization law, and Pollaczek and Khinchine for the waiting."""
    missed = [(kind, kind.a_second * (1 - hit_share(kind, versions_a_second, machine.processes))) for kind in kinds]
    asked = sum(kind.a_second for kind in kinds)
    worked_out = sum(rate for _, rate in missed)
    python = [(kind.cost.python_ms / 1e3, rate) for kind, rate in missed] + [(KEPT_MS / 1e3, asked - worked_out)]
    database = [(kind.database_seconds, rate) for kind, rate in missed]
    a_process = [(seconds, rate / machine.processes) for seconds, rate in python]
    own = sum(seconds * rate for (seconds, rate) in (*python[:-1], *database)) / worked_out if worked_out else 0.0
    waiting = _queue(a_process, 1) + _queue(database, machine.database_cores)
    return Load(
        asked,
        worked_out,
        sum(kind.cost.statements * rate for kind, rate in missed) + asked / 10,
        sum(seconds * rate for seconds, rate in python),
        sum(seconds * rate for seconds, rate in database),
        sum(kind.cost.answer_bytes * kind.a_second for kind in kinds),
        1e3 * (own + waiting),
    )


def _queue(served: list[tuple[float, float]], servers: int) -> float:
    """The mean wait at servers that take, each at its rate, jobs of these seconds: Pollaczek-Khinchine of one server,
    Lee and Longton's of several. Unit: seconds."""
    rate = sum(one for _, one in served)
    if not rate:
        return 0.0
    busy = sum(seconds * one for seconds, one in served)
    if busy >= servers:
        return math.inf
    mean, square = busy / rate, sum(seconds**2 * one for seconds, one in served) / rate
    return _erlang_c(servers, busy) * mean / (servers - busy) * square / mean**2 / 2


def _erlang_c(servers: int, busy: float) -> float:
    """How many find all servers at work."""
    terms = [busy**n / math.factorial(n) for n in range(servers)]
    last = busy**servers / math.factorial(servers) * servers / (servers - busy)
    return last / (sum(terms) + last)


def most_a_second(cost: Cost, facts: float, machine: Machine, clients: int) -> float:
    """Dashboards a second that so many clients get who ask at once again and again, nothing kept: the narrower of the
    two stations, or the clients themselves."""
    python, database = cost.python_ms / 1e3, cost.database_seconds(facts)
    return min(machine.processes / python, machine.database_cores / database, clients / (python + database))
