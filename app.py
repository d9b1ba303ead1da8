"""The application: which address leads where. Sees everything, imported by nobody but its starters."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings as configuration
from db.audit.log import AuditLog
from db.audit.store import AuditStore
from db.engine import Engine, PoolSettings
from db.errors import SetupFault, UpstreamFault
from db.revision import check
from db.version import Versions
from identities import identity_of, pseudonym_key
from rest_compat.export.ordering import ordered
from rest_compat.graphql_view import GraphQLView
from rest_compat.lane import lane
from rest_compat.pages import page_routes
from rest_compat.problems import exception_handlers
from rest_compat.request_ids import named
from rest_compat.routes import report_routes
from schema.answers import Answers
from schema.auditing import Auditing
from schema.destinations import Destinations
from schema.executor import Gateway
from schema.exporting import Exporting
from schema.holders import Holders
from schema.machines import Machines
from schema.redaction import Redaction
from settings import Settings

if TYPE_CHECKING:
    from rest_compat.export.mailing import Mailbox


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def create_app(
    settings: Settings, clock: Callable[[], datetime] = utc_now, further: Sequence[BaseRoute] = ()
) -> Starlette:
    """The gateway over the database that the settings name, by the login that may only read where there is one.

    Raises: SetupFault, where they name none: `deskgraph serve` embeds one first.
    """
    if settings.embeds:
        raise SetupFault("create_app needs a database's URL; `deskgraph serve` embeds a PostgreSQL without one.")
    engine = Engine(
        settings.serving_url,
        PoolSettings(settings.pool_connections, settings.statement_timeout_ms, walls=settings.database_walls),
    )
    audit_log = AuditLog(AuditStore(settings.serving_url, walls=settings.database_walls))
    versions = Versions(settings.serving_url)
    answers = Answers(versions, clock, settings.response_cache_mb * 2**20) if settings.keeps_answers else None
    holders = Holders(engine, clock)
    gateway = gateway_of(settings, clock, engine, audit_log, answers, holders)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await holders.close()
        await audit_log.close()
        await versions.close()
        await engine.close()

    return Starlette(
        routes=[
            Route("/graphql", GraphQLView(gateway), methods=None),
            *report_routes(gateway),
            *health_routes(engine),
            *page_routes(),
            *further,
        ],
        middleware=[*lane(gateway), Middleware(RequestIds)],
        exception_handlers=exception_handlers(),
        lifespan=lifespan,
    )


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
    return Gateway(
        engine=engine,
        identity=identity_of(settings, Machines(engine)),
        pseudonym_key=pseudonym_key(settings),
        clock=clock,
        auditing=Auditing(audit_log, settings.audit, Redaction(audit_key)),
        answers=answers,
        exporting=Exporting(
            ordered,
            settings.export_rows_at_once,
            timedelta(hours=settings.export_keep_hours),
            destinations_of(settings),
        ),
        holders=holders,
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
    app = create_app(configuration.load())
    spare_garbage_collection()
    return app


def create_demo_worker() -> Starlette:
    """The same, with the demo's tokens for whoever asks. No setting leads here: `deskgraph serve --demo` alone does."""
    from rest_compat.demo import demo_routes

    settings = configuration.load()
    app = create_app(settings, further=demo_routes(identity_of(settings), utc_now))
    spare_garbage_collection()
    return app


def spare_garbage_collection() -> None:
    """Makes the search for garbage cycles rare: what is there now stays, and an answer makes none.

    A search through the schema would cost as much as two dashboards, one through a large answer a quarter of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def health_routes(engine: Engine) -> list[Route]:
    """Liveness: the process answers. Readiness: the database answers, at this code's migration, behind its walls."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        try:
            await check(engine)
        except (UpstreamFault, SetupFault) as fault:
            return JSONResponse({"status": "not ready", "reason": fault.message}, 503, {"Retry-After": "5"})
        return JSONResponse({"status": "ok"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


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
