"""How much machine a desk needs: the tables of docs/capacity.md, and whether the formulae hold.

    .venv/bin/python -m benchmarks.capacity           the tables
    .venv/bin/python -m benchmarks.capacity --check   the formulae beside a simulation and beside what was measured
    .venv/bin/python -m benchmarks.capacity --write   all of them into the pages

No database and no clock: the constants were measured by the other benchmarks (benchmarks/RESULTS.md), of which
`benchmarks.capacity_measuring` makes those that no other has.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.capacity_costs import AGENT, ORGANIZATION, WHOLE
from benchmarks.capacity_model import (
    CONNECTION_MB,
    FACTS,
    PROCESS_MB,
    Asked,
    Cost,
    Desk,
    Load,
    Machine,
    hot_bytes,
    import_hours,
    load,
    most_a_second,
    rebuild_hours,
    rollup_bytes,
    rows_a_second,
    store_bytes,
)
from benchmarks.capacity_simulation import Seen, clients_at_once, simulate

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
PAGES: Final = tuple(RESULTS.parents[1] / "docs" / name for name in ("capacity.md", "operations.md"))
MARKED: Final = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)
"""Where a page has a table."""
DESKS: Final = {
    "10 million": Desk(1e7, 2_000, 200, 300, open_dashboards=30),
    "100 million": Desk(1e8, 20_000, 2_000, 3_000, open_dashboards=300),
    "1 billion": Desk(1e9, 100_000, 10_000, 20_000, open_dashboards=2_000, zones=2),
}
ROLLUPS_GB: Final = {100_000: 0.465, 1_000_000: 0.9}
"""Of one zone, with 200 agents: the first by `benchmarks.capacity_measuring`, the second in RESULTS.md."""
BUSY: Final = 0.7
"""How much of its cores a station should have to do at most, lest requests wait as long as they take."""
GB: Final = 1e9


def kinds_of(desk: Desk) -> tuple[Asked, ...]:
    """Who asks: a tenth managers, of the whole desk with some usual filters; six tenths leads and agents, each of an
    agent; three tenths clients, each of an organization; and the dashboards that are open are asked at each write."""
    a_second = desk.viewers * desk.dashboards_an_hour / 3600
    facts = desk.tickets * FACTS
    return (
        Asked("the whole desk", WHOLE, 0.1 * a_second, 30, facts),
        Asked("an agent", AGENT, 0.6 * a_second, min(desk.agents, 0.6 * desk.viewers), facts / desk.agents),
        Asked(
            "an organization", ORGANIZATION, 0.3 * a_second, min(desk.organizations, 0.3 * desk.viewers),
            facts / desk.organizations,
        ),
        Asked("open", WHOLE, desk.open_dashboards * desk.versions_a_second, 1e9, facts),
    )  # fmt: skip


def cores_needed(desk: Desk) -> Machine:
    """The fewest server processes and database cores that have at most `BUSY` of their time to work."""
    machine = Machine(1, 1)
    while True:
        found = load(kinds_of(desk), desk.versions_a_second, machine)
        if found.python_cores > BUSY * machine.processes:
            machine = replace(machine, processes=machine.processes + 1)
        elif found.database_cores > BUSY * machine.database_cores:
            machine = replace(machine, database_cores=machine.database_cores + 1)
        else:
            return machine


def table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _loads() -> dict[str, tuple[Desk, Machine, Load]]:
    found = {}
    for name, desk in DESKS.items():
        machine = cores_needed(desk)
        found[name] = desk, machine, load(kinds_of(desk), desk.versions_a_second, machine)
    return found


def sizing() -> str:
    """What each desk needs."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name, (desk, machine, found) in _loads().items():
            memory = PROCESS_MB * machine.processes / 1e3 + 4 * machine.processes * CONNECTION_MB / 1e3
            yield (
                name,
                f"{desk.tickets_a_day:,.0f}",
                f"{desk.organizations:,} / {desk.agents:,} / {desk.viewers:,} / {desk.open_dashboards:,}",
                f"{found.statements_a_second:,.0f}",
                f"{found.bytes_a_second / 1e6:,.1f} MB",
                f"{machine.processes} + {machine.database_cores}",
                f"{memory:,.1f} + {_gigabytes(hot_bytes(desk))} GB",
                f"{_gigabytes(store_bytes(desk))} GB",
            )

    head = (
        "| tickets | a day | organizations / agents / viewers / open dashboards | statements a second | bytes a second "
        "| cores: server + database | memory: server + hot pages | store |"
    )
    return table(head, rows())


