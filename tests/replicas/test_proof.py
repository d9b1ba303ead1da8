"""What a replica has to have told before it is read, and what takes its proof from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg

from db.replicas import PRIMARY, Replica, Replicas
from db.version import Version, Versions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNASKED = "postgresql://nobody@127.0.0.1:1/nowhere"


def version(number: int, branch: int = 0) -> Version:
    """A version of the store; those of another branch were written at other instants."""
    return Version(number, NOW - timedelta(hours=1) + timedelta(minutes=number, seconds=branch))


def replicas(names: str, *told: Version) -> Replicas:
    """Replicas of a primary that has told so far what is given, the last just now."""
    found = Replicas(Versions(UNASKED), [Replica(one, Versions(UNASKED)) for one in names], lambda: NOW, timedelta(1))
    found._told.extend((one, NOW) for one in told)
    return found


def read(found: Replicas) -> str:
    """Where an operation of now reads."""
    return found.choose(NOW).name


def test_replicas_that_may_be_read_take_turns() -> None:
    found = replicas("abc", version(1))
    for one in found.all:
        found._place(one, version(1))

    assert sorted(read(found) for _ in range(6)) == list("aabbcc")


def test_one_that_was_proven_and_went_on_by_itself_is_read_no_more() -> None:
    found = replicas("a", version(1), version(2))
    (one,) = found.all
    found._place(one, version(1))
    before = read(found)
    found._place(one, version(2, branch=1))

    assert (before, read(found)) == ("a", PRIMARY)
    assert one.fault == "it is no copy of the primary: it numbers another state alike"


def test_one_that_was_set_aside_has_to_prove_itself_anew() -> None:
    found = replicas("a", version(1), version(2))
    (one,) = found.all
    found._place(one, version(1))
    one.set_aside("it failed an operation")
    found._place(one, version(9, branch=1))
    stranger = read(found)
    found._place(one, version(2))

    assert (stranger, read(found)) == (PRIMARY, "a")


async def test_one_that_does_not_answer_is_read_no_more_however_fresh_it_was() -> None:
    found = replicas("ab", version(1), version(2))
    silent, other = found.all
    for one in found.all:
        found._place(one, version(1))
    before = {read(found) for _ in range(4)}

    await found.look_at(silent)  # nobody listens there
    found._place(other, version(2))

    assert before == {"a", "b"}
    assert {read(found) for _ in range(4)} == {"b"}
    assert found.choose(NOW).not_from == {"a": "it does not tell its version"}
    assert found.behind_seconds(NOW)["a"] is None


async def test_once_the_primary_was_restored_nothing_that_was_proven_before_is_read(database: str) -> None:
    owner = await asyncpg.connect(database)
    primary = Versions(database)
    found = replicas("a")
    found.primary = primary
    (one,) = found.all
    try:
        await owner.execute("UPDATE deskgraph.data_version SET version = 7, changed_at = clock_timestamp()")
        await found.look_at_primary()
        seen = found._told[-1][0]
        found._place(one, seen)
        before = read(found)
        await owner.execute("UPDATE deskgraph.data_version SET version = 3, changed_at = clock_timestamp()")
        await found.look_at_primary()
        at_once = read(found)
        found._place(one, seen)  # it follows the one of before
        later = read(found)
        found._place(one, await primary.current())
    finally:
        await primary.close()
        await owner.close()

    assert (before, at_once, later, read(found)) == ("a", PRIMARY, PRIMARY, "a")
