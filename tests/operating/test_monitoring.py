"""The dashboard and the alert rules of deploy/monitoring ask for what /metrics tells, and for nothing else."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from db.audit.record import Outcome
from tests.conftest import ROOT, RunningGateway, new_database, serving
from tests.operating.conftest import MARCH, REPORTS

MONITORING: Final = ROOT / "deploy" / "monitoring"
DASHBOARD: Final[dict[str, Any]] = json.loads((MONITORING / "dashboard.json").read_text())
RULES: Final[list[dict[str, Any]]] = [
    rule for group in yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]
PANELS: Final = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS: Final = [(panel["title"], target) for panel in PANELS for target in panel["targets"]]
EXPRESSIONS: Final = {
    **{rule["alert"]: rule["expr"] for rule in RULES},
    **{f"{title}, {t['refId']}": t["expr"].replace("$__rate_interval", "5m") for title, t in TARGETS},
}
LABELS_OF: Final = re.compile(r"{{\s*(?:\$labels\.)?(\w+)\s*}}")
SUBSCRIPTION: Final = (
    'subscription { reportChanged(period: {since: "2026-03-01", until: "2026-04-01"}) { dataVersion } }'
)
SOURCE: Final = """INSERT INTO deskgraph.sync_sources (name, kind, state, run_id, as_of, began_at, stale_after_seconds,
    failures, rejects, rows_new, rows_changed, tickets_deleted)
    VALUES ('portal', 'postgresql', 'following', 0, now(), now(), 60, 0, 0, 0, 0, 0)"""
Labels = Mapping[str, Mapping[str, set[str]]]
"""The values of each label, of each sample's name."""


@pytest.fixture(scope="module")
async def told(watched: str, tmp_path_factory: pytest.TempPathFactory) -> Labels:
    """What a real server tells, once a report, a subscription and a source have been there."""
    log = tmp_path_factory.mktemp("monitored") / "log"
    async with serving(watched, log) as gateway, _client(gateway) as client:
        for _ in range(2):
            assert (await client.get(f"{REPORTS}/summary", params=MARCH)).status_code == 200
        assert (await client.get(f"{REPORTS}/none")).status_code == 404
        stream = client.stream(
            "POST", "/graphql", json={"query": SUBSCRIPTION}, headers={"Accept": "text/event-stream"}
        )
        async with stream as events:
            async for line in events.aiter_lines():
                if line.startswith("data:"):
                    break
            text = (await client.get("/metrics")).text
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name]  # a name without labels is one, too
            for label, value in sample.labels.items():
                found[sample.name][label].add(value)
    return found


@pytest.fixture(scope="module")
async def watched(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a store with a live source."""
    async with new_database(server, template=filled) as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(SOURCE)
        await connection.close()
        yield dsn


def _client(gateway: RunningGateway) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(), timeout=60)


def nodes(expression: str) -> list[Any]:
    """Every part of an expression, read by the language's own grammar."""
    found: list[Any] = []
    promql.walk(promql.parse(expression), lambda node: found.append(node))
    return found


def grouped_by(expression: str) -> set[str]:
    """The labels that are left of an expression's series."""
    for node in nodes(expression):
        if isinstance(node, promql.AggregateExpr) and node.modifier:
            return set(node.modifier.labels)
    return set()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_asks_for_metrics_and_labels_that_are_told(name: str, told: Labels) -> None:
    parts = nodes(EXPRESSIONS[name])
    selectors = [part for part in parts if isinstance(part, promql.VectorSelector)]

    assert selectors
    labels: set[str] = set()
    for one in selectors:
        assert one.name in told
        for matcher in one.matchers.matchers:
            assert matcher.name in told[one.name], f"{one.name} has no label {matcher.name}"
        labels |= set(told[one.name])
    for part in parts:
        if isinstance(part, promql.AggregateExpr) and part.modifier:
            assert set(part.modifier.labels) <= labels


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_what_labels_are_compared_with_can_be_their_value(name: str, told: Labels) -> None:
    known = {
        "outcome": {one.value for one in Outcome},
        "door": {"rest", "graphql", "export", "health", "page"},
        "result": {"hit", "miss"},
    }
    for part in nodes(EXPRESSIONS[name]):
        if isinstance(part, promql.VectorSelector):
            for matcher in part.matchers.matchers:
                wanted = set(matcher.value.split("|")) - {""}
                assert wanted <= known.get(matcher.name, told[part.name][matcher.name]), str(part)


def test_every_metric_of_the_product_is_on_the_dashboard(told: Labels) -> None:
    """But for the two that only make sense of a single process, all are the product's own."""
    shown = {
        re.sub(r"_(bucket|sum|count)$", "", part.name)
        for _, target in TARGETS
        for part in nodes(target["expr"].replace("$__rate_interval", "5m"))
        if isinstance(part, promql.VectorSelector)
    }
    exported = {re.sub(r"_(bucket|sum|count)$", "", name) for name in told if name.startswith("deskgraph_")}

    assert exported - shown == set()
    assert shown - exported == {"process_resident_memory_bytes", "process_cpu_seconds_total"}


def test_what_is_written_beside_a_number_names_labels_that_it_has() -> None:
    written = [(r["expr"], " ".join(r["annotations"].values())) for r in RULES]
    written += [(t["expr"].replace("$__rate_interval", "5m"), t["legendFormat"]) for _, t in TARGETS]

    for expression, text in written:
        assert set(LABELS_OF.findall(text)) <= grouped_by(expression), text


def test_the_dashboard_is_laid_out_without_overlaps_and_asks_the_chosen_prometheus() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        own = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & own
        assert max(x for x, _ in own) < 24
        cells |= own
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert {t["datasource"]["uid"] for _, t in TARGETS} == {"${datasource}"}
    assert [v["name"] for v in DASHBOARD["templating"]["list"]] == ["datasource"]


def test_every_alert_has_its_reason_in_the_page_about_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| `(Deskgraph\w+)` \| (.+?) \| (.+) \|$", page, re.M)

    assert [name for name, _, _ in rows] == [rule["alert"] for rule in RULES]
    assert {rule["labels"]["severity"] for rule in RULES} == {"critical", "warning", "info"}
    for (_, threshold, _), rule in zip(rows, RULES, strict=True):
        limit = re.search(r"(?:>=|>|==) ([\d.]+)$", rule["expr"].strip())
        assert limit is None or re.search(rf"\b{re.escape(limit[1])}\b", threshold.replace(",", "")), rule["alert"]
        assert rule.get("for") is None or rule["for"] in threshold, rule["alert"]


def test_the_reading_of_prometheus_is_of_the_metrics_with_the_rules() -> None:
    found = yaml.safe_load((MONITORING / "prometheus.yaml").read_text())

    (job,) = found["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert all(Path(MONITORING / name).is_file() for name in found["rule_files"])
