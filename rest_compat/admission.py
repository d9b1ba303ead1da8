"""Who is let in to be answered, when, and the refusal of all others: the cheapest answer there is.

It stands behind what gives kept answers, and before all that works one out. Few are worked on at once; others wait,
as long as they are there and their turn comes in time (`db.turns`), and are answered soon once they are let in. Work on
all at once would make each of them late. What has not come whole waits for nothing, nor does what is being sent.

A refusal is made once for all who are told the same, and nothing is read, proven or recorded for it: it is counted in
the metrics, and told in the log once a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rest_compat.arriving import received_all, replaying
from rest_compat.graphql_view import MAX_BODY_BYTES, wants_page
from rest_compat.headers import first_header
from rest_compat.patience import WAITED
from rest_compat.problems import gone_response, problem_of_fault, problem_response
from rest_compat.refusals import accepted_type, refusal
from rest_compat.request_ids import HEADER, named
from rest_compat.routes import PREFIX
from rest_compat.sent import Sent
from rest_compat.stored import ROUTED
from schema.public import Door, RateLimited, TooMuchAsked, Turns, too_much

_DOORS: Final = {
    "/graphql": Door.GRAPHQL,
    **{f"{PREFIX}/{report.value}": Door.REST for report in ROUTED},
    f"{PREFIX}/export": Door.EXPORT,
}
"""Where work is asked for."""
NOT_LET_IN: Final = "not_let_in"
"""Where the state of a request that is not let in, or goes away before, has the door that it came to."""


_LATE_SECONDS: Final = 60
_ANYBODY: Final = "nobody in particular"
"""Who sent no token."""
_Refused = RateLimited | TooMuchAsked


@dataclass(frozen=True)
class Entrance:
    """Who is worked on, and who waits."""

    reports: Turns
    exports: Turns
    """Apart: they may take long."""
    wait_seconds: float
    """For one's turn at most, what was waited before included; who would wait for longer by the pace of the turns is
    turned away at once."""

    @property
    def inside(self) -> int:
        """The requests that are worked on."""
        return self.reports.held + self.exports.held

    @property
    def waiting(self) -> int:
        """Those that wait for it."""
        return self.reports.waiting + self.exports.waiting


class Admission:
    """Lets in those whose turn it is."""

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app, self.entrance = app, entrance
        self._refusals: dict[tuple[str, str, str, str], Sent] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets one in, or turns it away."""
        door = _DOORS.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self.app(scope, receive, send)
            return
        came: list[Message] = []
        has_come = await received_all(receive, came, MAX_BODY_BYTES)
        received = replaying(came, receive)
        request = Request(scope)
        if not has_come or wants_page(request):
            await self.app(scope, received, send)
            return
        turns = self.entrance.exports if door is Door.EXPORT else self.entrance.reports
        who = first_header(request, b"authorization") or _ANYBODY
        try:
            has_turn = turns.take_now(who) or await self._wait(turns, who, scope, receive)
        except (RateLimited, TooMuchAsked) as fault:
            await self._turn_away(request, door, fault, send)
            return
        if not has_turn:
            scope["state"][NOT_LET_IN] = door
            await gone_response()(scope, receive, send)
            return
        await self._let_in(partial(turns.leave, who), scope, received, send)

    async def _wait(self, turns: Turns, who: str, scope: Scope, receive: Receive) -> bool:
        """Whether the client was still there when its turn came; how long it has waited is noted.

        Raises: RateLimited, TooMuchAsked, where it does not come in time.
        """
        began, waited = time.monotonic(), scope["state"].get(WAITED, 0.0)
        is_behind_own = turns.is_behind_own(who)
        try:
            return await _waited(turns, who, self.entrance.wait_seconds - waited, receive)
        except TimeoutError:
            raise too_much(_LATE_SECONDS, is_behind_own=is_behind_own) from None
        finally:
            scope["state"][WAITED] = waited + time.monotonic() - began

    async def _let_in(self, leave: Callable[[], None], scope: Scope, receive: Receive, send: Send) -> None:
        """Has it answered; it is another's turn once the answer begins to leave."""
        is_inside = True

        def go() -> None:
            nonlocal is_inside
            if is_inside:
                is_inside = False
                leave()

        async def answer(message: Message) -> None:
            go()
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            go()

    async def _turn_away(self, request: Request, door: Door, fault: _Refused, send: Send) -> None:
        request.scope["state"][NOT_LET_IN] = door
        sent = self._refusal(request, door, fault)
        await send({**sent.start, "headers": [*sent.headers, named(request)]})
        await send({"type": "http.response.body", "body": sent.body})

    def _refusal(self, request: Request, door: Door, fault: _Refused) -> Sent:
        """What is told, but for the request's id."""
        told = (request.method, request.scope["path"], accepted_type(request), fault.message)
        known = self._refusals.get(told)
        if known is None:
            if door is Door.GRAPHQL:
                response = refusal(request, fault)
            else:
                response = problem_response(request, problem_of_fault(request, fault))
            headers = [one for one in response.raw_headers if one[0] != HEADER]
            known = self._refusals[told] = Sent(response.status_code, headers, bytes(response.body))
        return known


async def _waited(turns: Turns, who: str, seconds: float, receive: Receive) -> bool:
    """Waits for a turn, and takes it; False, where the client goes away meanwhile.

    Raises: RateLimited, TooMuchAsked; TimeoutError.
    """
    turn, gone = asyncio.ensure_future(turns.take(who, seconds)), asyncio.ensure_future(receive())
    is_taken = False
    try:
        await asyncio.wait({turn, gone}, return_when=asyncio.FIRST_COMPLETED)
        if turn.done():
            turn.result()
            is_taken = True
        return is_taken
    finally:
        gone.cancel()
        if not is_taken:
            turn.add_done_callback(partial(_give_back, turns, who))
            turn.cancel()


def _give_back(turns: Turns, who: str, turn: asyncio.Task[None]) -> None:
    """Leaves a turn that came, and nobody wants it."""
    if not turn.cancelled() and turn.exception() is None:
        turns.leave(who)
