"""Capacity on paper holds: a simulation sees what the formulae say, and so did the benchmarks; pages show no other."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from benchmarks.capacity import (
    BUSY,
    DESKS,
    MARKED,
    PAGES,
    RESULTS,
    against_measured,
    against_simulation,
    closed,
    cores_needed,
    kinds_of,
    measured,
    tables,
)
from benchmarks.capacity_costs import WHOLE
from benchmarks.capacity_model import Asked, Machine, hit_share, load
from benchmarks.capacity_simulation import simulate


@pytest.mark.parametrize("seed", [2, 3])
def test_a_simulated_desk_has_the_load_that_the_formulae_say(seed: int) -> None:
    for one in against_simulation("100 million", 40.0, seed):
        assert abs(one.off) < (0.35 if one.unit == "ms" else 0.1), one


@pytest.mark.parametrize("pace", [0.02, 0.2, 2.0])
def test_as_many_answers_are_kept_as_the_formula_says_whatever_the_pace_of_writes(pace: float) -> None:
    kind = Asked("all", replace(WHOLE, python_ms=1, database_ms=1), 40.0, 20, 0.0)
    machine = Machine(2, 2)

    seen = simulate((kind,), pace, machine, 400.0, seed=4)

    assert seen.hits == pytest.approx(hit_share(kind, pace, machine.processes), abs=0.03)
    assert 0.2 < seen.hits < 0.99


def test_clients_who_ask_without_a_pause_get_what_the_narrowest_station_gives() -> None:
    assert abs(closed().off) < 0.05


def test_more_than_a_machine_can_do_is_an_endless_wait_and_one_core_less_than_needed_is_too_busy() -> None:
    desk = DESKS["100 million"]
    kinds, machine = kinds_of(desk), cores_needed(desk)
    fewer = replace(machine, processes=machine.processes - 1)

    assert load(kinds, desk.versions_a_second, Machine(1, 1)).wait_ms == math.inf
    assert load(kinds, desk.versions_a_second, machine).python_cores <= BUSY * machine.processes
    assert load(kinds, desk.versions_a_second, fewer).python_cores > BUSY * fewer.processes


def test_the_formulae_say_what_was_measured_of_one_and_ten_million_tickets() -> None:
    """Times were of a machine that did other work too; of the clients beside the server the formula knows nothing."""
    most = {"store": 0.1, "rollups": 0.4, "dashboard": 0.35, "dashboards": 1.2}

    for one in against_measured(RESULTS.read_text()):
        assert abs(one.off) < most[re.split("[ ,]", one.what)[0]], one


def test_the_measured_figures_are_those_of_the_tables() -> None:
    assert measured(RESULTS.read_text(), 10_000_000)["one organization"] == 1417.5


@pytest.mark.parametrize(("name", "table"), tables().items(), ids=list(tables()))
def test_the_pages_show_the_tables_that_the_command_prints(name: str, table: str) -> None:
    shown = {found[3] for page in PAGES for found in MARKED.finditer(page.read_text()) if found[2] == name}

    assert shown == {table + "\n"}
