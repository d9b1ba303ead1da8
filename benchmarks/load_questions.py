"""What the load asks: who, through which door, and what of an answer moves by itself."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import orjson

from db.access import Role, Viewer
from schema.identity import Identity

MARCH: Final = {"since": "2026-03-01", "until": "2026-04-01"}
_REPORTS: Final = "/api/tickets/reports"
_DOCUMENT: Final = """{ report(period: {since: "2026-03-01", until: "2026-04-01"}) { dataVersion
  summary { openTickets { value } avgResponseTime { value median count } resolutionRate { value withTarget } }
  breakdown(by: [PRIORITY]) { total rows { keys { id } metrics { ticketsCreated { value } resolutions { value } } } }
  series(grain: WEEK) { starts groups { metrics { ticketsCreated { values } } } }
} }"""
_VERSION: Final = re.compile(rb'"dataVersion":"(\d+)"')
_AS_OF: Final = re.compile(rb'"asOf":"[^"]*"')
VIEWERS_A_ROLE: Final = 50


@dataclass(frozen=True)
class Cast:
    """Ids of a desk: whose tickets the writer changes, so that everybody who asks sees them."""

    organization: str
    category: str
    team: str
    agent: str


OF_DEMO: Final = Cast("O-001", "billing", "billing", "A-07")


@dataclass(frozen=True, eq=False)
class Question:
    """One request of one role, that is asked again and again."""

    role: Role
    name: str
    method: str
    path: str
    body: dict[str, object] | None = None
    is_new: bool = False
    """Whether it is asked in ever other words, so that no kept answer is given."""

    def sent(self, host: str, token: str) -> bytes:
        """Its bytes."""
        body = b"" if self.body is None else orjson.dumps(self._words(self.body))
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{kind}"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _words(self, body: dict[str, object]) -> dict[str, object]:
        return {**body, "query": f"{body['query']} # {secrets.token_hex(6)}"} if self.is_new else body


def viewers(identity: Identity, lasting: timedelta, cast: Cast) -> dict[Role, list[str]]:
    """Tokens of many people of each role."""
    return {
        role: [
            identity.issue(Viewer(f"{role.value}-{number}", role, cast.agent, (cast.team,), cast.organization), lasting)
            for number in range(VIEWERS_A_ROLE)
        ]
        for role in Role
    }


def _questions() -> list[Question]:
    found = []
    for role in Role:
        reports = ["summary", "performance", "trends", *([] if role is Role.CLIENT else ["agents"])]
        for report in reports:
            for zone in ("UTC", "Europe/Berlin"):  # one that days are prepared for, and one that they may not be
                query = urlencode({**MARCH, "timezone": zone})
                found.append(Question(role, f"rest {report}", "GET", f"{_REPORTS}/{report}?{query}"))
        if role is not Role.AGENT:
            body = {"report": "performance", "format": "json", **MARCH}
            found.append(Question(role, "export performance", "POST", f"{_REPORTS}/export", body))
        if role is not Role.CLIENT:
            found.append(Question(role, "graphql", "POST", "/graphql", {"query": _DOCUMENT}))
            found += [Question(role, "graphql anew", "POST", "/graphql", {"query": _DOCUMENT}, is_new=True)] * 2
    return found


QUESTIONS: Final = tuple(_questions())
"""What each role asks."""


def still(body: bytes) -> tuple[int, bytes]:
    """The version that an answer states, and the rest of it without what moves by itself."""
    version = _VERSION.search(body)
    if version is None:
        raise ValueError(f"an answer states no version: {body[:300]!r}")
    rest = body.partition(b',"extensions":')[0]  # how it was worked out, told to who operates the server
    return int(version[1]), _AS_OF.sub(b"", _VERSION.sub(b"", rest))
