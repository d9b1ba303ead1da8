"""Values that remember their hash: equal ones have the same, and it is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from db import catalog
from db.frozen import hashed_once
from db.metric import Between, Column, Metric, Partial, Rows


class Counting:
    """Something that counts how often its hash is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __hash__(self) -> int:
        self.asked += 1
        return 7

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counting)


@hashed_once
@dataclass(frozen=True)
class Held:
    """A value that holds something."""

    part: object
    number: int = 0


def test_a_hash_is_worked_out_once() -> None:
    part = Counting()
    held = Held(part)

    assert len({hash(held) for _ in range(3)}) == 1
    assert part.asked == 1


def test_equal_values_have_one_hash_and_others_their_own() -> None:
    held = Held(Counting())
    hash(held)

    other = replace(held, number=1)

    assert {held, Held(Counting())} == {held}
    assert other != held
    assert hash(other) != hash(held)
    assert repr(replace(other, number=0)) == repr(Held(held.part))


@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda metric: metric.name)
def test_a_partial_made_anew_finds_the_one_of_the_catalogue(metric: Metric) -> None:
    for partial in metric.partials:
        anew = Partial(partial.kind, Rows(partial.rows.source, partial.rows.where))

        assert {partial: metric}[anew] is metric
        assert anew != Partial(partial.kind, partial.rows.also(Between(Column.SCORE, 0, None)))
