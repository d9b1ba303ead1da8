"""The application: which address leads where. Sees everything, imported by nobody but its starters."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings as configuration
from db.audit.log import AuditLog
from db.audit.store import AuditStore
from db.engine import Engine, PoolSettings
from db.errors import SetupFault
from db.replicas import Replica, Replicas
from db.turns import Turns
from db.version import Versions
from identities import identity_of, pseudonym_key
from operating.health import health_routes, sampling
from operating.memory import keep_for_answers
from operating.metrics import Metrics
from operating.request_log import RequestLog
from operating.served import Watching
from operating.slow import SlowStatements
from operating.sockets import ON_ENDING
from operating.state import Sources
from rest_compat.admission import Admission, Entrance
from rest_compat.export.fitting import require_room_of
from rest_compat.export.ordering import ordered
from rest_compat.graphql_view import GraphQLView
from rest_compat.ingest import Intake
from rest_compat.lane import lane
from rest_compat.live.socket import Sockets
from rest_compat.openapi.routes import openapi_routes
from rest_compat.pages import page_routes
from rest_compat.patience import IN_FRONT
from rest_compat.problems import exception_handlers
from rest_compat.request_ids import named
from rest_compat.routes import report_routes
from schema.answers import Answers
from schema.auditing import Auditing
from schema.destinations import Destinations
from schema.executor import Gateway
from schema.exporting import Exporting
from schema.holders import Holders
from schema.live import Limits, Live
from schema.machines import Machines
from schema.rates import Rates
from schema.redaction import Redaction
from settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from rest_compat.export.mailing import Mailbox


_AT_ONCE: Final = 4
"""Requests that are worked on for each connection: while one has it, others are read, folded, written."""
_PATIENCE: Final = 0.9
"""Of the time in front, the most that is waited for by the pace: the pace is an estimate."""


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    further: Sequence[BaseRoute] = (),
    traces: TracerProvider | None = None,
) -> Starlette:
    """The gateway over the database that the settings name, by the login that may only read where there is one.

    Raises: SetupFault, where they name none: `deskgraph serve` embeds one first.
    """
    if settings.embeds:
        raise SetupFault("create_app needs a database's URL; `deskgraph serve` embeds a PostgreSQL without one.")
    engine = _engine(settings, settings.pool_connections, settings.statement_timeout_ms)
    export_engine = _engine(settings, settings.export_connections, settings.export_statement_timeout_ms)
    audit_log = AuditLog(AuditStore(settings.serving_url, walls=settings.database_walls))
    versions = Versions(settings.serving_url, settings.database_walls)
    answers = Answers(versions, clock, settings.response_cache_mb * 2**20) if settings.keeps_answers else None
    holders = Holders(engine, clock)
    metrics = Metrics()
    gateway = gateway_of(settings, clock, engine, audit_log, answers, holders)
    gateway = replace(gateway, replicas=_replicas(settings, versions, clock, metrics))
    live = Live(gateway, settings.serving_url, versions, live_limits_of(settings))
    sources = Sources(engine, audit_log, gateway.answers, live, _entrance(settings), gateway.replicas)
    live.observers.append(metrics.live)
    intake, writers = _intake(settings, clock)
    watched = _watched(settings, (engine, export_engine), metrics, traces)
    return Starlette(
        routes=[
            Route("/graphql", GraphQLView(gateway, live), methods=None),
            WebSocketRoute("/graphql", Sockets(gateway, live)),
            *report_routes(gateway, _for_exports(settings, gateway, export_engine), intake),
            *openapi_routes(),
            *health_routes(sources, metrics, settings.metrics_token.get_secret_value()),
            *page_routes(),
            *further,
        ],
        middleware=[*watched, *lane(gateway), Middleware(Admission, sources.entrance), Middleware(RequestIds)],
        exception_handlers=exception_handlers(),
        lifespan=_lifespan(sources, metrics, [live, holders, audit_log, versions, export_engine, engine, *writers]),
    )


def _entrance(settings: Settings) -> Entrance:
    """Who is worked on at once, and how long others wait."""

    def turns(connections: int) -> Turns:
        each = min(connections, settings.statements_per_viewer) * _AT_ONCE
        return Turns(connections * _AT_ONCE, each, settings.waiting_places, share=_PATIENCE)

    wait_seconds = settings.request_timeout_ms / 1000 * IN_FRONT
    return Entrance(turns(settings.pool_connections), turns(settings.export_connections), wait_seconds)


def _intake(settings: Settings, clock: Callable[[], datetime]) -> tuple[Intake | None, tuple[Closing, ...]]:
    """Who writes what portals send, where that is let in; and what is closed in the end."""
    url = settings.intake_url.get_secret_value() or settings.database_url.get_secret_value()
    if not settings.intake_writers or not url:
        return None, ()
    from db.sync.push import Writers  # what writes loads much, and most gateways only read

    writers = Writers(url, settings.intake_writers, clock, settings.database_walls)
    return Intake(writers, settings.intake_body_mb * 2**20), (writers,)


def _for_exports(settings: Settings, gateway: Gateway, engine: Engine) -> Gateway:
    return replace(gateway, engine=engine, request_timeout_seconds=settings.export_timeout_ms / 1000)


def _engine(settings: Settings, connections: int, timeout_ms: int) -> Engine:
    pool = PoolSettings(
        connections,
        timeout_ms,
        walls=settings.database_walls,
        per_viewer=settings.statements_per_viewer,
        wait_seconds=settings.request_timeout_ms / 1000,
        waiting_places=settings.waiting_places,
    )
    copies = {name: Engine(dsn, pool) for name, dsn in settings.replicas.items()}
    return Engine(settings.serving_url, pool, replicas=copies)


def _replicas(
    settings: Settings, versions: Versions, clock: Callable[[], datetime], metrics: Metrics
) -> Replicas | None:
    """The replicas that reports may be read from; None where there are none."""
    if not settings.replicas:
        return None
    followed = [Replica(name, Versions(dsn, settings.database_walls)) for name, dsn in settings.replicas.items()]
    bound = timedelta(milliseconds=settings.replica_lag_ms)
    return Replicas(versions, followed, clock, bound, metrics.place)


class Closing(Protocol):
    """What is closed in the end."""

    async def close(self) -> None:
        """Gives back what it holds."""


def _lifespan(
    sources: Sources, metrics: Metrics, closing: Sequence[Closing]
) -> Callable[[Starlette], AbstractAsyncContextManager[Mapping[str, Any]]]:
    """From the first request to the last: numbers are sampled, and in the end everything is closed."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        running = [asyncio.create_task(sampling(sources, metrics))]
        if sources.replicas is not None:
            running.append(asyncio.create_task(sources.replicas.watch()))
        yield {ON_ENDING: sources.live.end}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for one in (*closing, *([sources.replicas] if sources.replicas is not None else [])):
            await one.close()

    return lifespan


