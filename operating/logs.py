"""The log: a line an event, as JSON for programs and as text for a terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import orjson

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The name of the request that is being answered; empty outside of one."""
FIELDS: Final = "fields"
"""The attribute of a record that holds what a program would look for in its line."""


class LogFormat(Enum):
    """How lines are written."""

    AUTO = "auto"
    """As text on a terminal, else as JSON."""
    JSON = "json"
    TEXT = "text"


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_named(record),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(told, default=str).decode()


class TextLines(logging.Formatter):
    """A line to be read by people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the trace below it."""
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{at} {record.levelname.lower():<7} {record.getMessage()}"
        named = _named(record).get("requestId")
        line += f" [{named}]" if named else ""
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _named(record: logging.LogRecord) -> dict[str, Any]:
    """A record's fields, and the request that it belongs to."""
    fields: Mapping[str, Any] = record.__dict__.get(FIELDS, {})
    name = REQUEST_ID.get()
    return {"requestId": name, **fields} if name else dict(fields)


def log_config(level: str, chosen: LogFormat) -> dict[str, Any]:
    """What the standard library sets the log up from, in every server process."""
    is_text = chosen is LogFormat.TEXT or (chosen is LogFormat.AUTO and sys.stderr.isatty())
    ours = {"level": level.upper(), "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.{TextLines.__name__ if is_text else JsonLines.__name__}"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {"deskgraph": ours, "uvicorn": ours},
    }