def parts() -> str:
    """What the store is made of, and what is to be waited for."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name, (desk, _, found) in _loads().items():
            whole, _, organization, _ = kinds_of(desk)
            yield (
                name,
                f"{_gigabytes(rollup_bytes(desk))} GB ({desk.zones})",
                f"{100 * found.hits:.0f} %",
                f"{whole.cost.python_ms + 1e3 * whole.database_seconds:,.0f} ms",
                f"{organization.cost.python_ms + 1e3 * organization.database_seconds:,.0f} ms",
                f"{rows_a_second(desk):,.0f}",
                f"{import_hours(desk):,.1f} h",
                f"{rebuild_hours(desk):,.1f} h",
            )

    head = (
        "| tickets | rollups (zones) | answered from what is kept | a dashboard of all | of one organization "
        "| rows written a second, at most | first import, 2 cores | rollups anew |"
    )
    return table(head, rows())


def kept() -> str:
    """How many answers are kept, by how often the store changes."""
    paces = {"every 5 seconds": 0.2, "every minute": 1 / 60, "every hour": 1 / 3600, "every night": 1 / 86_400}

    def rows() -> Iterator[tuple[str, ...]]:
        for name, desk in DESKS.items():
            found = []
            for pace in paces.values():
                paced = replace(desk, versions_a_second=pace)
                own = load(kinds_of(paced), pace, cores_needed(paced))
                found.append(f"{100 * own.hits:.0f} %, {own.python_cores:,.1f} + {own.database_cores:,.1f}")
            yield name, *found

    return table(f"| tickets | {' | '.join(paces)} |", rows())


def _gigabytes(number: float) -> str:
    return f"{number / GB:,.0f}" if number > 10 * GB else f"{number / GB:,.1f}"


# -- whether it holds --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """A number by the formulae and by another way."""

    what: str
    unit: str
    formula: float
    other: float

    @property
    def off(self) -> float:
        """How far the formula is from it, relatively."""
        return self.formula / self.other - 1


def against_simulation(name: str, seconds: float = 400.0, seed: int = 1) -> Iterator[Compared]:
    """A desk's load by the formulae, and as it was seen in a simulation of it."""
    desk, kinds = DESKS[name], kinds_of(DESKS[name])
    machine = cores_needed(desk)
    by_formula: Load = load(kinds, desk.versions_a_second, machine)
    seen: Seen = simulate(kinds, desk.versions_a_second, machine, seconds, seed)
    for what, unit in (
        ("asked_a_second", "a second"), ("worked_out_a_second", "a second"), ("statements_a_second", "a second"),
        ("python_cores", "cores"), ("database_cores", "cores"), ("wait_ms", "ms"),
    ):  # fmt: skip
        yield Compared(f"{name}: {what.replace('_', ' ')}", unit, vars(by_formula)[what], vars(seen)[what])


def measured(results: str, tickets: int) -> dict[str, float]:
    """The milliseconds of each cut's dashboard, and the dashboards a second, of a desk in RESULTS.md."""
    (text,) = re.findall(rf"^{tickets:,} tickets \([\d.]+ million facts, .*?(?=^[\d,]+ tickets \(|^Where the time)",
                         results.split("from rollups")[1], re.M | re.S)  # fmt: skip
    found = {
        cut: float(ms)
        for cut, ms in re.findall(r"^\| ([\w ]+) \| \*\*dashboard: all of them\*\* \| ([\d.]+)", text, re.M)
    }
    found["a second"] = float(re.findall(r"^\| of the whole desk \| ([\d.]+)", text, re.M)[0])
    found["GB"] = float(re.findall(r"facts, (\d+) GB", text)[0])
    return found


def against_measured(results: str) -> Iterator[Compared]:
    """What the formulae say of the benchmarks' desks, beside their tables."""
    here = Machine(1, 1)
    for tickets, gigabytes in ROLLUPS_GB.items():
        formula = rollup_bytes(Desk(tickets, 2_000, 200, 1)) / GB
        yield Compared(f"rollups of a zone, {tickets:,}", "GB", formula, gigabytes)
    for tickets in (1_000_000, 10_000_000):
        told = measured(results, tickets)
        desk = Desk(tickets, 2_000, 200, 1)
        facts = tickets * FACTS
        yield Compared(f"store, {tickets:,}", "GB", store_bytes(desk) / GB, told["GB"])
        scopes: dict[str, tuple[Cost, float]] = {
            "the whole desk": (WHOLE, facts),
            "one agent": (AGENT, facts / 200),
            "one organization": (ORGANIZATION, facts / 2_000),
        }
        for cut, (cost, own) in scopes.items():
            ms = cost.python_ms + 1e3 * cost.database_seconds(own)
            yield Compared(f"dashboard of {cut}, {tickets:,}", "ms", ms, told[cut])
        yield Compared(
            f"dashboards of 16 clients, {tickets:,}",
            "a second",
            most_a_second(WHOLE, facts, here, 16),
            told["a second"],
        )


def closed(tickets: int = 1_000_000) -> Compared:
    """What sixteen clients get who ask without a pause: by the formula, and simulated."""
    seconds = WHOLE.python_ms / 1e3, WHOLE.database_seconds(tickets * FACTS)
    machine = Machine(1, 1)
    by_formula = most_a_second(WHOLE, tickets * FACTS, machine, 16)
    return Compared("16 clients", "a second", by_formula, clients_at_once(seconds, machine, 16, 60.0, 1))


def comparison(lines: Iterator[Compared], other: str) -> str:
    """The lines as a table."""
    rows = ((one.what, one.unit, _shown(one.formula), _shown(one.other), f"{100 * one.off:+.0f} %") for one in lines)
    return table(f"| what | unit | formula | {other} | off |", rows)


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def tables() -> dict[str, str]:
    """The tables of docs/capacity.md, by the names under which they stand there."""

    def simulated() -> Iterator[Compared]:
        for name in DESKS:
            yield from against_simulation(name, 400.0 if name == "10 million" else 40.0)
        yield closed()

    return {
        "sizing": sizing(),
        "parts": parts(),
        "kept": kept(),
        "simulated": comparison(simulated(), "simulation"),
        "measured": comparison(against_measured(RESULTS.read_text()), "measured"),
    }


def main() -> None:
    """Prints the tables, those of a page or those that compare."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--check", action="store_true")
    given.add_argument("--write", action="store_true")
    asked = given.parse_args()
    found = tables()
    if asked.write:
        for page in PAGES:
            page.write_text(MARKED.sub(lambda mark: f"{mark[1]}{found[mark[2]]}\n{mark[4]}", page.read_text()))
        return
    for name, text in found.items():
        if (name in ("simulated", "measured")) == asked.check:
            print(f"{name}\n\n{text}\n")


if __name__ == "__main__":
    main()
