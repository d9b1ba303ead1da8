"""Targets, ticket by ticket: what the drill-down says of them equals what stretches, policies and calendars say."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from tests.conftest import DEMO_NOW, MANAGER, Asking
from tests.oracle.clocks import due, run_until
from tests.oracle.questions import Oracle

PAGE: Final = """query ($after: String) {
    tickets(period: {since: "2026-07-15", until: "2026-10-01"}, first: 500, after: $after) {
        total nextCursor nodes { id responseTarget { dueAt state } resolutionTarget { dueAt state } } } }"""

TOLD: Final = "CREATE TEMP TABLE told (external_id text, what text, due timestamptz, state text)"
EXPECTED: Final = f"""
WITH fulfilled AS (
    SELECT t.id, w.what, t.status, CASE w.what WHEN 'response' THEN r.at ELSE s.at END AS at, s.at AS done
    FROM raw_ticket t CROSS JOIN (VALUES ('response'), ('resolution')) w (what)
    LEFT JOIN raw_response r ON r.id = t.id
    LEFT JOIN raw_resolution s ON s.id = t.id AND s.standing),
promised AS (
    SELECT f.*, p.*, g.policy, CASE what WHEN 'response' THEN response_seconds ELSE resolution_seconds END AS seconds
    FROM fulfilled f
    CROSS JOIN LATERAL (SELECT coalesce(f.at, '9000-01-01') AS judged_at) n
    JOIN raw_reign g ON g.id = f.id AND g.since <= judged_at AND judged_at < g.until
    JOIN raw_policy p ON p.name = g.policy),
target AS (
    SELECT p.*, CASE what WHEN 'response' THEN t.response_due ELSE t.resolution_due END AS own,
        CASE what WHEN 'response' THEN {due("response", "p.policy")}
        ELSE {due("resolution", "p.policy")} END AS due
    FROM promised p JOIN raw_ticket t ON t.id = p.id OFFSET 0),
judged AS (
    SELECT *, CASE WHEN due IS NULL THEN NULL
        WHEN at IS NULL AND status IN ('resolved', 'closed') AND coalesce(due > done, true) THEN NULL
        WHEN at <= due THEN 'MET' WHEN at > due OR due < $1 THEN 'MISSED' ELSE 'RUNNING' END AS state
    FROM target)
SELECT k.external_id, k.what, k.state AS told_state, j.state, k.due AS told_due, nullif(j.due, 'infinity') AS due,
    j.own, j.seconds * 1000000 AS promised,
    (SELECT coalesce(sum(CASE WHEN j.business
            THEN {run_until("j.calendar", "least(s.until, j.at)")} - s.run_since
            ELSE (extract(epoch FROM least(s.until, j.at) - s.since) * 1000000)::bigint END), 0)
        FROM raw_stretch s WHERE s.id = j.id AND s.calendar IS NOT DISTINCT FROM j.calendar AND s.since < j.at
            AND s.status IN ('new', 'open', 'pending', 'on_hold') AND s.status <> ALL (j.pauses)) AS run,
    CASE WHEN j.business THEN {run_until("j.calendar", "k.due")} - {run_until("j.calendar", "j.at")}
        ELSE (extract(epoch FROM k.due - j.at) * 1000000)::bigint END AS run_on,
    j.business AND {run_until("j.calendar", "k.due")}
        = {run_until("j.calendar", "k.due - interval '1 microsecond'")} AS late
FROM told k
JOIN deskgraph.tickets x ON x.external_id = k.external_id
JOIN judged j ON j.id = x.id AND j.what = k.what
"""
"""What was told beside what is so. Of a target that was met the clock ran on: `run` before, `run_on` from there to the
due instant that was told, in microseconds; `late` if the desk was closed just before it."""


async def told(ask: Asking) -> list[tuple[str, str, Any, str | None]]:
    """Both targets of every ticket of some months."""
    found: list[tuple[str, str, Any, str | None]] = []
    after, total = None, 0
    while True:
        page = (await ask.data(PAGE, MANAGER, after=after))["tickets"]
        total, after = page["total"], page["nextCursor"]
        for node in page["nodes"]:
            for what in ("response", "resolution"):
                target = node[f"{what}Target"] or {"dueAt": None, "state": None}
                found.append((node["id"], what, target["dueAt"], target["state"]))
        if after is None:
            assert len(found) == 2 * total
            return found


async def check_targets(ask: Asking, oracle: Oracle) -> None:
    """Fails unless every target that is told is what the clocks say, and every state is there."""
    found = await told(ask)
    store = oracle.connection
    await store.execute(TOLD)
    await store.executemany("INSERT INTO told VALUES ($1, $2, $3::text::timestamptz, $4)", found)

    rows = await store.fetch(EXPECTED, DEMO_NOW)

    assert len(rows) == len(found)
    assert [row for row in rows if row["told_state"] != row["state"]] == []
    assert [row for row in rows if row["state"] in ("MISSED", "RUNNING") and row["told_due"] != row["due"]] == []
    met = [row for row in rows if row["state"] == "MET"]
    assert [row for row in met if row["own"] not in (None, row["told_due"])] == []
    ran = [row for row in met if row["own"] is None]
    assert [row for row in ran if row["run"] + row["run_on"] != row["promised"] or row["late"]] == []
    states = Counter((row["what"], row["state"]) for row in rows)
    assert min(states[what, state] for what in ("response", "resolution") for state in ("MET", "MISSED", "RUNNING")) > 5


async def test_every_target_is_met_missed_or_running_as_the_clocks_say(ask: Asking, oracle: Oracle) -> None:
    await check_targets(ask, oracle)
