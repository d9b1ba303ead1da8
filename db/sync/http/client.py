"""Reading an HTTP API: it waits as long as it is told to, tries so many times again, and tells in our words.

The token stands in one header and nowhere else: it is in no message, no log and no address. Redirects are not followed,
and addresses that an answer names are never asked, so that the token goes to nobody but the system itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2
import orjson

from db.errors import SetupFault, Unavailable

Parameters = Sequence[tuple[str, str | int]]
Pause = Callable[[float], Awaitable[None]]

BACKOFF_SECONDS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Before the second try, the third, ...; after the last of them the pass fails, and the next one goes on."""
THROTTLED_TIMES: Final = 30
"""So often in a row a request may be told to wait."""
LONGEST_WAIT_SECONDS: Final = 7_200.0
"""Limits an hour are the longest that either system has."""
_TIMEOUT: Final = httpx2.Timeout(120.0, connect=15.0)
_THROTTLED: Final = 429
_PASSING: Final = frozenset({500, 502, 503, 504})


class Refused(SetupFault):
    """The API does not answer a request, and will not if it is asked again."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Access:
    """Where an API is, and what lets us in."""

    url: str
    authorization: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What an API answered."""

    body: Any
    at: datetime
    """When, by the API's clock; by ours, where it does not say."""

    @property
    def skew_seconds(self) -> float:
        """How far the API's clock is ahead of ours, to the second."""
        return round((self.at - datetime.now(UTC)).total_seconds())

    def rows(self, name: str | None = None) -> list[dict[str, Any]]:
        """The list of objects that it consists of, or that it names so.

        Raises: Unavailable, where there is none.
        """
        found = self.body if name is None else self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unavailable(f"The answer has no list {name or 'of objects'}.")
        return found


@dataclass(frozen=True)
class _Later:
    """Why a request has to be made again, and after how long, where that was said."""

    why: str
    seconds: float | None = None
    is_throttle: bool = False


class Api:
    """Asks one API, one request at a time."""

    def __init__(self, name: str, access: Access, pause: Pause = asyncio.sleep) -> None:
        self._name = name
        self._pause = pause
        headers = {"Authorization": access.authorization, "Accept": "application/json", "User-Agent": "deskgraph"}
        self._client = httpx2.AsyncClient(
            base_url=access.url, headers=headers, timeout=_TIMEOUT, follow_redirects=False
        )

    async def get(self, path: str, parameters: Parameters = ()) -> Answer:
        """What a GET of a path answers.

        Raises: Refused for what somebody must change, Unavailable for what may pass.
        """
        failures = throttled = 0
        while True:
            found = await self._asked(path, parameters)
            if isinstance(found, Answer):
                return found
            if found.is_throttle:
                throttled += 1
            else:
                failures += 1
            if failures > len(BACKOFF_SECONDS) or throttled > THROTTLED_TIMES:
                times = failures + throttled
                raise Unavailable(f"The source {self._name} was asked {times} times for {path}: {found.why}.")
            wait = BACKOFF_SECONDS[max(failures, 1) - 1] if found.seconds is None else found.seconds
            if wait > LONGEST_WAIT_SECONDS:
                raise Unavailable(f"The source {self._name} asks to wait for {wait:,.0f} seconds ({found.why}).")
            await self._pause(wait)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _asked(self, path: str, parameters: Parameters) -> Answer | _Later:
        try:
            response = await self._client.get(path, params=list(parameters))
        except (httpx2.HTTPError, OSError) as fault:
            return _Later(f"it is away or broke off ({type(fault).__name__})")
        if response.status_code == 200:
            try:
                return Answer(orjson.loads(response.content), _date(response))
            except orjson.JSONDecodeError:
                return _Later("its answer is not whole, or no JSON")
        if response.status_code == _THROTTLED or response.status_code in _PASSING:
            told = f"it answers {response.status_code}"
            return _Later(told, _retry_after(response), response.status_code == _THROTTLED)
        raise Refused(f"The source {self._name} {_refusal(response.status_code, path)}", response.status_code)


def _refusal(status: int, path: str) -> str:
    """Why a request was refused, and what to do."""
    if status == 401:
        return f"does not know the token (401 for {path}). Is it the right one, for this address, and still valid?"
    if status == 403:
        return f"does not let the token read {path} (403). The source's page says which rights it takes."
    if status == 404:
        return f"has no {path} (404). Is the address right, and is this part of its plan?"
    if 300 <= status < 400:
        return f"leads elsewhere from {path} ({status}). Give the address to which it leads."
    return f"answers {status} to {path}."


def _date(response: httpx2.Response) -> datetime:
    return _http_date(response.headers.get("Date", "")) or datetime.now(UTC)


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(response: httpx2.Response) -> float | None:
    """How long to wait, as seconds or as an instant tell it."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    at = _http_date(told) if told else None
    return None if at is None else max(0.0, (at - _date(response)).total_seconds())
