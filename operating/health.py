"""Liveness, readiness with its reasons, and the metrics, over HTTP."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from db.engine import Engine
from db.errors import SetupFault, TimedOut, Unavailable
from db.revision import check
from operating.metrics import Metrics
from operating.state import Sources
from rest_compat.problems import Kind, Problem, challenge

ROOM_SECONDS: Final = 2.0
"""How long a connection of the pool may be awaited by one who asks whether there is room."""
_AGAIN: Final = {"Retry-After": "5"}
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Readiness:
    """Whether requests can be answered now; if not, why."""

    reason: str | None
    checks: dict[str, str]
    """By what was looked at: ok, or what is the matter."""

    @property
    def response(self) -> Response:
        """The same over HTTP."""
        if self.reason is None:
            return JSONResponse({"status": "ok", "checks": self.checks}, headers=_NEVER_KEPT)
        body = {"status": "not ready", "reason": self.reason, "checks": self.checks}
        return JSONResponse(body, 503, {**_AGAIN, **_NEVER_KEPT})


async def readiness(engine: Engine) -> Readiness:
    """What a request would meet: a connection within a moment, a database that answers, at this code's migration."""
    try:
        async with asyncio.timeout(ROOM_SECONDS):
            await check(engine)
    except SetupFault as fault:
        return _not_ready("migrations", fault.message)
    except Unavailable as fault:
        return _not_ready("database", fault.message)
    except (TimedOut, TimeoutError):
        pool = engine.pool
        if pool.size >= engine.settings.connections and not pool.free:
            told = f"All {pool.size} connections of the pool are busy, and {pool.waiting} wait for one."
            return _not_ready("pool", told)
        return _not_ready("database", f"The database did not answer within {ROOM_SECONDS:g} seconds.")
    return Readiness(None, dict.fromkeys(_CHECKS, "ok"))


_CHECKS: Final = ("pool", "database", "migrations")
"""In the order in which a request meets them: of what lies behind the first fault nothing is known."""


def _not_ready(at: str, reason: str) -> Readiness:
    passed = _CHECKS[: _CHECKS.index(at)]
    return Readiness(reason, {**dict.fromkeys(passed, "ok"), at: reason})


def _of_replicas(sources: Sources) -> dict[str, str]:
    """How each replica fares; where none is read the primary is, so that requests are answered all the same."""
    if sources.replicas is None:
        return {}
    unfit = sources.replicas.unfit(sources.replicas.clock())
    return {name: "ok" if why is None else f"not read: {why}" for name, why in unfit.items()}


def health_routes(sources: Sources, metrics: Metrics, token: str) -> list[Route]:
    """The three routes. `token`: who reads the metrics sends it; empty: they are for this machine alone."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)

    async def readyz(_: Request) -> Response:
        found = await readiness(sources.engine)
        return replace(found, checks={**found.checks, **_of_replicas(sources)}).response

    async def exposed(request: Request) -> Response:
        _require_reader(request, token)
        metrics.sample(sources.of_process())
        metrics.sample_store(await sources.of_store())
        body = await asyncio.to_thread(metrics.exposed)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST, **_NEVER_KEPT})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", exposed)]


def _require_reader(request: Request, token: str) -> None:
    """Raises: Problem, for one who may not read the metrics."""
    if token:
        sent = request.headers.get("authorization", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(sent, f"Bearer {token}".encode()):
            detail = "The metrics need `Authorization: Bearer <DESKGRAPH_METRICS_TOKEN>`."
            raise Problem(Kind.UNAUTHENTICATED, detail, headers=challenge(request))
    elif not _is_here(request):
        detail = "Without DESKGRAPH_METRICS_TOKEN the metrics are for this machine alone. Set it, and send it."
        raise Problem(Kind.FORBIDDEN, detail)


def _is_here(request: Request) -> bool:
    """Whether this machine asks; the server has taken the address from the proxy, where a trusted one told it."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def sampling(sources: Sources, metrics: Metrics, seconds: float = 5.0) -> Any:
    """Takes in what this process holds, again and again: another process may be the one that is asked."""
    while True:
        metrics.sample(sources.of_process())
        await asyncio.sleep(seconds)
