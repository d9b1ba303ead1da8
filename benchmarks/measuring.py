"""Milliseconds of one client, and answers a second of many."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.contenders.questions import Answer, Contender, Question

_ENOUGH_SECONDS: Final = 4.0
"""A question that has taken so long is asked no more."""


_WARM_SECONDS: Final = 10.0


async def warm_up(contender: Contender, questions: Sequence[Question]) -> None:
    """Asks in turns for some seconds, each question once at least, as many have been asked of a server that runs."""
    started = time.perf_counter()
    while True:
        for question in questions:
            await contender.ask(question)
        if time.perf_counter() - started > _WARM_SECONDS:
            return


@dataclass(frozen=True)
class Timing:
    """How long a contender took for a question, and what it said."""

    ms: float
    """The median of the rounds."""
    answer: Answer


async def timing(contender: Contender, question: Question, rounds: int) -> Timing:
    """Asks in rounds, one after the other; the first does not count, unless it is slow enough to be all."""
    taken: list[float] = []
    came: Any = None
    async for seconds, came in _asked(contender, question, rounds + 1):  # noqa: B007 the last one is kept
        taken.append(seconds)
    counted = taken[1:] or taken
    return Timing(1000 * statistics.median(counted), contender.answer(question, came))


async def _asked(contender: Contender, question: Question, times: int) -> AsyncIterator[tuple[float, Any]]:
    whole = 0.0
    for _ in range(times):
        started = time.perf_counter()
        came = await contender.ask(question)
        seconds = time.perf_counter() - started
        yield seconds, came
        whole += seconds
        if whole > _ENOUGH_SECONDS:
            return


@dataclass(frozen=True)
class Rate:
    """What many clients got. `per_second` are the answers, `refused` those that were none, in all."""

    per_second: float
    refused: int


async def rate(contender: Contender, questions: Sequence[Question], clients: int, seconds: float) -> Rate:
    """What many clients get that ask the questions in turns.

    What was begun in time counts, and so does the time until the last of it is answered.
    """
    started = time.perf_counter()
    got: list[tuple[Question, Any]] = []

    async def keep_asking(client: int) -> None:
        turn = client
        while time.perf_counter() - started < seconds:
            question = questions[turn % len(questions)]
            got.append((question, await contender.ask(question, client)))
            turn += 1

    await asyncio.gather(*(keep_asking(client) for client in range(1, clients + 1)))
    taken = time.perf_counter() - started
    refused = sum(not _answers(contender, question, came) for question, came in got)
    return Rate((len(got) - refused) / taken, refused)


def _answers(contender: Contender, question: Question, came: Any) -> bool:
    try:
        contender.answer(question, came)
    except ValueError:
        return False
    return True
