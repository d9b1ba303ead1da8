"""What a look at something found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How bad it is."""

    OK = "ok"
    UNKNOWN = "unknown"
    """It could not be looked at."""
    WARNING = "warning"
    """It works, and may not for long, or is slower or less safe than it could be."""
    FAULT = "fault"
    """Requests fail, or numbers are late."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    """What was looked at, in a word or two."""
    grade: Grade
    told: str
    """What was found. No name of a person, no secret, no row of a ticket."""
    remedy: str = ""
    """What to do; empty where nothing need be done."""


def fine(subject: str, told: str) -> Finding:
    """Nothing is the matter."""
    return Finding(subject, Grade.OK, told)


def fault(subject: str, told: str, remedy: str) -> Finding:
    """Something has to be done."""
    return Finding(subject, Grade.FAULT, told, remedy)


def warning(subject: str, told: str, remedy: str) -> Finding:
    """Something should be done."""
    return Finding(subject, Grade.WARNING, told, remedy)


def unknown(subject: str, told: str, remedy: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(subject, Grade.UNKNOWN, told, remedy)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether no finding is a fault."""
    return all(one.grade is not Grade.FAULT for one in findings)
