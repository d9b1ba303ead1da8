"""What a look at something found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


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
    """What was found. No name of a person, no secret, no row of a ticket, but what is private."""
    remedy: str = ""
    """What to do; empty where nothing need be done."""
    private: Sequence[str] = ()
    """What of it names somebody, a login or a machine, or may hold a value; for who runs this alone."""

    def handed_on(self) -> Finding:
        """The same, without what is private: for whoever helps."""
        texts = [self.subject, self.told, self.remedy]
        for one in sorted(filter(None, self.private), key=len, reverse=True):  # one may be a part of another
            texts = [text.replace(one, LEFT_OUT) for text in texts]
        subject, told, remedy = texts
        return Finding(subject, self.grade, told, remedy)


LEFT_OUT: Final = "(left out)"
SEE_ALL: Final = (
    "Run this with DESKGRAPH_DATABASE_URL set to the database as its owner, after GRANT pg_read_all_stats TO that login"
    " (of one made NOINHERIT: WITH INHERIT TRUE, from PostgreSQL 16 on)."
)
"""What a login lacks that sees its own sessions and statements alone."""


def fine(subject: str, told: str, *private: str) -> Finding:
    """Nothing is the matter."""
    return Finding(subject, Grade.OK, told, private=private)


def fault(subject: str, told: str, remedy: str, *private: str) -> Finding:
    """Something has to be done."""
    return Finding(subject, Grade.FAULT, told, remedy, private)


def warning(subject: str, told: str, remedy: str, *private: str) -> Finding:
    """Something should be done."""
    return Finding(subject, Grade.WARNING, told, remedy, private)


def unknown(subject: str, told: str, remedy: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(subject, Grade.UNKNOWN, told, remedy)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether no finding is a fault."""
    return all(one.grade is not Grade.FAULT for one in findings)
