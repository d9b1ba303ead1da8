"""Zendesk's protocol, as its API reference describes it, over a made-up account."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request

from tests.portals.http.server import Handler, Refusal, Server, number
from tests.portals.zendesk.world import World

EMAIL, TOKEN = "reports@desk.example", "a-token-for-the-tests"
AUTHORIZATION: Final = "Basic " + base64.b64encode(f"{EMAIL}/token:{TOKEN}".encode()).decode()
EXPORTED, LISTED = 40, 30
"""Items a page, fewer than the real ones so that there are many."""
SCHEDULE: Final = {
    "id": 1, "name": "Office", "time_zone": "Berlin",
    "intervals": [{"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)]
    + [{"start_time": 6 * 1440 + 600, "end_time": 6 * 1440 + 720}],
}  # fmt: skip
BRANDS: Final = [{"id": 31, "name": "Acme"}, {"id": 32, "name": "Globex"}]
OF_AI: Final = 7
"""Every so many-th ticket is an AI agent's alone, and left out where nobody asks for it."""
HOLIDAYS: Final = [{"id": 1, "name": "Closed", "start_date": "2026-05-25", "end_date": "2026-05-26"}]


def _targets(metric: str, first: tuple[int, ...], last: tuple[int, ...], *, business: bool) -> list[dict[str, Any]]:
    names = ("urgent", "high", "normal", "low")[: len(first)]
    return [
        {"priority": name, "metric": which, "target": minutes, "business_hours": business}
        for which, targets in (("first_reply_time", first), (metric, last))
        for name, minutes in zip(names, targets, strict=True)
    ]


POLICIES: Final[list[dict[str, Any]]] = [
    {"id": 3, "title": "Everybody", "position": 2, "filter": {"all": [], "any": []},
     "policy_metrics": _targets("agent_work_time", (60, 120, 240, 480), (960, 1440, 2880, 5760), business=False)},
    {"id": 1, "title": "Initech", "position": 1,
     "filter": {"all": [{"field": "organization_id", "operator": "is", "value": 501}], "any": []},
     "policy_metrics": _targets("requester_wait_time", (30, 60), (480, 960), business=True)},
    {"id": 2, "title": "Tagged", "position": 3,
     "filter": {"all": [{"field": "current_tags", "operator": "includes", "value": "vip"}], "any": []},
     "policy_metrics": _targets("agent_work_time", (5,), (60,), business=False)},
]  # fmt: skip


