"""A kept answer is given again for nothing, to whom it belongs, as long as it is what would be worked out now."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from db import api_keys
from db.access import Role, Viewer
from db.turns import NOBODY
from db.walls import Walls
from rest_compat.stored import DOCUMENTS, ROUTED, ReportName, hash_of
from schema.answers import Abandon, Answer, Draft, Question
from schema.auditing import Told
from schema.lasting import Lasting
from schema.machines import KEPT_SECONDS, Machines
from settings import Settings
from tests.answers.conftest import PAST, RUNNING, Keeping, keeping_over, report, until_somebody_waits
from tests.audit.conftest import desk_over
from tests.conftest import SECRET
from tests.rest_compat.desk import MARCH, NOW, VIEWERS

OPEN_ONE: Final = (
    "INSERT INTO deskgraph.facts SELECT (f).* FROM (SELECT jsonb_populate_record(facts, jsonb_build_object("
    "'ticket_id', ticket_id + 1000000, 'at', '{at}'::timestamptz)) AS f FROM deskgraph.facts WHERE source = {source}"
    " ORDER BY ticket_id LIMIT 1) AS one"
)
"""One more fact of a source, of a ticket of its own, at an instant."""
MARCH_10: Final = OPEN_ONE.format(at="2026-03-10 08:00+00", source=6)


async def open_tickets(keeping: Keeping, document: str) -> float:
    """The open tickets of an answer without errors."""
    found = (await keeping.post(document)).json()
    assert "errors" not in found, found
    return float(found["data"]["report"]["summary"]["openTickets"]["value"])


async def test_an_answer_is_given_again_byte_for_byte_without_a_statement(keeping: Keeping) -> None:
    first = await keeping.post(report(PAST))
    cost = len(keeping.statements)
    keeping.now += timedelta(days=3)

    again = await keeping.post(report(PAST))

    assert cost >= 2
    assert keeping.statements == []
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["cache-control"] == "private, no-cache"
    assert again.headers["vary"] == "Authorization, Accept"
    assert again.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", [one.value for one in ROUTED])
async def test_a_rest_report_is_given_again_and_its_tag_stands(keeping: Keeping, name: str) -> None:
    first = await keeping.rest(name, **MARCH)
    keeping.now += timedelta(days=3)

    again = await keeping.rest(name, **MARCH)
    unchanged = await keeping.rest(name, {"If-None-Match": first.headers["etag"]}, **MARCH)

    assert keeping.statements == []
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert '"0 statements"' in again.headers["server-timing"]
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_a_write_is_in_the_next_answer_whoever_wrote(keeping: Keeping) -> None:
    before = await open_tickets(keeping, report(PAST))
    rest = await keeping.rest("summary", **MARCH)

    for number in range(1, 15):
        await keeping.write(MARCH_10.replace("1000000", str(1_000_000 + number)))

        assert await open_tickets(keeping, report(PAST)) == before + number
        answer = await keeping.rest("summary", {"If-None-Match": rest.headers["etag"]}, **MARCH)
        assert answer.json()["summary"]["openTickets"]["value"] == before + number


async def test_every_process_sees_a_write_at_once(keeping: Keeping) -> None:
    async with keeping_over(keeping.desk.dsn) as other:
        before = await open_tickets(other, report(PAST))
        await keeping.write(MARCH_10)

        assert await open_tickets(other, report(PAST)) == before + 1


async def test_a_version_that_another_history_numbers_alike_is_another(keeping: Keeping) -> None:
    before = await open_tickets(keeping, report(PAST))

    await keeping.write(MARCH_10, "UPDATE deskgraph.data_version SET version = version - 1")

    assert await open_tickets(keeping, report(PAST)) == before + 1


async def test_a_lost_connection_gives_no_old_answer(keeping: Keeping) -> None:
    before = await open_tickets(keeping, report(PAST))
    connection = await asyncpg.connect(keeping.desk.dsn)
    ended = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'deskgraph version' AND datname = current_database()"
    )
    await connection.close()

    await keeping.write(MARCH_10)

    assert ended == 1
    assert await open_tickets(keeping, report(PAST)) == before + 1
    await open_tickets(keeping, report(PAST))
    assert keeping.statements == []


async def test_nothing_is_answered_while_the_database_is_away(keeping: Keeping) -> None:
    tag = (await keeping.get(report(PAST))).headers["etag"]
    admin = await asyncpg.connect(keeping.desk.dsn.rsplit("/", 1)[0] + "/postgres")
    await admin.execute(f"DROP DATABASE {keeping.desk.dsn.rsplit('/', 1)[1]} WITH (FORCE)")
    await admin.close()

    answer = await keeping.post(report(PAST))
    conditional = await keeping.get(report(PAST), If_None_Match=tag)

    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"UNAVAILABLE"}
    assert conditional.status_code == 200
    assert "errors" in conditional.json()


async def test_an_answer_belongs_to_the_role_and_its_rows_not_to_the_name(keeping: Keeping) -> None:
    who = [*VIEWERS.values(), Viewer("ben", Role.TEAM_LEAD, teams=("support",)), Viewer("x", Role.AGENT, agent="A-2")]
    who += [Viewer("both", Role.TEAM_LEAD, teams=("billing", "support"))]
    fields = "summary { openTickets { value } } agents { rows { agent { id name } ticketsCreated } }"
    document = f"{{ viewer {{ role scope {{ ids }} }} report(period: {PAST}) {{ {fields} }} }}"
    who = [viewer for viewer in who if viewer.role is not Role.CLIENT]
    async with desk_over(keeping.desk.dsn) as plain:
        wanted = [
            (
                await plain.request("POST", "/graphql", json={"query": document}, headers={**keeping.bearer(viewer)})
            ).json()["data"]
            for viewer in who
        ]

    for _ in range(2):
        assert [(await keeping.post(document, viewer)).json()["data"] for viewer in who] == wanted
    assert len({str(one) for one in wanted}) == len(who)

    await keeping.post(document, Viewer("somebody else", Role.MANAGER))
    assert keeping.statements == []


async def test_variables_and_operations_have_answers_of_their_own(keeping: Keeping) -> None:
    two = """query A($p: PeriodInput!) { report(period: $p) { summary { openTickets { value } } } }
        query B($p: PeriodInput!) { report(period: $p) { period { since } } }"""

    async def ask(operation: str, period: dict[str, str]) -> str:
        body = {"query": two, "operationName": operation, "variables": {"p": period}}
        answer = await keeping.desk.request("POST", "/graphql", headers=keeping.bearer(Role.MANAGER), json=body)
        return answer.text

    february = {"since": "2026-02-01", "until": "2026-03-01"}
    first = [await ask(operation, period) for operation in "AB" for period in (MARCH, february)]
    keeping.statements.clear()
    again = [await ask(operation, period) for operation in "AB" for period in (dict(reversed(MARCH.items())), february)]

    assert again == first
    assert len(set(first)) == 4
    assert keeping.statements == []


async def test_a_running_period_is_given_again_as_of_its_instant_until_the_next_fact_counts(keeping: Keeping) -> None:
    breach = NOW + timedelta(minutes=2)
    await keeping.write(OPEN_ONE.format(at=breach.isoformat(), source=8))
    first = (await keeping.post(report(RUNNING))).json()["data"]["report"]

    keeping.now = breach - timedelta(microseconds=1)
    again = (await keeping.post(report(RUNNING))).json()["data"]["report"]
    again_took = list(keeping.statements)
    keeping.now = breach + timedelta(microseconds=1)
    then = (await keeping.post(report(RUNNING))).json()["data"]["report"]

    assert (again, again_took) == (first, [])
    assert first["asOf"] == NOW.isoformat()
    assert then["asOf"] == keeping.now.isoformat()
    assert then["metrics"]["breachedTickets"]["value"] == first["metrics"]["breachedTickets"]["value"] + 1


async def test_a_running_period_keeps_its_tag_as_long_as_its_answer(keeping: Keeping) -> None:
    asked = {"period": "last_7_days"}
    tag = (await keeping.rest("summary", **asked)).headers["etag"]
    keeping.now += timedelta(minutes=1)

    soon = await keeping.rest("summary", {"If-None-Match": tag}, **asked)
    soon_took = list(keeping.statements)
    keeping.now += timedelta(hours=1)
    later = await keeping.rest("summary", {"If-None-Match": tag}, **asked)

    assert (soon.status_code, soon_took) == (304, [])
    assert later.status_code == 200


@pytest.mark.parametrize(
    ("document", "role"),
    [
        (report(PAST, "summary { csatScore { value } } agents { rows { rating { csatScore } } }"), Role.ANALYST),
        (report('{since: "2026-04-01", until: "2026-03-01"}'), Role.MANAGER),
        (report('{since: "2026-04-01", until: "2026-05-01"}', further="compareTo: [PREVIOUS_PERIOD]"), Role.MANAGER),
        (report(PAST, "metrics { ticketsCreated { tickets { total } } }"), Role.MANAGER),
        ("{ auditLog { nodes { id } } }", Role.ADMIN),
        ("{ nope }", Role.MANAGER),
    ],
)
async def test_what_has_errors_or_moves_is_worked_out_each_time(keeping: Keeping, document: str, role: Role) -> None:
    first = (await keeping.post(document, role)).json()
    took = len(keeping.statements)
    again = (await keeping.post(document, role)).json()

    assert len(keeping.statements) == took
    assert keeping.answers.bytes_kept == 0
    assert first.get("errors") == again.get("errors")


async def test_equal_requests_at_once_cost_one(keeping: Keeping) -> None:
    await keeping.post(report(PAST))
    cost = len(keeping.statements)
    await keeping.write()
    await keeping.post("{ viewer { role } }")

    answers = await asyncio.gather(*(keeping.post(report(PAST)) for _ in range(16)))

    assert len({answer.content for answer in answers}) == 1
    assert len(keeping.statements) == cost


async def test_who_asks_after_a_write_does_not_wait_for_what_was_begun_before(keeping: Keeping) -> None:
    before = await open_tickets(keeping, report(PAST))
    await keeping.write()
    writer = await asyncpg.connect(keeping.desk.dsn)
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones IN ACCESS EXCLUSIVE MODE")
    slow = asyncio.create_task(keeping.desk.graphql(report(PAST)))
    await until_somebody_waits(writer)
    await writer.execute(MARCH_10)
    await writer.execute("UPDATE deskgraph.data_version SET version = version + 1, changed_at = clock_timestamp()")
    await transaction.commit()
    await writer.close()

    assert await open_tickets(keeping, report(PAST)) == before + 1
    assert (await slow).json()["data"]["report"]["summary"]["openTickets"]["value"] == before
    assert await open_tickets(keeping, report(PAST)) == before + 1
    assert keeping.statements == []


@pytest.mark.parametrize("period", [PAST, RUNNING])
async def test_what_was_read_after_they_asked_is_given_to_all_who_waited_though_a_write_came_between(
    keeping: Keeping, period: str
) -> None:
    await open_tickets(keeping, report(period))
    cost = len(keeping.statements)
    await keeping.write()
    answers = await _while_written(keeping, report(period), 4)

    assert len(set(answers)) == 1
    assert len(keeping.statements) == cost
    assert keeping.answers.bytes_kept == 0  # it was not proven to be of one version

    await open_tickets(keeping, report(period))
    assert keeping.statements != []


async def _while_written(keeping: Keeping, document: str, times: int) -> list[bytes]:
    """The answers to so many who ask at once, for all of whom the store changes while the first is answered."""
    writer = await asyncpg.connect(keeping.desk.dsn)
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones IN ACCESS EXCLUSIVE MODE")
    keeping.statements.clear()
    asked = [
        asyncio.create_task(
            keeping.desk.request("POST", "/graphql", headers=keeping.bearer(Role.MANAGER), json={"query": document})
        )
        for _ in range(times)
    ]
    await until_somebody_waits(writer)
    await writer.execute("UPDATE deskgraph.data_version SET version = version + 1, changed_at = clock_timestamp()")
    await transaction.commit()
    await writer.close()
    found = await asyncio.gather(*asked)
    assert [one.json().get("errors") for one in found] == [None] * times
    return [one.content for one in found]


@pytest.mark.parametrize(("counts_to_now", "of_an_old_version", "made"), [(0, 0, 1), (1, 0, 2), (0, 1, 2)])
async def test_who_came_after_it_was_begun_is_given_only_what_cannot_be_of_before_they_asked(
    keeping: Keeping, counts_to_now: int, of_an_old_version: int, made: int
) -> None:
    question, begun, may_end = Question("who", "graphql", PAST), asyncio.Event(), asyncio.Event()
    calls: list[int] = []
    read = replace(await keeping.answers.versions.current(), number=-1)

    async def make(_: Abandon) -> tuple[int, Draft | None]:
        calls.append(len(calls))
        begun.set()
        await may_end.wait()
        lasting = Lasting(NOW, counts_to_now=bool(counts_to_now), versions={read} if of_an_old_version else frozenset())
        return calls[-1], Draft(str(len(calls)).encode(), "tag", lasting, Told())

    first = asyncio.create_task(keeping.answers.get(question, make))
    await begun.wait()
    late = [asyncio.create_task(keeping.answers.get(question, make)) for _ in range(2)]
    await asyncio.sleep(0)
    await keeping.answers.versions.current()  # they were told theirs before
    await keeping.write()
    may_end.set()
    given = [one.body if isinstance(one, Answer) else b"own" for one in await asyncio.gather(*late)]

    assert await first == 0
    assert len(calls) == made
    assert given == ([b"1", b"1"] if made == 1 else [b"own", b"2"])


async def test_under_more_than_can_be_answered_what_is_kept_is_given_and_the_rest_refused_before_any_work(
    keeping: Keeping,
) -> None:
    kept = await keeping.post(report(PAST))
    turns = keeping.desk.gateway.engine.turns
    async with AsyncExitStack() as crowd:
        for _ in range(turns.total):
            await crowd.enter_async_context(turns.turn(NOBODY, 1))
        turns.places = 0
        given = await keeping.post(report(PAST))
        refused = [await keeping.post(report(RUNNING)), await keeping.rest("summary", **MARCH)]
        assert turns.waiting == 0

    assert given.content == kept.content
    for answer in refused:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "UNAVAILABLE" in answer.text
    assert keeping.statements == []


async def test_who_asks_what_another_waits_to_have_worked_out_gets_that_answer_whatever_is_written_meanwhile(
    keeping: Keeping,
) -> None:
    question = Question("who", "graphql", PAST)

    async def make(_: Abandon) -> tuple[str, Draft | None]:
        return "own", Draft(b"all of it read after", "tag", Lasting(NOW), Told())

    with keeping.answers.leading(question), keeping.answers.leading(question):
        followed = asyncio.create_task(keeping.answers.following(question))
        await asyncio.sleep(0)
        await keeping.write()
        assert not followed.done()
        assert await keeping.answers.get(question, make) == "own"
        assert await keeping.answers.following(question) is None, (
            "it has begun: what it reads may be older than who comes"
        )
    with keeping.answers.leading(question):
        in_vain = asyncio.create_task(keeping.answers.following(question))
        await asyncio.sleep(0)

    found = await followed
    assert found is not None
    assert found.body == b"all of it read after"
    assert await in_vain is None
    assert not keeping.answers._awaited


async def test_one_who_goes_away_spoils_nothing_for_those_who_wait(keeping: Keeping) -> None:
    writer = await asyncpg.connect(keeping.desk.dsn)
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones IN ACCESS EXCLUSIVE MODE")
    first = asyncio.create_task(keeping.desk.graphql(report(PAST)))
    await until_somebody_waits(writer)
    others = [asyncio.create_task(keeping.desk.graphql(report(PAST))) for _ in range(3)]
    await asyncio.sleep(0.1)

    first.cancel()
    await transaction.rollback()
    await writer.close()

    answers = await asyncio.gather(*others)
    assert {answer.json()["data"]["report"]["summary"]["openTickets"]["value"] > 0 for answer in answers} == {True}


async def test_memory_is_bounded_in_bytes_and_the_least_recently_asked_goes_first(keeping: Keeping) -> None:
    async with keeping_over(keeping.desk.dsn, max_bytes=30_000) as small:
        for number in range(40):
            await small.post(f"# {number}\n{report(PAST)}")
            assert 0 < small.answers.bytes_kept <= 30_000

        await small.post(f"# 39\n{report(PAST)}")
        assert small.statements == []
        await small.post(f"# 0\n{report(PAST)}")
        assert small.statements != []

    async with keeping_over(keeping.desk.dsn, max_bytes=1_000) as none:
        first = await none.post(report(PAST))
        assert (await none.post(report(PAST))).content == first.content
        assert none.answers.bytes_kept == 0


async def test_a_get_request_is_conditional_and_a_post_is_not(keeping: Keeping) -> None:
    first = await keeping.get(report(PAST))
    tag = first.headers["etag"]

    unchanged = await keeping.get(report(PAST), If_None_Match=f'"other", W/{tag}')
    posted = await keeping.desk.request(
        "POST", "/graphql", headers={**keeping.bearer(Role.MANAGER), "If-None-Match": tag}, json={"query": report(PAST)}
    )
    nobody = await keeping.desk.request(
        "GET", "/graphql", None, headers={"If-None-Match": tag}, params={"query": report(PAST)}
    )
    await keeping.write(MARCH_10)
    changed = await keeping.get(report(PAST), If_None_Match=tag)

    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    assert unchanged.headers["vary"] == "Authorization, Accept"
    assert (posted.status_code, posted.content, "etag" in posted.headers) == (200, first.content, False)
    assert nobody.status_code == 401
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_without_a_cache_a_get_request_is_conditional_too(keeping: Keeping) -> None:
    async with desk_over(keeping.desk.dsn) as plain:
        first = await plain.request("GET", "/graphql", params={"query": report(PAST)})
        tag = first.headers["etag"]
        again = await plain.request("GET", "/graphql", params={"query": report(PAST)}, headers={"If-None-Match": tag})

    assert again.status_code == 304


async def test_what_is_kept_opens_no_door(keeping: Keeping) -> None:
    document = report(PAST)
    await keeping.post(document)
    client = await keeping.post(document, Role.CLIENT)
    expired = keeping.desk.gateway.identity.issue(VIEWERS[Role.MANAGER], timedelta(hours=-1))
    late = await keeping.desk.request(
        "POST", "/graphql", headers={"Authorization": f"Bearer {expired}"}, json={"query": document}
    )

    assert client.status_code == 403
    assert late.status_code == 401
    assert {record["outcome"] for record in await keeping.desk.records()} == {"OK", "FORBIDDEN", "UNAUTHENTICATED"}


async def test_a_stored_document_by_its_hash_is_the_same_question_as_its_text(keeping: Keeping) -> None:
    text = DOCUMENTS[ReportName.SUMMARY]
    body = {
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}},
        "variables": {"period": MARCH},
    }
    first = await keeping.post(text, Role.CLIENT, period=MARCH)
    took = len(keeping.statements)
    keeping.statements.clear()

    again = await keeping.desk.request("POST", "/graphql", headers=keeping.bearer(Role.CLIENT), json=body)

    assert took
    assert again.content == first.content
    assert keeping.statements == []


async def test_a_revoked_key_is_noticed_though_its_answer_is_kept(keeping: Keeping) -> None:
    identity = keeping.desk.gateway.identity
    at = [1_800_000_000.0]
    object.__setattr__(identity, "machines", Machines(keeping.desk.gateway.engine, lambda: at[0]))
    now = NOW.replace(year=2027)
    text = await api_keys.create(keeping.desk.dsn, "m", Viewer("m", Role.MANAGER), now, timedelta(days=365))
    asked = {"headers": {"Authorization": f"Bearer {text}"}, "json": {"query": report(PAST)}}

    answers = [await keeping.desk.request("POST", "/graphql", **asked) for _ in range(2)]
    assert await api_keys.revoke(keeping.desk.dsn, text.split("_")[1], now)
    at[0] += KEPT_SECONDS
    after = await keeping.desk.request("POST", "/graphql", **asked)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert after.status_code == 401


async def test_every_request_is_recorded_alike_but_for_what_it_cost(keeping: Keeping) -> None:
    fields = "agents(first: $first) { rows { agent { id } } }"
    document = f"query March($first: Int) {{ report(period: {PAST}) {{ {fields} }} }}"
    for _ in range(3):
        await keeping.post(document, first=7)
    for _ in range(2):
        await keeping.rest("agents", **MARCH)

    records = await keeping.desk.records()
    told = [
        {name: record[name] for name in record if name not in ("id", "request_id", "duration_ms", "statements", "at")}
        for record in records
    ]
    assert told[0] == told[1] == told[2]
    assert (told[0]["rows"], told[0]["operation"], told[0]["variables"]) == (7, "March", {"first": 7})
    assert told[3] == told[4]
    assert [record["statements"] > 0 for record in records] == [True, False, False, True, False]
    assert len({record["request_id"] for record in records}) == 5


def test_the_setting_turns_it_off_and_a_distributed_database_does_too() -> None:
    dsn = "postgresql://nobody@127.0.0.1:1/none"
    found = [
        Settings(database_url=dsn, jwt_secret=SECRET),
        Settings(database_url=dsn, jwt_secret=SECRET, response_cache_mb=0),
        Settings(database_url=dsn, jwt_secret=SECRET, database_walls=Walls.STATEMENT),
    ]

    assert [one.keeps_answers for one in found] == [True, False, False]


@pytest.mark.parametrize("field", ["subject", "expiresAt"])
async def test_who_asks_is_told_to_nobody_else(field: str, keeping: Keeping) -> None:
    document = f"{{ viewer {{ role {field} }} }}"
    mia, moe = VIEWERS[Role.MANAGER], Viewer("moe", Role.MANAGER)

    first = await keeping.post(document, mia)
    token = keeping.desk.gateway.identity.issue(moe, timedelta(hours=2))
    others = await keeping.desk.request(
        "POST", "/graphql", headers={"Authorization": f"Bearer {token}"}, json={"query": document, "variables": {}}
    )

    shown = [one.json()["data"]["viewer"][field] for one in (first, others)]
    assert shown[0] < shown[1]
    assert keeping.answers.bytes_kept == 0
    await keeping.post("{ viewer { role } }", mia)
    assert keeping.answers.bytes_kept > 0
