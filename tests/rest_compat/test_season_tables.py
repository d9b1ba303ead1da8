"""The seasons as rows of the exported table."""

from __future__ import annotations

from rest_compat.export.tables import TABLES
from rest_compat.stored import ReportName

POINT = {"start": "2026-04-01", "expected": 9.5, "low": 5.0, "high": 14.0, "low95": 3.0, "high95": 17.0}
MOVER = {"category": {"id": "c", "name": "C"}, "count": 40, "previous": 20, "difference": 20, "change": 1.0}
ANSWER = {
    "trends": {
        "grain": "month",
        "volume": [{"start": "2026-03-01", "created": 9, "resolved": 8, "reopened": 0, "open": 1, "isPartial": False}],
        "categories": [
            {"category": None, "points": [9], "share": 1.0, "previousTotal": 3, "previousShare": 0.5, "change": 2.0}
        ],
        "fastestMovers": {"basis": "comparison", "risers": [MOVER], "fallers": []},
        "seasonality": {
            "weekdayHour": [[0] * 24] * 7,
            "weekday": [1.0] * 7,
            "month": None,
            "decomposition": {
                "starts": ["2026-03-01", "2026-03-02"],
                "trend": [4.0, 4.5],
                "seasonal": [1.0, 1.1],
                "remainder": [0.5, -0.5],
            },
            "forecast": [POINT],
            "anomalies": [{"start": "2026-03-02", "actual": 50, "expected": 5.0, "score": 9.0}],
            "reasons": [{"part": "month", "reason": "month needs a year."}],
            "reason": "month needs a year.",
        },
    }
}


def test_every_part_of_the_seasons_is_a_row_with_its_own_day_and_every_cell_has_a_column() -> None:
    table = TABLES[ReportName.TRENDS]
    rows = list(table.rows(ANSWER))
    by_section = {
        section: [row for row in rows if row["section"] == section] for section in {r["section"] for r in rows}
    }

    assert {key for row in rows for key in row} <= {column.key for column in table.columns}
    assert [(r["start"], r["remainder"]) for r in by_section["decomposition"]] == [
        ("2026-03-01", 0.5),
        ("2026-03-02", -0.5),
    ]
    assert by_section["forecast"] == [{"section": "forecast", **POINT}]
    assert by_section["anomaly"][0]["score"] == 9.0
    assert (by_section["riser"][0]["categoryId"], by_section["riser"][0]["difference"]) == ("c", 20)
    assert by_section["category_total"][0]["previousShare"] == 0.5
    assert by_section["no_month"] == [{"section": "no_month", "reason": "month needs a year."}]