def _watched(
    settings: Settings, engines: Sequence[Engine], metrics: Metrics, traces: TracerProvider | None
) -> list[Middleware]:
    """What sees every request, and every statement; traces only where they are asked for."""
    observers = [metrics.statement, *([SlowStatements(settings.slow_ms).statement] if settings.slow_ms else [])]
    log = RequestLog(hashlib.sha256(b"log:" + settings.signing_secret().encode()).digest())
    watching = [Middleware(Watching, (metrics.served, log.served))]
    if traces is not None:
        from operating.traces import StatementSpans, Traced

        observers.append(StatementSpans(traces).statement)
        watching.append(Middleware(Traced, traces))
    for engine in engines:
        engine.observers += observers
    return watching


def gateway_of(
    settings: Settings,
    clock: Callable[[], datetime],
    engine: Engine,
    audit_log: AuditLog,
    answers: Answers | None = None,
    holders: Holders | None = None,
) -> Gateway:
    """What every operation needs, by the settings."""
    audit_key = hashlib.sha256(b"audit:" + settings.signing_secret().encode()).digest()
    gateway = Gateway(
        engine=engine,
        identity=identity_of(settings, Machines(engine)),
        pseudonym_key=pseudonym_key(settings),
        clock=clock,
        auditing=Auditing(audit_log, settings.audit, Redaction(audit_key)),
        answers=answers,
        max_cost=settings.max_cost,
        rates=Rates(settings.requests_per_minute, settings.exports_per_minute),
        request_timeout_seconds=settings.request_timeout_ms / 1000,
        holders=holders,
    )
    exporting = Exporting(
        ordered,
        settings.export_rows_at_once,
        timedelta(hours=settings.export_keep_hours),
        destinations_of(settings),
        partial(require_room_of, gateway),
    )
    return replace(gateway, exporting=exporting)


def live_limits_of(settings: Settings) -> Limits:
    """How much may be subscribed to, and how soon it is told."""
    return Limits(
        settings.live_debounce_ms / 1000,
        settings.live_subscriptions,
        settings.live_subscriptions_a_viewer,
        settings.live_slow_reader_ms / 1000,
    )


def destinations_of(settings: Settings) -> Destinations:
    """Where schedules may deliver to."""
    return Destinations(settings.mail_domains, settings.delivery_folder)


def mailbox_of(settings: Settings) -> Mailbox | None:
    """The mail server by which schedules deliver, where there is one."""
    if not settings.smtp_host:
        return None
    from rest_compat.export.mailing import Mailbox  # with the mail client, which servers do without

    password = settings.smtp_password.get_secret_value()
    place = (settings.smtp_host, settings.smtp_port, settings.smtp_tls)
    return Mailbox(*place, settings.smtp_sender, settings.smtp_user, password)


def create_worker() -> Starlette:
    """The application of one server process, by the environment's settings."""
    settings = configuration.load()
    app = create_app(settings, traces=_traces(settings))
    keep_for_answers()
    return app


def create_demo_worker() -> Starlette:
    """The same, with the demo's tokens for whoever asks. No setting leads here: `deskgraph serve --demo` alone does."""
    from rest_compat.demo import demo_routes

    settings = configuration.load()
    further = demo_routes(identity_of(settings), utc_now)
    app = create_app(settings, further=further, traces=_traces(settings))
    keep_for_answers()
    return app


def _traces(settings: Settings) -> TracerProvider | None:
    """Where spans go; None, and nothing of them is imported, unless the settings ask.

    Raises: SetupFault, where they do and the libraries are not there.
    """
    if not settings.traces:
        return None
    try:
        from operating.traces import exporting
    except ImportError as fault:
        raise SetupFault(
            f"DESKGRAPH_TRACES asks for traces, and {fault.name} is not installed. Install requirements-otel.txt."
        ) from fault
    return exporting()


class RequestIds:
    """Gives every request an id, the caller's own where it is a sane one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = named(HTTPConnection(scope))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*(one for one in message.get("headers", ()) if one[0] != name[0]), name]
            await send(message)

        await self.app(scope, receive, answer)
