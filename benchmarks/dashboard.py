"""One dashboard of a large desk: the gateway beside SQL by hand and beside a plain gateway.

    .venv/bin/python -m benchmarks.dashboard [--tickets 100000] [--server DSN] [--rounds 5] [--seconds 10]

The desk is filled once and kept: in the data folder of an embedded PostgreSQL, or in a database of `--server`. Times
are medians of one client and end with the last byte; of SQL by hand there is no server, so with the last row. Each is
asked everything for some seconds first, so that it is measured as one that runs. Ours
and SQL by hand must say the same, percentiles within the error that ours state: else the run fails. Ratios say how many
times faster we are: above 1 we are.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.contenders.by_hand import ByHand, by_hand
from benchmarks.contenders.equality import differences
from benchmarks.contenders.ours import Ours, ours
from benchmarks.contenders.plain import Plain, plain
from benchmarks.contenders.questions import CUTS, Contender, Question, Report, questions_of
from benchmarks.desk.store import ensure
from benchmarks.measuring import rate, timing, warm_up
from db import embedded

CLIENTS: Final = 16
PRESETS: Final = (1, 7, 30, 90, 365)
_SHOWN: Final = 5


@dataclass(frozen=True)
class Contenders:
    """All that take part, over one database."""

    ours: Ours
    by_hand: ByHand
    plain: Plain | None

    @property
    def all(self) -> Sequence[Contender]:
        """Those there are."""
        return [self.ours, self.by_hand, *([self.plain] if self.plain else [])]


@dataclass(frozen=True)
class Line:
    """A question, with what each took. Unit: milliseconds."""

    question: Question
    ours: float
    by_hand: float
    plain: float | None
    differences: tuple[str, ...]
    """Where ours and SQL by hand do not say the same."""

    @property
    def ratio(self) -> float:
        """Ours over SQL by hand."""
        return self.ours / self.by_hand


@asynccontextmanager
async def contenders(dsn: str, *, with_plain: bool) -> AsyncIterator[Contenders]:
    """Those who answer, started."""
    async with AsyncExitStack() as open_:
        yield Contenders(
            await open_.enter_async_context(ours(dsn)),
            await open_.enter_async_context(by_hand(dsn)),
            await open_.enter_async_context(plain(dsn)) if with_plain else None,
        )


async def lines(asked: Contenders, rounds: int) -> AsyncIterator[Line]:
    """Each question, answered by all, one after the other."""
    for cut in CUTS:
        for question in questions_of(cut):
            mine = await timing(asked.ours, question, rounds)
            theirs = await timing(asked.by_hand, question, rounds)
            slow = asked.plain if cut is CUTS[0] else None  # of the others it takes as long, and is no faster
            other = (await timing(slow, question, rounds)).ms if slow else None
            yield Line(question, mine.ms, theirs.ms, other, tuple(differences(mine.answer, theirs.answer)))


async def report(dsn: str, given: argparse.Namespace) -> bool:
    """Prints the tables; whether all numbers were equal."""
    different: list[str] = []
    async with contenders(dsn, with_plain=given.plain) as asked:
        for one in asked.all:
            await warm_up(one, [question for cut in CUTS for question in questions_of(cut)])
        print("| cut | report | ours, ms | SQL by hand, ms | by hand over ours | plain gateway, ms | plain over ours |")
        print("|---|---|---|---|---|---|---|")
        async for line in lines(asked, given.rounds):
            print(_row(line), flush=True)
            different += [f"{line.question.cut.name}, {one}" for one in line.differences]
        print()
        await _print_ends(asked.ours, given.rounds)
        if given.presets:
            different += [one async for one in _print_presets(asked, given.rounds)]
        if given.seconds:
            await _print_rates([asked.ours, asked.by_hand], given.seconds)
        servers = {one.name: one.server for one in (asked.ours, asked.plain) if one is not None}
        memory = ", ".join(f"{name} {server.resident_bytes() / 2**20:.0f} MB" for name, server in servers.items())
        print(f"Resident memory of the server's process: {memory}.")
    for one in different[:_SHOWN]:
        print("DIFFERENT:", one, file=sys.stderr)
    print(f"{len(different)} numbers differ." if different else "All numbers are equal.")
    return not different


def _row(line: Line) -> str:
    rest = ["-", "-"] if line.plain is None else [f"{line.plain:.1f}", f"{line.plain / line.ours:.1f}"]
    told = [line.question.cut.name, line.question.title, f"{line.ours:.1f}", f"{line.by_hand:.1f}"]
    return "| " + " | ".join([*told, f"**{1 / line.ratio:.1f}**", *rest]) + " |"


async def _print_presets(asked: Contenders, rounds: int) -> AsyncIterator[str]:
    """Reports of the whole desk over the last days, as presets have them; gives back what differs."""
    print("| last days | report | ours, ms | SQL by hand, ms | by hand over ours |")
    print("|---|---|---|---|---|")
    for days in PRESETS:
        for report in Report:
            if report is Report.CATEGORIES:  # by month: of years
                continue
            question = Question(CUTS[0], (report,), last_days=days)
            mine = await timing(asked.ours, question, rounds)
            theirs = await timing(asked.by_hand, question, rounds)
            told = f"{mine.ms:.1f} | {theirs.ms:.1f} | **{theirs.ms / mine.ms:.1f}**"
            print(f"| {days} | {report.value} | {told} |", flush=True)
            for one in differences(mine.answer, theirs.answer):
                yield f"{days} days, {one}"
    print()


async def _print_ends(asked: Contender, rounds: int) -> None:
    """The whole desk's reports once more over spans that end within a day, beside those that end at midnight."""
    print("| ours, of the whole desk | ends at midnight, ms | ends within a day, ms | ratio |")
    print("|---|---|---|---|")
    for question in questions_of(CUTS[0]):
        midnight = (await timing(asked, question, rounds)).ms
        within = (await timing(asked, replace(question, ends_within_a_day=True), rounds)).ms
        print(f"| {question.title} | {midnight:.1f} | {within:.1f} | **{within / midnight:.1f}** |", flush=True)
    print()


