"""Reading an HTTP API: it waits as long as it is told to, tries so many times again, and tells in our words.

The token stands in one header and nowhere else: it is in no message, no log and no address. Redirects are not followed,
and addresses that an answer names are never asked, so that the token goes to nobody but the system itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2
import orjson

from db.errors import Unavailable
from db.sync.http.answer import Answer, Parameters, Refused
from db.sync.http.described import Access, Pause

BACKOFF_SECONDS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Before the second try, the third, ...; after the last of them the pass fails, and the next one goes on."""
THROTTLED_TIMES: Final = 30
"""So often in a row a request may be told to wait."""
THROTTLED_SECONDS: Final = 60.0
"""So long it waits where it is not told: limits a minute are the usual ones."""
LONGEST_WAIT_SECONDS: Final = 7_200.0
"""Limits an hour are the longest that either system has."""
_TIMEOUT: Final = httpx2.Timeout(120.0, connect=15.0)
_THROTTLED: Final = 429
_BROKEN: Final = 500


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
            failures += not found.is_throttle
            throttled += found.is_throttle
            if failures > len(BACKOFF_SECONDS) or throttled > THROTTLED_TIMES:
                times = failures + throttled
                raise Unavailable(f"The source {self._name} was asked {times} times for {path}: {found.why}.")
            untold = THROTTLED_SECONDS if found.is_throttle else BACKOFF_SECONDS[failures - 1]
            wait = untold if found.seconds is None else found.seconds
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
        status, sent_at = response.status_code, _http_date(response.headers.get("Date", ""))
        if status == 200:
            try:
                body = orjson.loads(response.content)
            except orjson.JSONDecodeError:
                return _Later("its answer is not whole, or no JSON")
            return Answer(body, datetime.now(UTC), sent_at, "next" in response.links)
        if status == _THROTTLED or status >= _BROKEN:
            told = response.headers.get("Retry-After", "").strip()
            return _Later(f"it answers {status}", _seconds(told, sent_at), status == _THROTTLED)
        raise Refused(f"The source {self._name} {_refusal(status, path)}", status)


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


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _seconds(told: str, sent_at: datetime | None) -> float | None:
    """How long to wait, as seconds or as an instant tell it."""
    if told.isascii() and told.isdigit():
        return float(told)
    at = _http_date(told)
    return None if at is None else max(0.0, (at - (sent_at or datetime.now(UTC))).total_seconds())
