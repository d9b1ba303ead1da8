"""Spans of requests and statements, where they are asked for; and nothing of them where not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.conftest import ROOT
from tests.operating.conftest import MARCH, REPORTS, operated

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_request_is_a_span_below_the_callers_and_its_statements_below_it(desk_dsn: str) -> None:
    found, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))

    async with operated(desk_dsn, traces=provider, response_cache_mb=0) as gateway:
        headers = {**gateway.bearer(), "traceparent": CALLER, "X-Request-Id": "mine"}
        answer = await gateway.get(f"{REPORTS}/performance", params=MARCH, headers=headers)
        await gateway.get("/healthz")

    *statements, request = found.get_finished_spans()
    assert answer.status_code == 200
    assert (request.name, request.kind, request.status.status_code) == (
        "rest performance",
        SpanKind.SERVER,
        StatusCode.UNSET,
    )
    assert f"{request.context.trace_id:032x}" == CALLER[3:35]
    assert request.parent
    assert f"{request.parent.span_id:016x}" == CALLER[36:52]
    told = dict(request.attributes or {})
    assert (told["http.response.status_code"], told["deskgraph.request_id"]) == (200, "mine")
    expected = int(answer.headers["server-timing"].rpartition('desc="')[2].partition(" ")[0])
    assert len(statements) == expected > 1
    for one in statements:
        assert one.parent
        assert one.parent.span_id == request.context.span_id
        assert request.start_time <= one.start_time <= one.end_time <= request.end_time
    texts = " ".join(str(dict(one.attributes or {})["db.query.text"]) for one in statements)
    assert "$1" in texts
    assert "2026" not in texts
    assert [one for one in statements if dict(one.attributes or {}).get("deskgraph.source", "").startswith("rollup")]


@pytest.mark.parametrize("variable", ["", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_nothing_of_it_is_imported_unless_the_setting_asks(variable: str) -> None:
    code = "import app, sys; print(*(name for name in sys.modules if name.startswith('opentelemetry')))"
    given = {variable: "http://127.0.0.1:1"} if variable else {}

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, check=True, capture_output=True, text=True)

    assert done.stdout.strip() == ""


def test_where_spans_go_is_said_by_the_variables_of_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    from operating.traces import exporting

    monkeypatch.setenv("OTEL_SERVICE_NAME", "support-reports")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")

    provider = exporting()

    assert provider.resource.attributes["service.name"] == "support-reports"
    provider.shutdown()
