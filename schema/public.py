"""What REST may know of the vocabulary beneath: words, capabilities, faults, costs, how a time or a zone is checked."""

from __future__ import annotations

from typing import Final

from db import catalog, periods, zones
from db.access import Capability, Viewer
from db.audit.record import Door, Outcome
from db.domain import Clock
from db.errors import (
    BadInput,
    CallerFault,
    DeskgraphError,
    DiskFull,
    Forbidden,
    ImpossibleInput,
    NotStored,
    RateLimited,
    SetupFault,
    TimedOut,
    TooComplex,
    TooManyOpen,
    TooMuchAsked,
    Unauthenticated,
    Unavailable,
    UpstreamFault,
)
from db.export_jobs import CHUNK_BYTES, ExportJob, JobFault, JobFile, JobState, Ordered
from db.metric import Details, Metric
from db.periods import Comparison, Grain, Preset
from db.query import WORDS, Attribution
from db.tickets import SortKey
from db.turns import Turns, too_much
from resolvers.delivery_queue import DeliveryQueue, DueReport
from resolvers.export_queue import Lost, Queue, Taken
from resolvers.loaders import Timings

__all__ = [
    "CHUNK_BYTES",
    "FILTER_WORDS",
    "METRICS",
    "Attribution",
    "BadInput",
    "CallerFault",
    "Capability",
    "Clock",
    "Comparison",
    "DeliveryQueue",
    "DeskgraphError",
    "Details",
    "DiskFull",
    "Door",
    "DueReport",
    "ExportJob",
    "Forbidden",
    "Grain",
    "ImpossibleInput",
    "JobFault",
    "JobFile",
    "JobState",
    "Lost",
    "NotStored",
    "Ordered",
    "Outcome",
    "Preset",
    "Queue",
    "RateLimited",
    "SetupFault",
    "SortKey",
    "Taken",
    "TimedOut",
    "Timings",
    "TooComplex",
    "TooManyOpen",
    "TooMuchAsked",
    "Turns",
    "Unauthenticated",
    "Unavailable",
    "UpstreamFault",
    "Viewer",
    "check_since",
    "check_until",
    "check_zone",
    "too_much",
]

METRICS: Final[dict[str, Metric]] = dict(catalog.BY_NAME)
"""The catalogue by public name."""
FILTER_WORDS: Final[dict[str, tuple[str, ...]]] = {
    dimension.value: tuple(word.word for word in words) for dimension, words in WORDS.items()
}
"""The words that a filter may name, for the dimensions whose values are fixed."""

_EARLY, _LATE = "2000-01-01", "2000-01-02"


def check_zone(name: str) -> None:
    """Raises: BadInput, for a name that is no IANA zone."""
    zones.zone_named(name)


def check_since(text: str) -> None:
    """Raises: BadInput, for a text that is no time."""
    _check_period(text, _LATE)


def check_until(text: str) -> None:
    """Raises: BadInput, for a text that is no time."""
    _check_period(_EARLY, text)


def _check_period(since: str, until: str) -> None:
    try:
        periods.own_period(since, until, zones.zone_named("UTC"))
    except ImpossibleInput:
        return  # both are times; how they lie to each other is a question of the whole request
