"""What Prometheus reads at /metrics. No label is of a viewer, and each has only so many values.

With several server processes, all write into one folder (operating.sharing), and whichever answers adds them up; with
one, nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from db.statement import Statement
from operating.served import Served
from operating.sharing import FOLDER
from operating.state import State
from schema.live import Happening

Mode = Literal["livesum", "mostrecent"]
"""How the numbers of several processes make one."""
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


disable_created_metrics()  # type: ignore[no-untyped-call]  # when each counter began would be half of all lines


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        if FOLDER not in os.environ:
            ProcessCollector(registry=own)
        self._requests = Counter(
            "deskgraph_requests",
            "Requests by door, operation (a stored document's, a report's; else ad hoc), HTTP status and outcome.",
            ("door", "operation", "status", "outcome"),
            registry=own,
        )
        self._request_seconds = Histogram(
            "deskgraph_request_seconds",
            "From a request's first byte to its answer's last.",
            ("door", "operation"),
            buckets=_SECONDS,
            registry=own,
        )
        self._statement_seconds = Histogram(
            "deskgraph_statement_seconds", "Reads of the database, each once.", buckets=_SECONDS, registry=own
        )
        self._answers = _counter("answers", "Answers by whether a kept one was given: hit or miss.", "result", own)
        self._kept = {is_kept: self._answers.labels(word) for is_kept, word in ((True, "hit"), (False, "miss"))}
        happening = "Of subscriptions: run (worked out for a group), push (told to one), slow and refused (let go)."
        self._live = _counter("live", happening, "happening", own)
        self._gauges = {name: _gauge(name, text, "livesum", own) for name, text in _OF_PROCESS.items()}
        self._of_store = {name: _gauge(name, text, "mostrecent", own) for name, text in _OF_STORE.items()}
        self._rollups = Gauge(
            "deskgraph_rollups_ready",
            "Whether reports in a zone read rollups (1) or facts (0).",
            ("zone",),
            registry=own,
            multiprocess_mode="mostrecent",
        )
        self._of_sources = {name: _of_source(name, text, own) for name, text in _OF_SOURCES.items()}
        self._of_replicas = {name: _of_replica(name, text, own) for name, text in _OF_REPLICAS.items()}
        where = "Operations by where they read reports, where there are replicas: primary, or a replica's name."
        self._places = _counter("places", where, "place", own)
        self._told: dict[tuple[str, str, int, str], Callable[[float], None]] = {}

    def served(self, one: Served) -> None:
        """Counts a request."""
        key = (one.door, one.operation, one.status, one.outcome)
        tell = self._told.get(key)
        if tell is None:
            tell = self._told[key] = self._teller(*key)
        tell(one.seconds)
        if one.is_kept is not None:
            self._kept[one.is_kept].inc()

    def _teller(self, door: str, operation: str, status: int, outcome: str) -> Callable[[float], None]:
        """Looks the labels up once for all requests alike."""
        count = self._requests.labels(door, operation, str(status), outcome).inc
        observe = self._request_seconds.labels(door, operation).observe

        def tell(seconds: float) -> None:
            count()
            observe(seconds)

        return tell

    def statement(self, _: Statement, seconds: float) -> None:
        """Counts a statement."""
        self._statement_seconds.observe(seconds)

    def live(self, what: Happening) -> None:
        """Counts what happens to subscriptions."""
        self._live.labels(what.value).inc()

    def place(self, name: str) -> None:
        """Counts where an operation reads."""
        self._places.labels(name).inc()

    def sample(self, state: State) -> None:
        """Takes in what this process holds at present."""
        for name, value in state.of_process.items():
            self._gauges[name].set(value)
        for replica, numbers in state.replicas.items():
            for name, value in numbers.items():
                self._of_replicas[name].labels(replica).set(value)

    def sample_store(self, state: State) -> None:
        """Takes in what is known of the store."""
        for name, value in state.of_store.items():
            self._of_store[name].set(value)
        for zone, is_ready in state.rollups.items():
            self._rollups.labels(zone).set(is_ready)
        for source, numbers in state.live.items():
            for name, value in numbers.items():
                self._of_sources[name].labels(source).set(value)

    def exposed(self) -> bytes:
        """All of it, of every process, as Prometheus reads it."""
        folder = os.environ.get(FOLDER)
        if folder is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        _forget_ended(Path(folder))
        MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]  # the library has no types here
        return generate_latest(together)


def _counter(name: str, text: str, label: str, registry: CollectorRegistry) -> Counter:
    return Counter(f"deskgraph_{name}", text, (label,), registry=registry)


def _gauge(name: str, text: str, mode: Mode, registry: CollectorRegistry) -> Gauge:
    return Gauge(f"deskgraph_{name}", text, registry=registry, multiprocess_mode=mode)


def _of_source(name: str, text: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(f"deskgraph_{name}", text, ("source",), registry=registry, multiprocess_mode="mostrecent")


def _of_replica(name: str, text: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(f"deskgraph_{name}", text, ("replica",), registry=registry, multiprocess_mode="mostrecent")


def _forget_ended(folder: Path) -> None:
    """Takes the present numbers of processes that are gone away; what they counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        number = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{number}").exists():
            mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]  # nor here


_OF_PROCESS: Final = {
    "answers_bytes": "About what kept answers take.",
    "requests_inside": "Requests that are worked on.",
    "requests_waiting": "Requests that wait for it.",
    "pool_size": "Connections to PostgreSQL that are open.",
    "pool_free": "Of those, the ones that nobody uses.",
    "pool_waiting": "Who waits for a connection.",
    "audit_waiting": "Audit records that are not durable yet.",
    "tasks": "Tasks of the event loop: one or two a request, and a few of the server's own.",
    "live_subscriptions": "Subscriptions that are open.",
    "live_groups": "Of those, how many differ: each is worked out once for all who have the same.",
}
_OF_STORE: Final = {
    "database_up": "Whether the database answered when this was read.",
    "data_version": "The store's version: one more with every write.",
    "data_changed_timestamp_seconds": "When the store was last written to.",
    "export_jobs_waiting": "Exports that wait for a worker.",
    "export_jobs_running": "Exports that a worker makes.",
    "export_jobs_failed": "Exports that failed, of those that are still kept.",
    "export_jobs_oldest_waiting_seconds": "How long the export has waited that has waited longest.",
    "schedules_due": "Schedules that are due and that no worker has looked at yet.",
    "deliveries_waiting": "Deliveries of schedules that wait or are being made.",
    "deliveries_failed": "Deliveries of schedules that failed, of those that are still kept.",
}
_OF_SOURCES: Final = {
    "source_lag_seconds": "How old the data of a live source is; not there until it was read once.",
    "source_stale": "Whether that is more than its pace explains, or it was never read (1), or not (0).",
    "source_failures": "Passes over it that failed, in a row.",
    "source_rejects": "Its rows that cannot go in at present, as far as they are kept.",
}
_OF_REPLICAS: Final = {
    "replica_lag_seconds": "How far a replica is behind the primary at most; not there until it was proven once.",
    "replica_read": "Whether reports are read from it (1), or not (0).",
}
