"""The source: what changed in a Freshdesk since a checkpoint, by its lists of tickets.

TRICKY: a list has 300 pages at most, and a ticket that changes while it is read leaves its page, so that all behind it
move up and one would be missed at the next page's border. So a list in order of change is read by its first page alone:
the next one begins a second before the last ticket of the page. Further pages are turned only where more tickets
than a page holds changed within that second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from db.errors import Unavailable
from db.sources.checks import BadCell
from db.sync.freshdesk import translation
from db.sync.freshdesk.translation import Json
from db.sync.http.client import Access, Pause
from db.sync.http.described import ApiDescribed, basic
from db.sync.http.making import Rows, Told, instant, raised
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
_SECOND: Final = timedelta(seconds=1)
_REMEMBERED: Final = 20_000
"""About so many tickets of a list; of more, those that no overlap can bring again are forgotten."""


class FreshdeskSource(ApiSource):
    """A Freshdesk."""

    def __init__(self, described: ApiDescribed, pause: Pause = asyncio.sleep) -> None:
        super().__init__(described, pause)
        self._seen: dict[str, dict[str, datetime]] = {name: {} for name in _LISTS}
        """Tickets of each list that are stored, and as they were when: an overlap need not be made again."""
        self._answered: set[str] = set()
        """Tickets whose first reply is stored."""

    def access(self) -> Access:
        """By the API key of an agent."""
        return basic(self.described.url, self.described.token(), "X")

    def forget(self) -> None:
        """Forgets which tickets and replies are stored."""
        self._seen = {name: {} for name in _LISTS}
        self._answered.clear()

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
            rows.put("agents", id_, partial(translation.agent, agent))
        for id_ in sorted(known.keys() - present):
            rows.put("agents", id_, partial(_told, {"id": id_, "name": known[id_], "active": False}))
        return rows

    async def _groups(self) -> Rows:
        rows = Rows()
        async for group in self._listed("/api/v2/groups"):
            rows.put("teams", str(group["id"]), partial(_told, {"id": group["id"], "name": group.get("name")}))
        return rows

    async def _companies(self) -> Rows:
        rows = Rows()
        async for one in self._listed("/api/v2/companies"):
            told = {"id": self.described.own(one["id"]), "name": one.get("name")}
            rows.put("organizations", str(one["id"]), partial(_told, told))
        return rows

    async def _categories(self) -> Rows:
        rows = Rows()
        async for one in self._listed(f"/api/v2/{_NAMES_OF[self.described.category]}"):
            rows.put("categories", str(one["id"]), partial(_told, {"id": one["id"], "name": one.get("name")}))
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
            for ticket in _last_of_each(found):
                if self._seen[name].get(str(ticket["id"])) != _changed(ticket):
                    await self._put_ticket(rows, ticket)
            last = max((_changed(ticket) for ticket in found), default=since)
            one.state[name] = max(datetime.fromisoformat(one.state[name]), last).isoformat()
            yield rows.chunk(one.state)
            self._remember(name, found, last)
            if len(found) < _PAGE:
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
            ("updated_since", f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
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
            said = await self._first_reply(ticket)
            if said is not None:
                rows.put("events", f"{id_} reply", partial(translation.reply, ticket, said, self.described))
            self._answered.add(id_)

    def _put_events(self, rows: Rows, ticket: Json) -> None:
        try:
            for key, told in translation.events(ticket, self.described):
                rows.put("events", key, partial(_told, told))
        except BadCell as fault:
            rows.put("events", str(ticket["id"]), partial(raised, fault))

    async def _first_reply(self, ticket: Json) -> Json | None:
        page = 1
        while True:
            path = f"{_TICKETS}/{ticket['id']}/conversations"
            found = (await self.api.get(path, (("per_page", _PAGE), ("page", page)))).rows()
            said = translation.first_reply(ticket, found)
            if said is not None or len(found) < _PAGE:
                return said
            page += 1

    async def _ratings(self, one: Pass) -> AsyncIterator[Chunk]:
        since = datetime.fromisoformat(one.state["ratings"]) - timedelta(seconds=self.described.overlap_seconds)
        since = max(self.described.since, since)
        last = since
        asked = ("created_since", f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        rows = Rows()
        async for rating in self._listed(_RATED, asked):
            self._put_rating(rows, rating)
            last = max(last, instant(rating.get("created_at")) or last)
            if len(rows.rows) >= 10 * _PAGE:
                yield rows.chunk(one.state)
                rows = Rows()
        one.state["ratings"] = last.isoformat()
        yield rows.chunk(one.state)

    def _put_rating(self, rows: Rows, rating: Json) -> None:
        rows.put("ratings", str(rating["id"]), partial(translation.rating, rating, self.described))

    async def _listed(self, path: str, *parameters: tuple[str, str]) -> AsyncIterator[dict[str, Any]]:
        """The items of a list, page after page."""
        page = 1
        while True:
            found = (await self.api.get(path, [*parameters, ("per_page", _PAGE), ("page", page)])).rows()
            for item in found:
                yield item
            if len(found) < _PAGE:
                return
            page += 1

    # How it is tried.

    def looks(self) -> dict[str, Look]:
        """How the first rows of each table are read."""
        found: dict[str, Look] = {
            "agents": lambda: self._people({}),
            "teams": self._groups,
            "organizations": self._companies,
            "tickets": self._look_at_tickets,
        }
        return found if RATINGS in self.described.without else found | {"ratings": self._look_at_ratings}

    async def _look_at_tickets(self) -> Rows:
        rows = Rows()
        since = max(self.described.since, datetime.now(UTC) - _TRIED)
        for ticket in (await self.api.get(_TICKETS, self._place("tickets", since, 1))).rows():
            if rows.put("tickets", str(ticket["id"]), partial(translation.ticket, ticket, self.described)):
                self._put_events(rows, ticket)
        return rows

    async def _look_at_ratings(self) -> Rows:
        rows = Rows()
        since = max(self.described.since, datetime.now(UTC) - _TRIED)
        asked = (("created_since", f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"), ("per_page", _PAGE))
        for rating in (await self.api.get(_RATED, asked)).rows():
            self._put_rating(rows, rating)
        return rows


def _told(told: Told) -> Told:
    return told


def _changed(ticket: Json) -> datetime:
    return instant(ticket.get("updated_at")) or datetime.min.replace(tzinfo=UTC)


def _last_of_each(things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each thing once, as it came last."""
    return list({thing["id"]: thing for thing in things}.values())
