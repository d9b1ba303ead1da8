"""A percentile of a whole is read from all of its facts; those of its months, averaged, would be another."""

from __future__ import annotations

import pytest

from db import sketch
from tests.conftest import MANAGER, Asking
from tests.oracle.questions import ALL, Oracle, Question

NEAR = sketch.RELATIVE_ERROR * (1 + 1e-9)


@pytest.mark.parametrize("clock", ["CALENDAR", "BUSINESS"])
@pytest.mark.parametrize("attribution", ["EVENT", "CREATION"])
async def test_a_p90_is_that_of_the_facts_and_not_the_mean_of_the_p90s_of_its_months(
    clock: str, attribution: str, ask: Asking, oracle: Oracle
) -> None:
    question = Question(*ALL, clock=clock, attribution=attribution)
    expected = {
        row["team"]: row
        for row in await oracle.rows(
            "SELECT team, count({seconds}) AS n, percentile_cont(0.9) WITHIN GROUP (ORDER BY {seconds}) AS p90"
            " FROM raw_resolution WHERE {slice} AND standing GROUP BY team",
            question,
        )
    }
    whole = await oracle.row(
        "SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY {seconds}) AS p90 FROM raw_resolution"
        " WHERE {slice} AND standing",
        question,
    )

    cells = "metrics { avgResolutionTime { p90 count } }"
    data = await ask.data(
        f"""{{ report({question.arguments}) {{ {cells}
            teams: breakdown(by: [TEAM]) {{ rows {{ keys {{ id }} {cells} }} }}
            months: breakdown(by: [TEAM, TIME], grain: MONTH, first: 500) {{ rows {{ keys {{ id }} {cells} }} }}
        }} }}""",
        MANAGER,
    )

    report = data["report"]
    teams = {row["keys"][0]["id"]: row["metrics"]["avgResolutionTime"] for row in report["teams"]["rows"]}
    for team, one in expected.items():
        assert teams[team] == {"p90": pytest.approx(one["p90"], rel=NEAR, abs=0), "count": one["n"]}
    assert report["metrics"]["avgResolutionTime"]["p90"] == pytest.approx(whole["p90"], rel=NEAR, abs=0)
    months: dict[str, list[float]] = {}
    for row in report["months"]["rows"]:
        if (p90 := row["metrics"]["avgResolutionTime"]["p90"]) is not None:
            months.setdefault(row["keys"][0]["id"], []).append(p90)
    assert any(sum(p90s) / len(p90s) != pytest.approx(expected[team]["p90"], rel=NEAR) for team, p90s in months.items())
