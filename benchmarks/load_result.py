"""What a load came to: the answers, what the server holds, who used the processors; and that in words."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import asyncpg
import psutil

from benchmarks.load_questions import Question

CONNECTIONS: Final = 4 + 4 + 2 + 1
"""To the database, at most: the pool, the exports', the audit log's, the version's."""
MEMORY_MB: Final = 100
"""What a server may have grown by: what it keeps of answers, and what Python does not give back."""


@dataclass
class Came:
    """What came of everything."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of answers that are right, by the question's name."""
    told: Counter[str] = field(default_factory=Counter)
    """Clear errors, by status and code."""
    to_be_checked: dict[tuple[Question, int, bytes], int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_refusal: float = 0.0
    lag_seconds: float = 0.0
    """How late the clients' own process was at most: so much of any time above may be theirs."""
    recovered_seconds: float = 0.0
    """From the end of it all until who asks anew is answered."""

    @property
    def answered(self) -> int:
        """How many answers came that are no errors."""
        return sum(map(len, self.seconds.values()))


@dataclass(frozen=True)
class Held:
    """What the server holds."""

    memory_mb: float
    descriptors: int
    connections: int
    tasks: float
    waiting: float


@dataclass(frozen=True)
class Spent:
    """Who has used the processors. Unit: seconds since each began."""

    server: float
    clients: float
    """And the writer: this process."""
    database: float

    @classmethod
    async def so_far(cls, pid: int, dsn: str) -> Spent:
        """At present. `pid`: the server's."""
        owner = await asyncpg.connect(dsn)
        a_part = await owner.fetchval("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        await owner.close()
        postmaster = psutil.Process(a_part).parent()
        assert postmaster is not None
        database = sum(postmaster.cpu_times()[:4]) + sum(sum(one.cpu_times()[:2]) for one in postmaster.children())
        return cls(sum(psutil.Process(pid).cpu_times()[:2]), time.process_time(), database)

    def since(self, before: Spent) -> Spent:
        """What was used in between."""
        return Spent(self.server - before.server, self.clients - before.clients, self.database - before.database)


@dataclass(frozen=True)
class Result:
    """What a load came to."""

    came: Came
    clients: int
    seconds: float
    versions: int
    before: Held
    after: Held
    spent: Spent

    @property
    def faults(self) -> list[str]:
        """What does not hold: answers that were wrong or a 5xx or broken, and what the server has not given back."""
        most = {
            "memory_mb": self.before.memory_mb + MEMORY_MB,
            "descriptors": self.before.descriptors + CONNECTIONS,
            "connections": CONNECTIONS,
            "tasks": self.before.tasks,
            "waiting": 0,
        }
        held = [(name, getattr(self.after, name), allowed) for name, allowed in most.items()]
        kept = [
            f"{name}: {found:.0f}, and at most {allowed:.0f} is right"
            for name, found, allowed in held
            if found > allowed
        ]
        failed = [f"{count} x {told}" for told, count in self.came.told.items() if told.startswith("5")]
        return [*self.came.wrong, *failed, *kept]


def lines(result: Result) -> list[str]:
    """The result, as it is put into docs/reliability.md."""
    came, spent, total = result.came, result.spent, result.came.answered
    refused = ", ".join(f"{count:,} x {told}" for told, count in came.told.most_common())
    found = [
        f"{datetime.now(UTC):%Y-%m-%d}: {result.clients:,} clients, {result.seconds:.0f} s, {os.cpu_count()} cores for "
        f"server, database, writer and clients together, at a load average of {os.getloadavg()[0]:.0f}:",
        "",
        f"- {total:,} right answers, {total / result.seconds:,.0f} a second, of {result.versions} versions of the "
        f"store; {len(came.wrong)} wrong or broken.",
        f"- Refused: {refused}; the slowest refusal after {came.slowest_refusal:.1f} s."
        if refused
        else "- Refused: none.",
        f"- Once it was over, who asked anew was answered after {came.recovered_seconds:.1f} s.",
        f"- The clients themselves were late by {came.lag_seconds:.1f} s at most. Processor seconds: server "
        f"{spent.server:.0f}, database {spent.database:.0f}, clients and writer {spent.clients:.0f}.",
        f"- {'Nothing is left over.' if not result.faults else 'DOES NOT HOLD: ' + '; '.join(result.faults[:3])}",
        "",
        "| asked | answers | median s | p90 s | p99 s | most s |",
        "|---|---|---|---|---|---|",
    ]
    everything = sorted(itertools.chain(*came.seconds.values()))
    for name, seconds in [*sorted(came.seconds.items()), ("all", everything)]:
        if len(seconds) > 1:
            cuts = statistics.quantiles(seconds, n=100, method="inclusive")
            numbers = " | ".join(f"{one:.2f}" for one in (cuts[49], cuts[89], cuts[98], max(seconds)))
            found.append(f"| {name} | {len(seconds):,} | {numbers} |")
    found += ["", "| the server | before | after |", "|---|---|---|"]
    for name in ("memory_mb", "descriptors", "connections", "tasks", "waiting"):
        found.append(f"| {name} | {getattr(result.before, name):.0f} | {getattr(result.after, name):.0f} |")
    return found
