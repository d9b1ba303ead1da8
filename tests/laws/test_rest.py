"""REST tells of any slice what GraphQL tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from rest_compat.problems import exception_handlers
from rest_compat.routes import PREFIX, report_routes
from tests.conftest import MANAGER, Asking
from tests.laws.slices import Asked, law, slices

FILTERS: Final[dict[str, tuple[str, ...]]] = {
    "category": ("billing", "bugs", "delivery"),
    "priority": ("low", "high", "urgent"),
    "channel": ("email", "web", "chat"),
    "status": ("open", "pending", "closed"),
    "team": ("billing", "technical"),
    "agent": ("A-07", "A-22"),
    "organization": ("O-113", "O-300"),
    "tag": ("vip", "eu", "key-account"),
}


@dataclass(frozen=True)
class Both:
    """A slice as parameters and as arguments."""

    asked: Asked
    words: dict[str, list[str]]

    @property
    def parameters(self) -> dict[str, str | list[str]]:
        """What REST is sent."""
        asked = self.asked
        return {
            "since": asked.since.isoformat(),
            "until": asked.until.isoformat(),
            "timezone": asked.timezone,
            "attribution": asked.attribution.lower(),
            "clock": asked.clock.lower(),
            **self.words,
        }

    @property
    def arguments(self) -> str:
        """What GraphQL is asked."""
        words = ", ".join(f"{name}: {{in: [{', '.join(map(_quoted, ids))}]}}" for name, ids in self.words.items())
        return Asked(
            self.asked.since,
            self.asked.until,
            self.asked.timezone,
            f"{{{words}}}",
            self.asked.attribution,
            self.asked.clock,
        ).arguments()


def _quoted(word: str) -> str:
    return f'"{word}"'


@st.composite
def both(draw: st.DrawFn) -> Both:
    """A slice that both can be asked: each filter is one list of ids."""
    names = draw(st.lists(st.sampled_from(sorted(FILTERS)), max_size=2, unique=True))
    words = {n: draw(st.lists(st.sampled_from(FILTERS[n]), min_size=1, unique=True)) for n in names}
    return Both(draw(slices(300)), words)


FIELDS: Final = """
summary { openTickets { value count } avgResponseTime { value count median p90 p95 }
    resolutionRate { value count withinTarget withTarget withoutTarget openBreached }
    csatScore { value count average histogram } }
performance { responseTimeDistribution { mean median p90 p95 count buckets { from to count } }
    resolutionTimeDistribution { mean median p90 p95 count buckets { from to count } } }
agents(first: 500) { total rows { ticketsCreated ticketsResolved openTickets
    responseTime { mean median p90 count } resolutionTime { mean median p90 count } rating { average count } } }
trends(grain: MONTH) { volume { start created resolved reopened open } }"""
FURTHER: Final = {"agents": {"limit": "500"}, "trends": {"grain": "month"}}


async def rest(ask: Asking, report: str, asked: Both) -> Any:
    """The report's own part of a REST answer."""
    bearer = {"Authorization": f"Bearer {ask.gateway.identity.issue(MANAGER, timedelta(hours=1))}"}
    app = Starlette(routes=report_routes(ask.gateway, ask.gateway), exception_handlers=exception_handlers())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        parameters = {**asked.parameters, **FURTHER.get(report, {})}
        answer = await client.get(f"{PREFIX}/{report}", params=parameters, headers=bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()[report]


def contained(found: Any, wanted: Any) -> None:
    """Fails unless all that GraphQL tells stands in the REST answer, under the same names."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            contained(found[name], value)
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            contained(one, other)
    else:
        assert found == wanted


@law(60)
@given(both())
async def test_rest_equals_graphql(ask: Asking, asked: Both) -> None:
    wanted = (await ask.data(f"{{ report({asked.arguments}) {{ {FIELDS} }} }}", MANAGER))["report"]

    for report in ("summary", "performance", "agents", "trends"):
        contained(await rest(ask, report, asked), wanted[report])