async def _print_rates(asked: Sequence[Contender], seconds: float) -> None:
    """Dashboards a second: of the whole desk, and of its cuts in turns."""
    print(f"| dashboards a second, {CLIENTS} clients | ours | of ours refused | SQL by hand | ours over SQL by hand |")
    print("|---|---|---|---|---|")
    for what, cuts in (("of the whole desk", CUTS[:1]), ("of its cuts in turns", CUTS[1:])):
        found = [await rate(one, [questions_of(cut)[0] for cut in cuts], CLIENTS, seconds) for one in asked]
        mine, theirs = found[0].per_second, found[1].per_second
        print(f"| {what} | {mine:.2f} | {found[0].refused} | {theirs:.2f} | **{mine / theirs:.1f}** |", flush=True)
    print()


async def run(server: str, given: argparse.Namespace) -> bool:
    """Fills the desk, where it is not there yet, and measures."""
    return await report(await ensure(server, given.tickets), given)


def main() -> None:
    """Reads the options and measures; exit code 1 where a number differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--server", help="a DSN whose role may create databases; default: an embedded PostgreSQL")
    parser.add_argument("--data", type=Path, default=Path("tmp/benchmark"), help="where that keeps its data")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10, help="of many clients at once; 0: not at all")
    parser.add_argument(
        "--presets", action="store_true", help="each report over the last 1, 7, 30, 90 and 365 days, too"
    )
    parser.add_argument("--plain", action=argparse.BooleanOptionalAction, default=True, help="the plain gateway, too")
    given = parser.parse_args()
    if given.server:
        equal = asyncio.run(run(given.server, given))
    else:
        given.data.parent.mkdir(parents=True, exist_ok=True)
        with embedded.borrow(given.data) as running:
            equal = asyncio.run(run(running.server.dsn, given))
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
