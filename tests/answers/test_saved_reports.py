"""Saved reports through the door: by POST alone, never from what is kept, recorded without what they say."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from db.access import Role, Viewer
from tests.answers.conftest import PAST, Keeping, report
from tests.rest_compat.desk import VIEWERS

LIST: Final = "query Mine { savedReports { nodes { name query } } }"
SAVE: Final = """mutation Keep($name: String!, $query: String!, $id: ID) {
  saveReport(name: $name, page: EXPLORE, query: $query, id: $id) { id } }"""
DELETE: Final = "mutation Drop($id: ID!) { deleteSavedReport(id: $id) }"
MIA, MOE = VIEWERS[Role.MANAGER], Viewer("moe", Role.MANAGER)


async def names(keeping: Keeping, viewer: Viewer = MIA) -> list[str]:
    """What a viewer is told of, asked twice."""
    first, again = [await keeping.post(LIST, viewer) for _ in range(2)]
    assert first.content == again.content
    return [one["name"] for one in first.json()["data"]["savedReports"]["nodes"]]


async def keep(keeping: Keeping, name: str, viewer: Viewer = MIA, **further: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await keeping.post(SAVE, viewer, name=name, query="agent=A-1", **further)).json()
    return answer


async def test_every_change_is_seen_at_once_and_by_nobody_else(keeping: Keeping) -> None:
    assert (await names(keeping), await names(keeping, MOE)) == ([], [])

    made = await keep(keeping, "one")
    assert (await names(keeping), await names(keeping, MOE)) == (["one"], [])
    id_ = made["data"]["saveReport"]["id"]
    await keep(keeping, "two", id=id_)
    assert (await names(keeping), await names(keeping, MOE)) == (["two"], [])
    await keeping.post(DELETE, MIA, id=id_)
    assert (await names(keeping), await names(keeping, MOE)) == ([], [])
    assert keeping.answers.bytes_kept == 0


async def test_the_same_request_again_is_carried_out_again(keeping: Keeping) -> None:
    first, again = await keep(keeping, "one"), await keep(keeping, "one")

    assert "errors" not in first
    assert again["data"] == {"saveReport": None}
    assert again["errors"][0]["extensions"] == {
        "code": "BAD_USER_INPUT", "fault": "ImpossibleInput", "parameter": "name",
    }  # fmt: skip


async def test_equal_requests_of_two_viewers_at_once_are_carried_out_for_both(keeping: Keeping) -> None:
    done = await asyncio.gather(*(keep(keeping, "one", viewer) for viewer in (MIA, MOE)))

    assert len({one["data"]["saveReport"]["id"] for one in done}) == 2
    assert (await names(keeping), await names(keeping, MOE)) == (["one"], ["one"])


async def test_saving_leaves_the_kept_answers_of_reports_alone(keeping: Keeping) -> None:
    await keeping.post(report(PAST))
    await keep(keeping, "one")

    again = await keeping.post(report(PAST))

    assert again.status_code == 200
    assert keeping.statements == []


async def test_nothing_is_changed_by_get(keeping: Keeping) -> None:
    document = 'mutation { saveReport(name: "one", page: EXPLORE, query: "") { id } }'

    answer = await keeping.get(document)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await names(keeping) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_nothing_is_changed_by_what_a_foreign_page_can_send(content_type: str, keeping: Keeping) -> None:
    headers = {**keeping.bearer(MIA), "Content-Type": content_type}
    body = b'{"query": "mutation { saveReport(name: \\"one\\", page: EXPLORE, query: \\"\\") { id } }"}'

    answer = await keeping.desk.request("POST", "/graphql", headers=headers, content=body)

    assert answer.status_code == 415
    assert await names(keeping) == []


async def test_it_is_recorded_without_its_name_and_what_it_filters_by(keeping: Keeping) -> None:
    made = await keep(keeping, "Ada's tickets")
    await keeping.post(DELETE, MIA, id=made["data"]["saveReport"]["id"])
    await keeping.post(DELETE, MIA, id=made["data"]["saveReport"]["id"])
    await keeping.post(SAVE, VIEWERS[Role.CLIENT], name="Ada's", query="")

    records = await keeping.desk.records()

    told = {(one["operation"], one["outcome"], one["statements"]): one["variables"] for one in records}
    assert told == {
        ("Keep", "OK", 3): {"name": "<redacted>", "query": "<redacted>"},
        ("Drop", "OK", 1): {"id": "<redacted>"},
        ("Drop", "NOT_FOUND", 1): {"id": "<redacted>"},
        ("", "FORBIDDEN", 0): {},
    }
    assert "Ada" not in str(records)
    assert "A-1" not in str(records)
