"""Freshdesk's protocol, as its API reference describes it, over a made-up account."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request

from tests.portals.freshdesk.world import COMPANIES, GROUPS, Case, World
from tests.portals.http.server import Handler, Refusal, Server, number, told

TOKEN = "a-key-for-the-tests"
AUTHORIZATION: Final = "Basic " + base64.b64encode(f"{TOKEN}:X".encode()).decode()
PAGES: Final = 300
FEW: Final = 1
"""Items a page of the lists that are short, fewer than what is asked for."""
PRODUCTS: Final = {41: "Anvil", 42: "Rocket"}
Page = tuple[list[Any], dict[str, str]]
_FILTERS: Final[dict[str | None, Callable[[Case], bool]]] = {
    None: lambda case: not case.ticket["deleted"] and not case.ticket["spam"],
    "deleted": lambda case: case.ticket["deleted"],
    "spam": lambda case: case.ticket["spam"] and not case.ticket["deleted"],
}


class Protocol:
    """Answers for an account."""

    def __init__(self, world: World, server: Server) -> None:
        self.world = world
        self.server = server

    def handlers(self) -> dict[str, Handler]:
        """By path."""
        return {
            "/api/v2/tickets": self.tickets,
            "/api/v2/tickets/{id}/conversations": self.conversations,
            "/api/v2/agents": lambda request: self._page(request, self.world.agents, FEW),
            "/api/v2/groups": lambda request: self._page(request, _named(GROUPS), FEW),
            "/api/v2/companies": lambda request: self._page(request, _named(COMPANIES), FEW),
            "/api/v2/products": lambda request: self._page(request, _named(PRODUCTS), FEW),
            "/api/v2/surveys/satisfaction_ratings": self.ratings,
        }

    def tickets(self, request: Request) -> Page:
        """Neither deleted nor spam, unless that is asked for."""
        query = request.query_params
        if query.get("filter") not in _FILTERS or query.get("order_by") not in (None, "created_at", "updated_at"):
            raise Refusal(400, {"description": "Validation failed"})
        since = query.get("updated_since")
        found = [case for case in self.world.cases.values() if _FILTERS[query.get("filter")](case)]
        found = [case for case in found if since is None or case.ticket["updated_at"] >= since]
        found.sort(key=lambda case: (case.ticket[query.get("order_by") or "created_at"], case.ticket["id"]))
        if query.get("order_type") != "asc":
            found.reverse()
        return self._page(request, [self._ticket(case, query.get("include") or "") for case in found])

    def _ticket(self, case: Case, include: str) -> dict[str, Any]:
        known = {name: value for name, value in case.ticket.items() if name != "removed"}
        if "stats" not in include:
            return known
        names = ("first_responded_at", "status_updated_at", "reopened_at", "resolved_at", "closed_at", "pending_since")
        return known | {"stats": {name: told(case.stats.get(name)) for name in names}}

    def conversations(self, request: Request) -> Page:
        """Of one ticket, in their order."""
        case = self.world.cases.get(int(request.path_params["id"]))
        if case is None:
            raise Refusal(404, {})
        return self._page(request, sorted(case.conversations, key=lambda said: (said["created_at"], said["id"])))

    def ratings(self, request: Request) -> Page:
        """The newest first."""
        since = request.query_params.get("created_since", "")
        found = [one for one in self.world.ratings if one["created_at"] >= since]
        return self._page(request, sorted(found, key=lambda one: one["created_at"], reverse=True))

    def _page(self, request: Request, things: list[Any], most: int = 100) -> Page:
        size, page = number(request, "per_page", 30), number(request, "page", 1)
        if not 1 <= size <= 100 or not 1 <= page <= PAGES:
            raise Refusal(400, {"description": "Validation failed", "errors": [{"field": "page"}]})
        size = min(size, most)
        begin = (page - 1) * size
        more = begin + size < len(things)
        link = {"Link": f'<https://elsewhere.example/?page={page + 1}>; rel="next"'} if more else {}
        return things[begin : begin + size], link


def _named(names: dict[int, str]) -> list[dict[str, Any]]:
    return [{"id": id_, "name": name} for id_, name in names.items()]
