"""OpenTelemetry: a span for each request to the API, and one for each statement below it.

Nothing of it is imported unless DESKGRAPH_TRACES asks. Where spans go is said by the OTEL_* variables of its SDK.
Fields get no spans of their own: a report of 500 rows would have thousands.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from opentelemetry import propagate
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.statement import Statement
from operating.served import operation_of
from resolvers.explained import source_of
from resolvers.plan import PlannedQuery
from rest_compat.recording import entry_of
from rest_compat.request_ids import request_id

NAME: Final = "deskgraph"
_PATHS: Final = ("/graphql", "/api/")


class Traced:
    """Opens a span for each request to the API, below the caller's where it names one (W3C traceparent)."""

    def __init__(self, app: ASGIApp, provider: TracerProvider) -> None:
        self.app, self.tracer = app, provider.get_tracer(NAME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        callers = propagate.extract(dict(request.headers))
        with self.tracer.start_as_current_span(scope["method"], callers, SpanKind.SERVER) as span:
            try:
                await self.app(scope, receive, answer)
            finally:
                span.set_attributes(
                    {
                        "http.request.method": scope["method"],
                        "http.response.status_code": status,
                        "url.path": scope["path"],
                        "deskgraph.request_id": request_id(request),
                    }
                )
                entry = entry_of(request)
                if entry is not None:
                    span.update_name(f"{entry.door.value} {operation_of(entry)}")
                    span.set_attributes({"deskgraph.door": entry.door.value, "deskgraph.outcome": entry.outcome.value})
                    span.set_attribute("deskgraph.kept", entry.given_again is not None)
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))


class StatementSpans:
    """Makes a span of each statement once it has run."""

    def __init__(self, provider: TracerProvider) -> None:
        self.tracer = provider.get_tracer(NAME)

    def statement(self, statement: Statement, seconds: float) -> None:
        """The span of a statement, below the operation's. Its text has numbered parameters where values stand."""
        if not get_current_span().is_recording():
            return
        ended = time.time_ns()
        attributes: dict[str, Any] = {"db.system.name": "postgresql", "db.query.text": statement.sql}
        if isinstance(statement.about, PlannedQuery):
            attributes["deskgraph.source"] = source_of(statement.about)
        span = self.tracer.start_span(
            "statement", kind=SpanKind.CLIENT, start_time=ended - round(seconds * 1e9), attributes=attributes
        )
        span.end(ended)


def exporting() -> TracerProvider:
    """What sends spans over OTLP and HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT says."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named: Sequence[Resource] = [Resource.create({"service.name": NAME}), OTELResourceDetector().detect()]
    provider = TracerProvider(resource=named[0].merge(named[1]))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