class Protocol:
    """Answers for an account."""

    def __init__(self, world: World, server: Server) -> None:
        self.world = world
        self.server = server
        self.generation = 0
        """Cursors of another one are not known any more."""

    def handlers(self) -> dict[str, Handler]:
        """By path."""
        return {
            "/api/v2/incremental/tickets/cursor.json": self.tickets,
            "/api/v2/incremental/ticket_events.json": self.events,
            "/api/v2/incremental/organizations.json": self.organizations,
            "/api/v2/users.json": self.users,
            "/api/v2/users/show_many.json": self.named_users,
            "/api/v2/groups.json": self.groups,
            "/api/v2/brands.json": lambda _: {"brands": BRANDS, "next_page": None, "count": len(BRANDS)},
            "/api/v2/satisfaction_ratings.json": self.ratings,
            "/api/v2/satisfaction_ratings/{id}.json": self.rating,
            "/api/v2/slas/policies.json": lambda _: {"sla_policies": POLICIES, "count": len(POLICIES)},
            "/api/v2/business_hours/schedules.json": lambda _: {"schedules": [SCHEDULE]},
            "/api/v2/business_hours/schedules/1/holidays.json": lambda _: {"holidays": HOLIDAYS},
        }

    @property
    def _until(self) -> int:
        """The last minute is left out."""
        return self.server.clock.second - 60

    def _start(self, request: Request) -> int:
        start = number(request, "start_time")
        if start > self._until:
            raise Refusal(400, {"error": "StartTimeTooRecent", "description": "Too recent start_time."})
        return start

    def tickets(self, request: Request) -> dict[str, Any]:
        """By cursor. The last ticket of a page is the first of the next one, now and then."""
        cursor = request.query_params.get("cursor")
        place = self._place(cursor) if cursor else (self._start(request), 0)
        found = sorted(self.world.tickets.values(), key=lambda one: (one["generated_timestamp"], one["id"]))
        found = [one for one in found if place <= (one["generated_timestamp"], one["id"])]
        found = [one for one in found if one["generated_timestamp"] <= self._until and _is_asked(request, one["id"])]
        page = found[:EXPORTED]
        is_twice = len(page) % 2 == 0
        if page:
            last = page[-1]
            place = (last["generated_timestamp"], last["id"] + (0 if is_twice else 1))
        after = base64.urlsafe_b64encode(f"{self.generation}|{place[0]}|{place[1]}".encode()).decode()
        url = f"https://elsewhere.example/api/v2/incremental/tickets/cursor.json?cursor={after}"
        return {
            "tickets": page, "after_cursor": after, "after_url": url, "before_cursor": None, "before_url": None,
            "end_of_stream": len(found) <= EXPORTED,
        }  # fmt: skip

    def _place(self, cursor: str) -> tuple[int, int]:
        generation, at, id_ = (int(part) for part in base64.urlsafe_b64decode(cursor).decode().split("|"))
        if generation != self.generation:
            raise Refusal(422, {"error": "InvalidCursor", "description": "The cursor is not known."})
        return at, id_

    def events(self, request: Request) -> dict[str, Any]:
        """By time; comments only if they are asked for."""
        told = [one for one in self.world.audits if _is_asked(request, one["ticket_id"])]
        audits = self._exported(request, "ticket_events", told, lambda one: int(one["timestamp"]))
        if request.query_params.get("include") != "comment_events":
            audits["ticket_events"] = [
                one | {"child_events": [child for child in one["child_events"] if child["event_type"] != "Comment"]}
                for one in audits["ticket_events"]
            ]
        return audits

    def organizations(self, request: Request) -> dict[str, Any]:
        """By time."""
        at = lambda one: int(datetime.fromisoformat(one["updated_at"]).timestamp())  # noqa: E731
        return self._exported(request, "organizations", self.world.organizations, at)

    def _exported(self, request: Request, name: str, things: list[Any], at: Any) -> dict[str, Any]:
        """A page by time: the next one begins with its last second, so it is never of one second alone."""
        start = self._start(request)
        found = sorted((one for one in things if start <= at(one) <= self._until), key=lambda one: (at(one), one["id"]))
        size = EXPORTED
        while size < len(found) and at(found[size - 1]) == start:
            size += 1
        page = found[:size]
        end = at(page[-1]) if page else None
        url = f"https://elsewhere.example/api/v2/incremental/{name}.json?start_time={end}"
        return {name: page, "count": len(page), "end_time": end, "next_page": url, "end_of_stream": size >= len(found)}

    def users(self, request: Request) -> dict[str, Any]:
        """By role."""
        roles = request.query_params.getlist("role[]")
        return self._listed(request, "users", [one for one in self.world.users if one["role"] in roles])

    def named_users(self, request: Request) -> dict[str, Any]:
        """By id, a hundred at most; who is gone is not among them."""
        ids = request.query_params["ids"].split(",")
        if len(ids) > 100:
            raise Refusal(400, {"error": "TooManyValues"})
        return {"users": [one for one in self.world.users if str(one["id"]) in ids]}

    def groups(self, request: Request) -> dict[str, Any]:
        """All of them."""
        from tests.portals.zendesk.world import GROUPS

        return self._listed(request, "groups", [{"id": id_, "name": name} for id_, name in GROUPS.items()])

    def ratings(self, request: Request) -> dict[str, Any]:
        """Those that were made since, however late they were answered."""
        start = number(request, "start_time", 0)
        made = [one for one in self.world.ratings.values() if _second(one["created_at"]) >= start]
        return self._listed(request, "satisfaction_ratings", sorted(made, key=lambda one: one["created_at"]))

    def rating(self, request: Request) -> dict[str, Any]:
        """One of them."""
        found = self.world.ratings.get(int(request.path_params["id"]))
        if found is None:
            raise Refusal(404, {"error": "RecordNotFound"})
        return {"satisfaction_rating": found}

    def _listed(self, request: Request, name: str, things: list[Any]) -> dict[str, Any]:
        """A page by cursor."""
        size = min(number(request, "page[size]", 100), LISTED)
        begin = number(request, "page[after]", 0)
        more = begin + size < len(things)
        meta = {"has_more": more, "after_cursor": str(begin + size) if more else None, "before_cursor": None}
        return {name: things[begin : begin + size], "meta": meta, "links": {"next": None}}


def _is_asked(request: Request, ticket: int) -> bool:
    """Whether a ticket is one of those that are asked for: of persons', unless something else is said."""
    of_whom = "ai_agent" if ticket % OF_AI == 0 else "agent"
    return request.query_params.get("support_type_scope", "agent") in ("all", of_whom)


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
