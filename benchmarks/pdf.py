"""How long a list of tickets takes as PDF, and how much memory: the gateway's own part, and the typesetter's."""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from collections.abc import Iterator

from rest_compat.export import pdf
from rest_compat.export.content import Content, Part, Row, batches_of
from rest_compat.export.options import Options
from rest_compat.export.tickets import COLUMNS

PERIOD = {"since": "2026-03-01T00:00:00+00:00", "until": "2026-04-01T00:00:00+00:00", "timezone": "UTC", "preset": None}
COVER = {
    "Period": "",
    "As of": "2026-04-15T12:00:30+00:00",
    "Data version": "7",
    "Made": "2026-04-15T12:00:30+00:00",
    "Made for": "mia, manager",
}


def content(rows: int) -> Content:
    """A list of so many tickets."""

    def listed() -> Iterator[Row]:
        for n in range(rows):
            at = f"2026-03-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00+00:00"
            yield {
                "id": f"T-202603{n:06}",
                "at": at,
                "createdAt": at,
                "status": "closed",
                "priority": "normal",
                "categoryName": f"Billing & Invoices {n % 12}",
                "agentName": f"Agent Number {n % 200}",
                "organizationName": f"Organization {n % 2000} Ltd",
                "subject": f"Invoice BI-{n:05} shows the wrong VAT number",
                "seconds": n * 97 % 400_000,
                "withinTarget": n % 7 > 0,
            }

    part = Part("tickets", "Tickets", COLUMNS, batches_of(COLUMNS, listed))
    head = {"report": "tickets", "period": PERIOD, "comparison": None}
    return Content("tickets", "Tickets", head, part, (part,), tuple(COVER.items()), (), "en", total=rows)


async def measured(rows: int) -> str:
    """A line of the table."""
    own, others = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    before = [resource.getrusage(one) for one in (own, others)]
    started = time.perf_counter()
    size = sum([len(piece) async for piece in pdf.write(content(rows), Options())])
    seconds = time.perf_counter() - started
    after = [resource.getrusage(one) for one in (own, others)]
    ours, theirs = (
        end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime for begin, end in zip(before, after, strict=True)
    )
    return (
        f"| {rows:,} | {seconds:.2f} | {ours:.2f} | {theirs:.2f} | {after[0].ru_maxrss // 1024} MB"
        f" | {after[1].ru_maxrss // 1024} MB | {size / 1e6:.2f} MB |"
    )


async def main(sizes: list[int]) -> None:
    """Prints the table."""
    print("| rows | seconds | own CPU | typesetter's CPU | own peak | typesetter's peak | file |")
    print("|---|---|---|---|---|---|---|")
    for rows in sizes:
        print(await measured(rows), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 100, 1000, 5000])
    asyncio.run(main(parser.parse_args().rows))
