"""How much memory a file of many rows takes: `python -m tests.rest_compat.large_export FORMAT ROWS COLUMNS`.

Prints the bytes at the peak, and those of the file. COLUMNS is `all` or `few`.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from collections.abc import AsyncGenerator, Sequence

from rest_compat.export.content import Batches, Cells, Content, Part
from rest_compat.export.formats import FORMATS
from rest_compat.export.options import Options
from rest_compat.export.tickets import COLUMNS

ROWS_A_BATCH = 500
FEW = (1, 15, 17)
"""The places of an instant, a text that differs in every row, and a number."""
HEAD = {
    "report": "tickets",
    "period": {"since": "2026-03-01T00:00:00+01:00", "until": "2026-04-01T00:00:00+02:00", "timezone": "Europe/Berlin"},
    "asOf": "2026-04-15T12:00:30+02:00",
}


def row(n: int) -> Cells:
    """Such as tickets have, each text its own."""
    at = f"2026-03-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00+01:00"
    return (
        *(f"T-{n}", at, at, "resolved", "normal", "email", f"C-{n % 50}", f"Category {n % 50}"),
        *("billing", "Billing", f"A-{n % 300}", f"Agent {n % 300}", f"O-{n % 900}", f"Organization {n % 900}"),
        *(
            "vip|late",
            f"The printer number {n} says {n * 7919 % 100_003}",
            f"requester {n}",
            n % 90_000,
            None,
            n % 2 == 0,
        ),
        *(at, "met", at, "missed", n % 5 + 1, None),
    )


def content_of(rows: int, columns: str) -> Content:
    """A content of so many rows, none of which is there before it is read."""
    places = range(len(COLUMNS)) if columns == "all" else FEW

    async def batches() -> Batches:
        for first in range(0, rows, ROWS_A_BATCH):
            made = [row(n) for n in range(first, min(first + ROWS_A_BATCH, rows))]
            yield [tuple(cells[place] for place in places) for cells in made]

    part = Part("tickets", "Tickets", tuple(COLUMNS[place] for place in places), batches)
    return Content("tickets", "Tickets", HEAD, part, (part,), (), (), "en", total=rows)


async def taken(chunks: AsyncGenerator[bytes]) -> int:
    """How many bytes there are; none is kept."""
    return sum([len(chunk) async for chunk in chunks])


def main(arguments: Sequence[str]) -> None:
    """Prints the peak of the memory."""
    form, rows, columns = arguments
    size = asyncio.run(taken(FORMATS[form].write(content_of(int(rows), columns), Options())))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, size)


if __name__ == "__main__":
    main(sys.argv[1:])
