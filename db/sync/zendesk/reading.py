"""The source: what changed in a Zendesk since a checkpoint, by its incremental exports.

A pass reads what tickets point to, now and then and whole; then the tickets, by the cursor of their export, to its end;
then the events of tickets, and the ratings. Of both only what lies before the end of the tickets' export, so that
nothing comes before its ticket. Each page is a chunk, and its checkpoint says where the next one begins.

TRICKY: exports leave out the last minute, and a page of events begins with the last second of the one before: what
comes twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from db.errors import Unavailable
from db.sources.checks import BadCell
from db.sync.http.answer import Answer, Json, Refused
from db.sync.http.described import Access, basic, bearer
from db.sync.http.making import Rows, instant_if_any, last_of_each
from db.sync.http.source import ApiSource, Look, Pass
from db.sync.source import Checkpoint, Chunk
from db.sync.zendesk import promises, translation
from db.sync.zendesk.translation import NOT_ANSWERED

RATINGS, POLICIES, SCHEDULES = "satisfaction_ratings", "sla_policies", "schedules"
"""What a plan may lack."""
AI_TICKETS: Final = "ai_agent_tickets"
"""Those that no person has had yet."""
_HELD_BACK_SECONDS: Final = 90
"""Exports leave out the last minute."""
_LATE_SECONDS: Final = 3_600
"""So far back ratings are listed again, and tickets exported whose cursor is not known any more."""
_TRIED: Final = timedelta(days=30)
"""What changed since is tried by `sources check`."""
_BAD_CURSOR: Final = frozenset({400, 404, 410, 422})
_GONE: Final = 404
_PAGE: Final = 100
_NAMED_AT_ONCE: Final = 100
_NAMES_OF: Final = {"brand_id": "brands", "ticket_form_id": "ticket_forms", "group_id": "groups"}
"""Where what stands for categories has its names."""
_AGENTS: Final = ("agent", "admin")
_TICKETS: Final = "/api/v2/incremental/tickets/cursor.json"
_EVENTS: Final = "/api/v2/incremental/ticket_events.json"
_ORGANIZATIONS: Final = "/api/v2/incremental/organizations.json"


class ZendeskSource(ApiSource):
    """A Zendesk."""

    notes: ClassVar = {
        "ratings": "good counts as 5 and bad as 1: csatScore is the share of good ones, the average says no more"
    }

    def access(self) -> Access:
        """By an API token of somebody, else by an OAuth token."""
        url, token, email = self.described.url, self.described.token(), self.described.email
        return basic(url, f"{email}/token", token) if email else bearer(url, token)

    async def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """One pass. Raises: SetupFault, Unavailable."""
        since = int(self.described.since.timestamp())
        streams = {"tickets": {"cursor": None, "seen": since}, "events": since, "organizations": since}
        one = self.start(after, {**streams, "ratings": since, "rated": []})
        if one.is_time(self.described.whole_seconds):
            async for chunk in self._whole(one):
                yield chunk
        async for chunk in self._tickets(one):
            yield chunk
        async for chunk in self._events(one):
            yield chunk
        if "" in one.state["agents"].values():
            yield (await self._strangers(one.state["agents"])).chunk(one.state)
        if RATINGS not in self.described.without:
            async for chunk in self._ratings(one):
                yield chunk
        one.state["loading"] = False
        yield Chunk((), dict(one.state), as_of=one.as_of, skew_seconds=one.skew_seconds)

    # What tickets point to.

    async def _whole(self, one: Pass) -> AsyncIterator[Chunk]:
        yield (await self._people(one.state["agents"])).chunk(one.state)
        one.knows_people = True
        yield (await self._groups()).chunk(one.state)
        if self.described.category in _NAMES_OF:
            yield (await self._categories()).chunk(one.state)
        schedules = await self._schedules()
        yield (await self._calendars(schedules)).chunk(one.state)
        if POLICIES not in self.described.without:
            yield (await self._policies(schedules)).chunk(one.state)
        async for rows, end in self._organizations(one.state["organizations"]):
            one.state["organizations"] = end
            yield rows.chunk(one.state)
        one.state["whole"] = time.time()

    async def _people(self, known: dict[str, str]) -> Rows:
        """Agents; and who was one when it was asked before."""
        rows, present = Rows(), set()
        async for user in self._listed("/api/v2/users.json", "users", [("role[]", role) for role in _AGENTS]):
            present.add(str(user["id"]))
            self._put_agent(rows, user, known)
        for id_ in sorted(known.keys() - present):
            if known[id_]:
                rows.put_told("agents", id_, translation.former_agent(id_, known[id_]))
        return rows

    async def _strangers(self, known: dict[str, str]) -> Rows:
        """Who had a ticket and was in no list of agents yet."""
        rows = Rows()
        unnamed = sorted(id_ for id_, name in known.items() if not name)
        for start in range(0, len(unnamed), _NAMED_AT_ONCE):
            asked = ",".join(unnamed[start : start + _NAMED_AT_ONCE])
            answer = await self.api.get("/api/v2/users/show_many.json", (("ids", asked),))
            for user in answer.rows("users"):
                self._put_agent(rows, user, known)
        for id_ in unnamed:
            if not known[id_]:  # nobody any more
                known[id_] = id_
                rows.put_told("agents", id_, translation.former_agent(id_, id_))
        return rows

    def _put_agent(self, rows: Rows, user: Json, known: dict[str, str]) -> None:
        id_ = str(user["id"])
        known[id_] = str(user.get("name") or id_)
        is_one = user.get("role") in _AGENTS
        rows.put_told("agents", id_, translation.agent(user) if is_one else translation.former_agent(id_, known[id_]))

    async def _groups(self) -> Rows:
        return await self._named("teams", "groups")

    async def _categories(self) -> Rows:
        return await self._named("categories", _NAMES_OF[self.described.category])

    async def _named(self, table: str, name: str) -> Rows:
        rows = Rows()
        async for thing in self._listed(f"/api/v2/{name}.json", name):
            rows.put_told(table, str(thing["id"]), {"id": thing["id"], "name": thing.get("name")})
        return rows

    async def _schedules(self) -> list[dict[str, Any]]:
        if SCHEDULES in self.described.without:
            return []
        return [one async for one in self._listed("/api/v2/business_hours/schedules.json", "schedules")]

    async def _calendars(self, schedules: Iterable[Json]) -> Rows:
        rows = Rows()
        for schedule in schedules:
            path = f"/api/v2/business_hours/schedules/{schedule['id']}/holidays.json"
            holidays = [one async for one in self._listed(path, "holidays")]
            told = partial(promises.calendar, schedule, holidays, self.described)
            rows.put("calendars", promises.calendar_name(schedule), told)
        return rows

    async def _policies(self, schedules: Sequence[Json]) -> Rows:
        """In their order, of which the first that matches counts; their clocks are the first schedule's."""
        calendar = promises.calendar_name(schedules[0]) if schedules else None
        rows = Rows()
        if len(schedules) > 1:
            rows.warnings.append(
                f"business hours are those of the schedule {calendar} for all tickets with a policy, and unknown of "
                f"others: which of the {len(schedules)} schedules a ticket has is not told"
            )
        listed = [one async for one in self._listed("/api/v2/slas/policies.json", "sla_policies")]
        for policy in sorted(listed, key=lambda one: one.get("position") or 0):
            for name, told in promises.policies(policy, calendar, self.described):
                rows.put_told("sla_policies", name, told)
        return rows

    async def _organizations(self, since: int) -> AsyncIterator[tuple[Rows, int]]:
        """A page's rows, and where the next one begins."""
        async for answer, end in self._exported(_ORGANIZATIONS, "organizations", since):
            rows = Rows()
            for one in last_of_each(answer.rows("organizations")):
                told = {"id": self.described.own(one["id"]), "name": one.get("name")}
                rows.put_told("organizations", str(one["id"]), told)
            yield rows, end

    # Tickets, and what happened to them.

    async def _tickets(self, one: Pass) -> AsyncIterator[Chunk]:
        place = one.state["tickets"]
        while True:
            asked = datetime.now(UTC)
            try:
                answer = await self.api.get(_TICKETS, self._place(place))
            except Refused as fault:
                if place["cursor"] is None or fault.status not in _BAD_CURSOR:
                    raise
                place["cursor"] = None  # it is not known any more
                continue
            rows, tickets = Rows(), answer.rows("tickets")
            for ticket in last_of_each(tickets):
                self._put_ticket(rows, ticket, one)
            is_end, cursor = bool(answer.body.get("end_of_stream")), answer.body.get("after_cursor")
            if not is_end and cursor in (None, place["cursor"]):
                raise Unavailable(f"The source {self.name} has more tickets, and gives no new cursor to them.")
            seen = max([place["seen"], *(_generated(ticket) for ticket in tickets)])
            place = {"cursor": cursor or place["cursor"], "seen": seen}
            one.state["tickets"] = place
            if is_end:
                held_back = timedelta(seconds=_HELD_BACK_SECONDS)
                one.bound, one.as_of, one.skew_seconds = answer.at - held_back, asked - held_back, answer.skew_seconds
            yield rows.chunk(one.state)
            if is_end:
                return

    def _place(self, place: Json) -> list[tuple[str, str | int]]:
        if place["cursor"] is not None:
            return [("cursor", place["cursor"]), self._scope]
        start = max(int(self.described.since.timestamp()), place["seen"] - _LATE_SECONDS)
        return [("start_time", start), self._scope]

    @property
    def _scope(self) -> tuple[str, str]:
        """Whose tickets the exports of tickets and of their events have.

        TRICKY: where they are not asked, those of AI agents are left out, and so for good is what had happened to one
        before a person got it.
        """
        return "support_type_scope", "agent" if AI_TICKETS in self.described.without else "all"

    def _put_ticket(self, rows: Rows, ticket: Json, one: Pass) -> None:
        rows.put("tickets", str(ticket["id"]), partial(translation.ticket, ticket, self.described))
        if ticket.get("assignee_id") is not None:
            one.state["agents"].setdefault(str(ticket["assignee_id"]), "")
        rating = ticket.get("satisfaction_rating") or {}
        if not one.is_loading and rating.get("id") is not None and rating.get("score") not in NOT_ANSWERED:
            one.state["rated"].append(rating["id"])

    async def _events(self, one: Pass) -> AsyncIterator[Chunk]:
        """What happened to tickets.

        TRICKY: who speaks may be an agent who is new since agents were listed, and what is not stored as an answer now
        never will be: so where somebody speaks who is not known, they are listed again, once a pass.
        """
        bound = int(one.bound.timestamp())
        since = one.state["events"] - (0 if one.is_loading else _HELD_BACK_SECONDS)
        if since >= bound:
            return
        agents = one.state["agents"]
        further = ("include", "comment_events"), self._scope
        async for answer, end in self._exported(_EVENTS, "ticket_events", since, *further):
            audits = [audit for audit in answer.rows("ticket_events") if int(audit["timestamp"]) <= bound]
            if not one.knows_people and {translation.speaker(audit) for audit in audits} - {None, *agents}:
                yield (await self._people(agents)).chunk(one.state)
                one.knows_people = True
            rows = Rows()
            for audit in audits:
                self._put_events(rows, audit, agents)
            one.state["events"] = max(one.state["events"], min(end, bound))
            yield rows.chunk(one.state)
            if end >= bound:
                break
        one.state["events"] = bound

    def _put_events(self, rows: Rows, audit: Json, agents: dict[str, str]) -> None:
        for field, was, becomes in translation.changes(audit):
            if field == "assignee_id":
                for id_ in (was, becomes):
                    if id_ is not None:
                        agents.setdefault(str(id_), "")
        try:
            for key, told in translation.events(audit, agents, self.described):
                rows.put_told("events", key, told)
        except BadCell as fault:
            rows.put_told("events", f"{audit['ticket_id']} {audit['id']}", fault)

    async def _ratings(self, one: Pass) -> AsyncIterator[Chunk]:
        """What was rated since; and what tickets that have changed say beside that, one by one.

        TRICKY: the list is one by when a survey was offered, as far as anybody says, and it may be answered long after.
        """
        since = max(int(self.described.since.timestamp()), one.state["ratings"] - _LATE_SECONDS)
        rows, listed = Rows(), set[int]()
        async for rating in self._listed("/api/v2/satisfaction_ratings.json", RATINGS, (("start_time", since),)):
            at = instant_if_any(translation.rated_at(rating))
            if at is None or at <= one.bound:
                self._put_rating(rows, rating)
                listed.add(rating["id"])
            if len(rows.rows) >= 10 * _PAGE:
                yield rows.chunk(one.state)
                rows = Rows()
        for id_ in sorted(set(one.state["rated"]) - listed):
            try:
                answer = await self.api.get(f"/api/v2/satisfaction_ratings/{id_}.json")
            except Refused as fault:
                if fault.status != _GONE:
                    raise
            else:
                self._put_rating(rows, answer.body["satisfaction_rating"])
        one.state |= {"rated": [], "ratings": int(one.bound.timestamp())}
        yield rows.chunk(one.state)

    def _put_rating(self, rows: Rows, rating: Json) -> None:
        if rating.get("score") not in NOT_ANSWERED:
            rows.put("ratings", str(rating["id"]), partial(translation.rating, rating, self.described))

    # How its answers are paged.

    async def _listed(
        self, path: str, name: str, parameters: Iterable[tuple[str, str | int]] = ()
    ) -> AsyncIterator[dict[str, Any]]:
        """The items of a list, by its cursors; some lists have none, and are whole.

        Raises: Unavailable, where there is more of a list, and no cursor to it.
        """
        after: list[tuple[str, str | int]] = []
        while True:
            answer = await self.api.get(path, [*parameters, ("page[size]", _PAGE), *after])
            for item in answer.rows(name):
                yield item
            meta = answer.body.get("meta") or {}
            if not meta.get("has_more", answer.body.get("next_page") is not None):
                return
            cursor = meta.get("after_cursor")
            if cursor is None or after == [("page[after]", cursor)]:
                raise Unavailable(f"The source {self.name} has more {name}, and gives no new cursor to them.")
            after = [("page[after]", cursor)]

    async def _exported(
        self, path: str, name: str, since: int, *further: tuple[str, str]
    ) -> AsyncIterator[tuple[Answer, int]]:
        """The pages of an export by time, each with the second at which the next one begins."""
        while True:
            answer = await self.api.get(path, [("start_time", since), *further])
            end = int(answer.body.get("end_time") or since)
            yield answer, end
            is_end = answer.body.get("end_of_stream")
            if is_end:
                return
            if is_end is None or end <= since:
                raise Unavailable(f"The source {self.name} does not say where its export of {name} goes on.")
            since = end

    # How it is tried.

    def looks(self) -> Mapping[str, Look | None]:
        """How the first rows of each table are read; None, where it is not read."""
        without, category = self.described.without, self.described.category
        return {
            "agents": lambda: self._people({}),
            "teams": self._groups,
            "organizations": self._look_at_organizations,
            "categories": self._categories if category in _NAMES_OF else None,
            "calendars": partial(self._look_by_schedules, self._calendars) if SCHEDULES not in without else None,
            "sla_policies": partial(self._look_by_schedules, self._policies) if POLICIES not in without else None,
            "tickets": self._look_at_tickets,
            "events": self._look_at_events,
            "ratings": self._look_at_ratings if RATINGS not in without else None,
        }

    async def _look_by_schedules(self, read: Callable[[list[dict[str, Any]]], Awaitable[Rows]]) -> Rows:
        return await read(await self._schedules())

    async def _look_at_organizations(self) -> Rows:
        async for rows, _ in self._organizations(self._lately()[1]):
            return rows
        return Rows()

    def _lately(self) -> tuple[str, int]:
        return "start_time", int(max(self.described.since, datetime.now(UTC) - _TRIED).timestamp())

    async def _look_at_tickets(self) -> Rows:
        rows = Rows()
        for ticket in last_of_each((await self.api.get(_TICKETS, [self._lately(), self._scope])).rows("tickets")):
            rows.put("tickets", str(ticket["id"]), partial(translation.ticket, ticket, self.described))
        return rows

    async def _look_at_events(self) -> Rows:
        rows = Rows()
        answer = await self.api.get(_EVENTS, [self._lately(), ("include", "comment_events"), self._scope])
        for audit in answer.rows("ticket_events"):
            self._put_events(rows, audit, {})
        return rows

    async def _look_at_ratings(self) -> Rows:
        rows = Rows()
        answer = await self.api.get("/api/v2/satisfaction_ratings.json", [self._lately(), ("page[size]", _PAGE)])
        for rating in answer.rows(RATINGS):
            self._put_rating(rows, rating)
        return rows


def _generated(ticket: Json) -> int:
    """Where a ticket stands in its export."""
    return int(ticket.get("generated_timestamp") or 0)
