"""docs/performance.md names the rollups that there are, by what they are, in the blocks that they have."""

from __future__ import annotations

import re
from typing import Final

from db.query import Dimension
from db.rollups.blocks import SIZES
from db.rollups.cuboids import CUBOIDS
from tests.stores import ROOT

PAGE: Final = (ROOT / "docs" / "performance.md").read_text()
WORDS: Final = {Dimension.DAY_OF_WEEK: "weekday", Dimension.HOUR_OF_DAY: "hour of day"}


def test_the_page_has_every_rollup_smallest_first() -> None:
    found = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.M)

    by = {one.name: [WORDS.get(dimension, dimension.value) for dimension in one.dimensions] for one in CUBOIDS}
    assert found == [(name, ", ".join(dimensions) or "nothing") for name, dimensions in by.items()]


def test_the_page_has_the_sizes_of_blocks() -> None:
    *sizes, last = (f"{size:,}" for size in SIZES)

    assert f"blocks of {', '.join(sizes)} and {last} days" in " ".join(PAGE.split())
