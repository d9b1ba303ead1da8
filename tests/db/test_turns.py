"""The fair queue in front of the pool."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.engine import Engine, PoolSettings
from db.errors import RateLimited, TooMuchAsked, Unavailable
from db.statement import Statement
from db.turns import _SHARE, NOBODY, Turns

SOON = 60.0
LONG = 3_600.0


async def take(turns: Turns, holder: str, came: list[str]) -> None:
    async with turns.turn(holder, SOON):
        came.append(holder)
        await asyncio.sleep(0)


async def test_who_asks_for_much_waits_for_itself_and_others_are_let_in_between() -> None:
    turns, came = Turns(total=2, each=1), list[str]()

    await asyncio.gather(*(take(turns, name, came) for name in "aaaaaabbcc"))

    assert Counter(came) == {"a": 6, "b": 2, "c": 2}
    assert set(came[:4]) == {"a", "b", "c"}
    assert came[-2:] == ["a", "a"]
    assert (turns.held, turns.waiting) == (0, 0)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", NOBODY]), st.integers(0, 3), st.booleans()), max_size=30),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_never_more_than_allowed_and_nothing_is_lost_whoever_gives_up(
    asked: list[tuple[str, int, bool]], total: int, each: int
) -> None:
    async def run() -> tuple[Turns, int]:
        turns, inside, done = Turns(total, each), Counter[str](), 0

        async def hold(holder: str, steps: int) -> None:
            nonlocal done
            async with turns.turn(holder, SOON):
                inside[holder] += 1
                assert inside.total() <= total
                assert holder == NOBODY or inside[holder] <= each
                try:
                    for _ in range(steps):
                        await asyncio.sleep(0)
                finally:
                    inside[holder] -= 1
            done += 1

        tasks = []
        for holder, steps, gives_up in asked:
            tasks.append(asyncio.create_task(hold(holder, steps)))
            await asyncio.sleep(0)
            if gives_up:
                tasks[len(tasks) // 2].cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [one for one in found if isinstance(one, AssertionError)]
        return turns, done + sum(isinstance(one, asyncio.CancelledError) for one in found)

    turns, ended = asyncio.run(run())

    assert ended == len(asked)
    assert (turns.held, turns.waiting) == (0, 0)


async def test_a_turn_that_does_not_come_is_told_and_leaves_no_trace() -> None:
    turns = Turns(total=1, each=1)
    async with turns.turn("a", SOON):
        with pytest.raises(TimeoutError):
            async with turns.turn("b", 0.01):
                raise AssertionError("it came")

    assert (turns.held, turns.waiting) == (0, 0)


async def test_one_viewer_with_fifty_heavy_statements_does_not_starve_another(database: str) -> None:
    engine = Engine(database, PoolSettings(connections=4, per_viewer=2))
    heavy_done = 0

    async def heavy() -> None:
        nonlocal heavy_done
        async with engine.snapshot(None, None, "analyst") as snapshot:
            await snapshot.fetch(Statement("SELECT pg_sleep(0.1)"))
        heavy_done += 1

    crowd = [asyncio.create_task(heavy()) for _ in range(50)]
    await asyncio.sleep(0.3)
    before = heavy_done
    for _ in range(10):  # a dashboard
        async with engine.snapshot(None, None, "manager") as snapshot:
            await snapshot.fetch(Statement("SELECT 1 AS one"))
    meanwhile = heavy_done - before
    await asyncio.gather(*crowd)
    await engine.close()

    assert meanwhile <= 10, "the dashboard waited for more than a few of the fifty"


async def test_who_finds_no_place_to_wait_is_told_at_once() -> None:
    turns = Turns(total=1, each=1, places=8)

    async with turns.turn("a", 1):
        waiting = [asyncio.create_task(hold(turns, holder)) for holder in "bbccddee"]
        await asyncio.sleep(0)
        own = turns.waiting
        with pytest.raises(Unavailable, match="More is asked"):
            await hold(turns, "f")
        assert turns.waiting == own == 8
    await asyncio.gather(*waiting)
    async with turns.turn("a", 1):
        mine = [asyncio.create_task(hold(turns, "b")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(RateLimited):  # a quarter of the places is one's own
            await hold(turns, "b")
        other = asyncio.create_task(hold(turns, "c"))
        await asyncio.sleep(0)
        assert turns.waiting == 3
    await asyncio.gather(*mine, other)

    assert (turns.held, turns.waiting) == (0, 0)


async def test_who_would_wait_for_long_by_the_pace_of_the_turns_is_told_at_once() -> None:
    turns = Turns(total=1, each=1)

    async def slow(holder: str) -> None:
        async with turns.turn(holder, LONG):
            await asyncio.sleep(0.05)

    await asyncio.gather(*(slow(f"early {number}") for number in range(20)))
    waiting = [asyncio.create_task(slow(f"b{number}")) for number in range(10)]
    waiting += [asyncio.create_task(slow("much")) for _ in range(10)]
    await asyncio.sleep(0)
    told: list[tuple[str, type[Exception], str]] = [
        ("new", TooMuchAsked, "More is asked"),
        ("much", RateLimited, "Others of your requests come first"),
    ]
    for holder, fault, words in told:
        with pytest.raises(fault, match=words):
            turns.require_place(holder, 1)  # ten turns of 50 ms are more than its share
        turns.require_place(holder, LONG)
    turns.require_place(NOBODY, 0.01)
    turns.require_place("new", 11 * turns.pace_seconds / _SHARE)  # behind one of whoever has many
    with pytest.raises(RateLimited):
        turns.require_place("much", 11 * turns.pace_seconds / _SHARE)  # behind all of its own
    await asyncio.gather(*waiting)

    assert (turns.held, turns.waiting) == (0, 0)
    turns.require_place("new", 0.01)  # whatever the pace was, there is a turn


async def test_who_is_refused_is_told_when_those_are_answered_who_wait_one_after_the_other() -> None:
    told: dict[float, list[int]] = {}
    for pace in (0.5, 2.5, 60.0):
        turns = Turns(total=1, each=1, _seconds=pace, _ended=1)
        async with turns.turn("a", 1):
            waiting = [asyncio.create_task(turns._wait(holder, 5)) for holder in "bcde"]
            await asyncio.sleep(0)
            told[pace] = []
            for _ in range(3):
                with pytest.raises(TooMuchAsked, match="Ask again in") as refused:
                    turns.require_place("f", 1)
                told[pace].append(refused.value.retry_after_seconds)
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    assert told == {0.5: [5, 5, 5], 2.5: [13, 15, 18], 60.0: [60, 60, 60]}, "each has an instant of its own"


async def test_a_pause_in_which_nobody_waited_is_no_pace() -> None:
    turns = Turns(total=1, each=1)

    for _ in range(3):
        async with turns.turn("a", SOON):
            await asyncio.sleep(0.05)

    assert turns.pace_seconds == 0


async def hold(turns: Turns, holder: str) -> None:
    """A turn, taken and given back."""
    async with turns.turn(holder, 5):
        pass


@pytest.mark.parametrize(
    ("ended", "seconds", "pace"),
    [(3, 0.9, 0.0), (15, 2.9, 0.0), (16, 1.6, 0.1), (2, 3.0, 1.5), (0, 5.0, 0.0)],
    ids=["the first end late", "nearly as many as are given out", "as many", "few in a long time", "none"],
)
def test_a_pace_is_that_of_many_turns_or_of_a_long_time(ended: int, seconds: float, pace: float) -> None:
    assert Turns(total=16, each=16, _ended=ended, _seconds=seconds).pace_seconds == pytest.approx(pace)
