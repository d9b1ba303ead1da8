"""The source: what changed in a Freshdesk since a checkpoint, by its lists of tickets.

TRICKY: a list has 300 pages at most, and a ticket that changes while it is read leaves its page, so that all behind it
move up and one would be missed at the next page's border. So a list in order of change is read by its first page alone:
the next one begins a second before the last ticket of the page. Further pages are turned only where more tickets
than a page holds changed within that second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from db.errors import Unavailable
from db.sources.checks import BadCell
from db.sync.freshdesk import translation
from db.sync.http.answer import Answer, Json, Refused
from db.sync.http.described import Access, ApiDescribed, Pause, basic
from db.sync.http.making import Rows, instant_if_any, last_of_each
from db.sync.http.source import ApiSource, Look, Pass
from db.sync.source import Checkpoint, Chunk

RATINGS, CONVERSATIONS = "satisfaction_ratings", "conversations"
"""What a plan, or a limit of requests, may lack."""
_PAGE: Final = 100
_PAGES: Final = 300
_LISTS: Final = {"tickets": "", "deleted": "deleted", "spam": "spam"}
"""The lists of tickets, each with its filter: the first has neither deleted ones nor spam."""
_NAMES_OF: Final = {"product_id": "products", "group_id": "groups"}
"""Where what stands for categories has its names."""
_TRIED: Final = timedelta(days=30)
"""What changed since is tried by `sources check`."""
_TICKETS: Final = "/api/v2/tickets"
_RATED: Final = "/api/v2/surveys/satisfaction_ratings"
_GONE: Final = 404
_SECOND: Final = timedelta(seconds=1)
_REMEMBERED: Final = 20_000
"""About so many tickets of a list; of more, those that no overlap can bring again are forgotten."""


class FreshdeskSource(ApiSource):
    """A Freshdesk."""

    notes: ClassVar = {
        "ratings": "of seven answers the two best count as 5 and the two worst as 1, those between as 4, 3 and 2"
    }

    def __init__(self, described: ApiDescribed, pause: Pause = asyncio.sleep) -> None:
        super().__init__(described, pause)
        self._seen: dict[str, dict[str, datetime]] = {name: {} for name in _LISTS}
        """Tickets of each list that are stored, and as they were when: an overlap need not be made again. After a fault
        that may not be so."""
        self._answered: set[str] = set()
        """Tickets whose first reply is stored."""

    def access(self) -> Access:
        """By the API key of an agent."""
        return basic(self.described.url, self.described.token(), "X")

    async def close(self) -> None:
        """Closes the client, and forgets which tickets and replies are stored."""
        self._seen = {name: {} for name in _LISTS}
        self._answered.clear()
        await super().close()

    async def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """One pass. Raises: SetupFault, Unavailable."""
        since = self.described.since.isoformat()
        one = self.start(after, {**dict.fromkeys(_LISTS, since), "ratings": since})
        began = datetime.now(UTC)
        if one.is_time(self.described.whole_seconds):
            async for chunk in self._whole(one):
                yield chunk
        for name in _LISTS:
            async for chunk in self._tickets(one, name):
                yield chunk
        if RATINGS not in self.described.without:
            async for chunk in self._ratings(one):
                yield chunk
        one.state["loading"] = False
        yield Chunk((), dict(one.state), as_of=began, skew_seconds=one.skew_seconds)

    # What tickets point to.

    async def _whole(self, one: Pass) -> AsyncIterator[Chunk]:
        yield (await self._people(one.state["agents"])).chunk(one.state)
        yield (await self._groups()).chunk(one.state)
        yield (await self._companies()).chunk(one.state)
        if self.described.category in _NAMES_OF:
            yield (await self._categories()).chunk(one.state)
        one.state["whole"] = time.time()

    async def _people(self, known: dict[str, str]) -> Rows:
        """Agents; and who was one when it was asked before."""
        rows = Rows()
        present = set()
        async for agent in self._listed("/api/v2/agents"):
            id_ = str(agent["id"])
            present.add(id_)
            known[id_] = str((agent.get("contact") or {}).get("name") or id_)
            rows.put_told("agents", id_, translation.agent(agent))
        for id_ in sorted(known.keys() - present):
            rows.put_told("agents", id_, {"id": id_, "name": known[id_], "active": False})
        return rows

    async def _groups(self) -> Rows:
        return await self._named("teams", "groups")

    async def _companies(self) -> Rows:
        return await self._named("organizations", "companies", self.described.own)

    async def _categories(self) -> Rows:
        return await self._named("categories", _NAMES_OF[self.described.category])

    async def _named(self, table: str, name: str, own: Callable[[object], str | None] = str) -> Rows:
        rows = Rows()
        async for one in self._listed(f"/api/v2/{name}"):
            rows.put_told(table, str(one["id"]), {"id": own(one["id"]), "name": one.get("name")})
        return rows

    # Tickets, and what happened to them.

    async def _tickets(self, one: Pass, name: str) -> AsyncIterator[Chunk]:
        """A list of tickets in the order in which they changed, from a little before where it was left."""
        since = datetime.fromisoformat(one.state[name])
        if not one.is_loading:
            since = max(self.described.since, since - timedelta(seconds=self.described.overlap_seconds))
        page = 1
        while True:
            answer = await self.api.get(_TICKETS, self._place(name, since, page))
            one.skew_seconds = answer.skew_seconds
            found = answer.rows()
            rows = Rows()
            for ticket in last_of_each(found):
                if self._seen[name].get(str(ticket["id"])) != _changed(ticket):
                    await self._put_ticket(rows, ticket)
            last = max((_changed(ticket) for ticket in found), default=since)
            one.state[name] = max(datetime.fromisoformat(one.state[name]), last).isoformat()
            yield rows.chunk(one.state)
            self._remember(name, found, last)
            if not _goes_on(answer):
                return
            since, page = (last - _SECOND, 1) if last - _SECOND > since else (since, page + 1)
            if page > _PAGES:
                raise Unavailable(f"The source {self.name} has more tickets of one second than can be listed.")

    def _remember(self, name: str, found: Iterable[Json], last: datetime) -> None:
        """Remembers tickets that are stored now, as far as the next overlap brings them again."""
        for other in _LISTS:
            if other != name:
                for ticket in found:
                    self._seen[other].pop(str(ticket["id"]), None)
        seen = self._seen[name]
        seen.update({str(ticket["id"]): _changed(ticket) for ticket in found})
        if len(seen) > _REMEMBERED:
            edge = last - timedelta(seconds=self.described.overlap_seconds)
            self._seen[name] = {id_: at for id_, at in seen.items() if at >= edge}
        if len(self._answered) > 10 * _REMEMBERED:
            self._answered.clear()

    def _place(self, name: str, since: datetime, page: int) -> list[tuple[str, str | int]]:
        filtered = [("filter", _LISTS[name])] if _LISTS[name] else []
        return [
            *filtered,
            ("updated_since", _written(since)),
            ("include", "stats"),
            ("order_by", "updated_at"),
            ("order_type", "asc"),
            ("per_page", _PAGE),
            ("page", page),
        ]

    async def _put_ticket(self, rows: Rows, ticket: Json) -> None:
        """A ticket, and what its statistics and conversations say of its history."""
        id_ = str(ticket["id"])
        is_good = rows.put("tickets", id_, partial(translation.ticket, ticket, self.described))
        if not is_good or ticket.get("deleted") or ticket.get("spam"):
            return
        self._put_events(rows, ticket)
        is_answered = (ticket.get("stats") or {}).get("first_responded_at") is not None
        if is_answered and id_ not in self._answered and CONVERSATIONS not in self.described.without:
            await self._put_reply(rows, ticket)

    async def _put_reply(self, rows: Rows, ticket: Json) -> None:
        """The first reply. Of a ticket that was deleted since it was listed there is none, until it is restored."""
        try:
            said = await self._first_reply(ticket)
        except Refused as fault:
            if fault.status != _GONE:
                raise
            return
        if said is not None:
            rows.put("events", f"{ticket['id']} reply", partial(translation.reply, ticket, said, self.described))
        self._answered.add(str(ticket["id"]))

    def _put_events(self, rows: Rows, ticket: Json) -> None:
        try:
            for key, told in translation.events(ticket, self.described):
                rows.put_told("events", key, told)
        except BadCell as fault:
            rows.put_told("events", str(ticket["id"]), fault)

    async def _first_reply(self, ticket: Json) -> Json | None:
        async for answer in self._pages(f"{_TICKETS}/{ticket['id']}/conversations"):
            said = translation.first_reply(ticket, answer.rows())
            if said is not None:
                return said
        return None

    async def _ratings(self, one: Pass) -> AsyncIterator[Chunk]:
        since = datetime.fromisoformat(one.state["ratings"]) - timedelta(seconds=self.described.overlap_seconds)
        since = max(self.described.since, since)
        last = since
        asked = ("created_since", _written(since))
        rows = Rows()
        async for rating in self._listed(_RATED, asked):
            self._put_rating(rows, rating)
            last = max(last, instant_if_any(rating.get("created_at")) or last)
            if len(rows.rows) >= 10 * _PAGE:
                yield rows.chunk(one.state)
                rows = Rows()
        one.state["ratings"] = last.isoformat()
        yield rows.chunk(one.state)

    def _put_rating(self, rows: Rows, rating: Json) -> None:
        rows.put("ratings", str(rating["id"]), partial(translation.rating, rating, self.described))

    async def _listed(self, path: str, *parameters: tuple[str, str]) -> AsyncIterator[dict[str, Any]]:
        """The items of a list."""
        async for answer in self._pages(path, *parameters):
            for item in answer.rows():
                yield item

    async def _pages(self, path: str, *parameters: tuple[str, str]) -> AsyncIterator[Answer]:
        page = 1
        while True:
            answer = await self.api.get(path, [*parameters, ("per_page", _PAGE), ("page", page)])
            yield answer
            if not _goes_on(answer):
                return
            page += 1

    # How it is tried.

    def looks(self) -> Mapping[str, Look | None]:
        """How the first rows of each table are read; None, where it is not read."""
        without, category = self.described.without, self.described.category
        return {
            "agents": lambda: self._people({}),
            "teams": self._groups,
            "organizations": self._companies,
            "categories": self._categories if category in _NAMES_OF else None,
            "tickets": self._look_at_tickets,
            "ratings": self._look_at_ratings if RATINGS not in without else None,
        }

    def _lately(self) -> datetime:
        return max(self.described.since, datetime.now(UTC) - _TRIED)

    async def _look_at_tickets(self) -> Rows:
        rows = Rows()
        tickets = (await self.api.get(_TICKETS, self._place("tickets", self._lately(), 1))).rows()
        for ticket in tickets:
            if rows.put("tickets", str(ticket["id"]), partial(translation.ticket, ticket, self.described)):
                self._put_events(rows, ticket)
        if tickets and CONVERSATIONS not in self.described.without:
            await self._put_reply(rows, tickets[0])
        return rows

    async def _look_at_ratings(self) -> Rows:
        rows = Rows()
        asked = (("created_since", _written(self._lately())), ("per_page", _PAGE))
        for rating in (await self.api.get(_RATED, asked)).rows():
            self._put_rating(rows, rating)
        return rows


def _goes_on(answer: Answer) -> bool:
    """Whether there may be a page after this one; there is none for certain where both of its signs are absent."""
    return answer.has_next or len(answer.rows()) >= _PAGE


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _changed(ticket: Json) -> datetime:
    """When a ticket changed.

    Raises: Unavailable, where it does not say: then nobody knows where the list goes on.
    """
    at = instant_if_any(ticket.get("updated_at"))
    if at is None:
        raise Unavailable(f"The ticket {ticket['id']} does not say when it was changed.")
    return at
