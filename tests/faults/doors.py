"""What is asked at every door while a fault lasts, and what came of it: right and whole, a clear error, or wrong."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, Final

import httpx
import orjson

from db.access import Role
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import SECRET
from tests.rest_compat.desk import MARCH, VIEWERS

REPORTS: Final = "/api/tickets/reports"
DOCUMENT: Final = """{ report(period: {since: "2026-03-01", until: "2026-04-01"}) {
  summary { openTickets { value } avgResponseTime { value count } resolutionRate { value } csatScore { value count } }
  breakdown(by: [CATEGORY]) { total rows { keys { id } metrics { ticketsCreated { value } } } }
} }"""
EVERYTHING: Final = {"since": "2025-01-01", "until": "2026-10-01"}
CLEAR: Final = {"UNAVAILABLE": 503, "TIMEOUT": 504, "RATE_LIMITED": 429}
"""The codes that a fault of the surroundings may have."""
_MOVING: Final = ("asOf", "dataVersion")


class Came(Enum):
    """What came of a request."""

    RIGHT = "right"
    CLEAR = "a clear error"
    CUT = "the transfer broke off, and says so"
    NOBODY = "no connection, or none any more"
    WRONG = "wrong"


@dataclass(frozen=True)
class Answer:
    """One answer."""

    door: str
    came: Came
    told: str = ""
    """The error's code; of what is wrong, all of it."""


@dataclass(frozen=True)
class Door:
    """One request, that is asked again and again."""

    name: str
    method: str
    path: str
    given: dict[str, Any] = field(default_factory=dict)

    is_new: bool = False
    """Whether it is asked in ever other words, so that no kept answer is given."""

    async def fetch(self, client: httpx.AsyncClient) -> httpx.Response:
        """The whole answer."""
        given = self.given
        if self.is_new:
            given = {"json": {"query": f"{given['json']['query']} # {secrets.token_hex(6)}"}}
        return await client.request(self.method, self.path, **given)


def export(report: str, format_: str, **slice_: str) -> Door:
    """An export as a door."""
    return Door(
        f"{report}.{format_}", "POST", f"{REPORTS}/export", {"json": {"report": report, "format": format_, **slice_}}
    )


DOORS: Final = (
    Door("graphql", "POST", "/graphql", {"json": {"query": DOCUMENT}}),
    Door("graphql anew", "POST", "/graphql", {"json": {"query": DOCUMENT}}, is_new=True),
    *(Door(name, "GET", f"{REPORTS}/{name}", {"params": MARCH}) for name in ("summary", "performance", "agents")),
    Door("trends", "GET", f"{REPORTS}/trends", {"params": {**MARCH, "category": "login"}}),
    export("summary", "csv", **MARCH),
    export("tickets", "ndjson", **EVERYTHING),
)


def bearer(role: Role = Role.MANAGER) -> dict[str, str]:
    """The header of a role's token."""
    token = Identity(SharedSecret(SECRET)).issue(VIEWERS[role], timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


def asker(url: str, role: Role = Role.MANAGER, **further: Any) -> httpx.AsyncClient:
    """A client of a role."""
    return httpx.AsyncClient(base_url=url, headers=bearer(role), timeout=60, **further)


def still(found: Any) -> Any:
    """An answer without what moves by itself."""
    if isinstance(found, dict):
        return {name: still(value) for name, value in found.items() if name not in _MOVING}
    return [still(one) for one in found] if isinstance(found, list) else found


def content(response: httpx.Response) -> Any:
    """What an answer says, in a form that is equal for equal answers."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    if kind == "application/x-ndjson":
        return [still(orjson.loads(line)) for line in response.content.splitlines()]
    return still(orjson.loads(response.content)) if kind.endswith("json") else response.content


def code_of(response: httpx.Response) -> str | None:
    """The code of an answer that is a clear error, by the contract; None, where it is none."""
    found = content(response)
    if not isinstance(found, dict):
        return None
    if errors := found.get("errors"):
        codes = {one.get("extensions", {}).get("code") for one in errors}
        if len(codes) == 1 and codes <= CLEAR.keys() and response.status_code in (200, CLEAR[next(iter(codes))]):
            return str(codes.pop())
    code = found.get("code")
    is_problem = response.headers["content-type"] == "application/problem+json"
    if is_problem and CLEAR.get(str(code)) == response.status_code:
        return str(code) if response.status_code == 504 or response.headers.get("retry-after") else None
    return None


@dataclass
class Truth:
    """The right answer of every door, taken while all is well."""

    url: str
    right: dict[str, Any] = field(default_factory=dict)

    async def learn(self) -> Truth:
        """Takes the answers in."""
        async with asker(self.url) as client:
            for door in DOORS:
                response = await door.fetch(client)
                assert response.status_code == 200, (door, response.text)
                assert code_of(response) is None, response.text
                self.right[door.name] = content(response)
        return self

    async def ask(self, client: httpx.AsyncClient, door: Door) -> Answer:
        """What comes of one request."""
        try:
            response = await door.fetch(client)
        except (httpx.RemoteProtocolError, httpx.ReadError) as fault:
            cut = "peer closed connection without sending complete" in str(fault)
            return Answer(door.name, Came.CUT if cut else Came.NOBODY, str(fault))
        except httpx.ConnectError as fault:
            return Answer(door.name, Came.NOBODY, str(fault))
        if (code := code_of(response)) is not None:
            return Answer(door.name, self._of_error(door, response), code)
        if response.status_code == 200 and content(response) == self.right[door.name]:
            return Answer(door.name, Came.RIGHT)
        return Answer(door.name, Came.WRONG, f"{response.status_code} {response.headers} {response.text[:600]}")

    def _of_error(self, door: Door, response: httpx.Response) -> Came:
        """A document's parts that arrived beside an error are right, too."""
        data = content(response).get("data")
        return Came.CLEAR if data is None or _within(data, self.right[door.name]["data"]) else Came.WRONG

    async def each(self) -> list[Answer]:
        """What comes of all doors at once, on fresh connections."""
        async with asker(self.url) as client:
            return list(await asyncio.gather(*(self.ask(client, door) for door in DOORS)))


def _within(part: Any, whole: Any) -> bool:
    """Whether all that is there of an answer is right."""
    if part is None:
        return True
    if isinstance(part, dict):
        return all(_within(value, whole[name]) for name, value in part.items())
    return bool(part == whole)


@dataclass
class Asking:
    """Clients that ask all doors, again and again."""

    truth: Truth
    answers: list[Answer] = field(default_factory=list)
    is_over: bool = False

    async def _one(self, first: int) -> None:
        async with asker(self.truth.url) as client:
            at = first
            while not self.is_over:
                self.answers.append(await self.truth.ask(client, DOORS[at % len(DOORS)]))
                at += 1
                await asyncio.sleep(0.01)

    @property
    def came(self) -> Counter[Came]:
        """How many of each."""
        return Counter(one.came for one in self.answers)

    @property
    def told(self) -> Counter[str]:
        """The codes of errors."""
        return Counter(one.told for one in self.answers if one.came is Came.CLEAR)

    @property
    def wrong(self) -> list[Answer]:
        """What must not be."""
        return [one for one in self.answers if one.came is Came.WRONG]


@asynccontextmanager
async def asking(truth: Truth, clients: int = 6) -> AsyncIterator[Asking]:
    """Clients that ask while this lasts; each last answer is waited for."""
    found = Asking(truth)
    tasks = [asyncio.create_task(found._one(number)) for number in range(clients)]
    try:
        yield found
    finally:
        found.is_over = True
        await asyncio.gather(*tasks)
