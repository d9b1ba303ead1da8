"""How long an import takes beside a bare COPY of the same rows, and how much memory it needs.

    .venv/bin/python -m benchmarks.import_speed [--tickets 100000] [--events] [--policies] [--rounds 3] [--server DSN]

Without `--server` a PostgreSQL is embedded in a temporary folder; another server's role must be able to create
databases; two are made and dropped. The import reads a CSV file of the import format through the product's own
reader (`--reader plain`: the standard library's csv, for comparison). The bare COPY is a text COPY of the same values
into the indexed `tickets` (and `ticket_events`) tables. Every import is a process of its own, so that its peak memory
is its own. Figures are of one machine: take the ratio. An import keeps two cores busy, a COPY one. With `--events`
there are four a ticket; with `--policies` every ticket has a policy on the business clock of a calendar. All figures
stay per ticket.

    .venv/bin/python -m benchmarks.import_speed --rollups [--zones UTC] [--changed 1000] [--tickets 100000] [--rounds 3]

measures instead what it costs to keep the rollups: the import without them, then with those of some zones, in turns;
then an import of some changed tickets into each. Beside the seconds stand the processor seconds of the server and of
the import, which other work on the machine changes less.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from benchmarks.processors import postmaster, processor_seconds
from db import embedded, migrate
from db.domain import ActorKind, Channel, EventKind, Priority, Status
from db.grants import TABLES
from db.importing.records import EVENT_COLUMNS, TICKET_COLUMNS
from db.importing.tally import ImportSummary
from db.importing.writer import import_rows
from db.rollups.upkeep.settling import settle
from db.sources.files import open_source
from db.sources.rows import EventRow, Read, Reject, RowKind, RowSource, TicketRow

_START = datetime(2022, 1, 1, tzinfo=UTC)


def tickets(count: int) -> Iterator[dict[str, str]]:
    """Ticket rows of the import format, the same at every call."""
    dice = random.Random(7)
    for number in range(count):
        created = _START + timedelta(seconds=number * 63_072_000 // count)
        answered = created + timedelta(seconds=dice.randrange(60, 90_000))
        resolved = answered + timedelta(seconds=dice.randrange(60, 600_000))
        is_done = dice.random() < 0.9
        yield {
            "id": f"T-{number:08}",
            "created_at": created.isoformat(),
            "subject": f"Question {dice.randrange(1_000_000)} about an invoice",
            "organization": f"org-{dice.randrange(500)}",
            "requester": f"person-{dice.randrange(50_000)}@example.org",
            "category": f"cat-{dice.randrange(20)}",
            "priority": dice.choice([priority.word for priority in Priority]),
            "channel": dice.choice([channel.word for channel in Channel]),
            "status": dice.choice(["resolved", "closed"]) if is_done else dice.choice(["open", "pending"]),
            "team": f"team-{dice.randrange(12)}",
            "assignee": f"agent-{dice.randrange(200)}",
            "tags": "|".join({f"tag-{dice.randrange(40)}" for _ in range(dice.randrange(3))}),
            "first_response_at": answered.isoformat(),
            "first_responder": f"agent-{dice.randrange(200)}",
            "resolved_at": resolved.isoformat() if is_done else "",
            "updated_at": resolved.isoformat(),
        }


def events(count: int) -> Iterator[dict[str, str]]:
    """Four events for every ticket, the same at every call."""
    for ticket in tickets(count):
        created = datetime.fromisoformat(ticket["created_at"])
        agent = ticket["assignee"]
        for minutes, kind, before, after in (
            (1, "assigned", "", agent),
            (30, "public_reply", "", ""),
            (60, "status_changed", "open", "pending"),
            (600, "status_changed", "pending", "resolved"),
        ):
            at = (created + timedelta(minutes=minutes)).isoformat()
            yield {
                "ticket_id": ticket["id"],
                "at": at,
                "kind": kind,
                "actor": agent,
                "actor_kind": "agent",
                "from": before,
                "to": after,
            }


class PlainSource:
    """A folder read with nothing but the standard library."""

    name = "benchmark"
    fingerprint = "benchmark"
    prefers_columns = False
    size = 0
    done = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self) -> Iterator[Read | Reject]:
        with open(self._folder / "tickets.csv", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                yield Read(RowKind.TICKETS, "tickets.csv", line, _ticket(row))
        path = self._folder / "events.csv"
        if path.exists():
            with open(path, newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    yield Read(RowKind.EVENTS, "events.csv", line, _event(row))


def _ticket(row: dict[str, str]) -> TicketRow:
    return TicketRow(
        row["id"],
        datetime.fromisoformat(row["created_at"]),
        row["subject"],
        row["organization"],
        row["requester"],
        row["category"],
        _PRIORITIES[row["priority"]],
        _CHANNELS[row["channel"]],
        _STATUSES[row["status"]],
        row["team"],
        row["assignee"],
        tuple(row["tags"].split("|")) if row["tags"] else (),
        datetime.fromisoformat(row["first_response_at"]),
        row["first_responder"],
        datetime.fromisoformat(row["resolved_at"]) if row["resolved_at"] else None,
        None,
        None,
        None,
        None,
        datetime.fromisoformat(row["updated_at"]),
    )


def _event(row: dict[str, str]) -> EventRow:
    kind, actor_kind = EventKind[row["kind"].upper()], ActorKind[row["actor_kind"].upper()]
    at = datetime.fromisoformat(row["at"])
    return EventRow(row["ticket_id"], at, kind, row["actor"], actor_kind, row["from"] or None, row["to"] or None)


_PRIORITIES = {priority.word: priority for priority in Priority}
_CHANNELS = {channel.word: channel for channel in Channel}
_STATUSES = {status.word: status for status in Status}


def source_of(folder: Path, reader: str) -> RowSource:
    """The folder as a source of rows."""
    if reader == "plain":
        return PlainSource(folder)
    return open_source(folder, None)


CALENDAR = """[{"name": "default", "zone": "Europe/Berlin", "holidays": ["2022-12-26"], "spans": {
    "mon": [["08:00", "12:30"], ["13:30", "18:00"]], "tue": [["08:00", "18:00"]], "wed": [["08:00", "18:00"]],
    "thu": [["08:00", "18:00"]], "fri": [["08:00", "16:00"]]}}]"""
POLICIES = """name,match,first_response_seconds,resolution_seconds,clock,pause_on
urgent,priority=urgent,3600,14400,calendar,pending|on_hold
all,,14400,144000,business,pending|on_hold
"""


def write(folder: Path, count: int, *, with_events: bool, with_policies: bool) -> None:
    """Writes the files to import."""
    if with_policies:
        (folder / "calendars.json").write_text(CALENDAR)
        (folder / "sla_policies.csv").write_text(POLICIES)
    kinds = {"tickets": tickets, "events": events} if with_events else {"tickets": tickets}
    for name, rows in kinds.items():
        with open(folder / f"{name}.csv", "w", newline="") as file:
            first = next(rows(1))
            writer = csv.DictWriter(file, list(first))
            writer.writeheader()
            writer.writerows(rows(count))


def stored_ticket(number: int, row: dict[str, str]) -> list[object]:
    """A ticket's row as the table holds it."""
    values = {
        "organization_id": int(row["organization"][4:]) + 1,
        "id": number,
        "external_id": row["id"],
        "category_id": int(row["category"][4:]) + 1,
        "priority": int(_PRIORITIES[row["priority"]]),
        "channel": int(_CHANNELS[row["channel"]]),
        "status": int(_STATUSES[row["status"]]),
        "team_id": int(row["team"][5:]) + 1,
        "assignee_id": int(row["assignee"][6:]) + 1,
        "first_responder_id": int(row["first_responder"][6:]) + 1,
        "tag_ids": "{" + row["tags"].replace("tag-", "").replace("|", ",") + "}" if row["tags"] else "",
        "prefers_columns": "f",
        "import_run_id": 1,
    }
    return [values.get(column, row.get(column, "")) for column in TICKET_COLUMNS]


def stored_event(number: int, row: dict[str, str], organization: int) -> list[object]:
    """An event's row as the table holds it; `number` counts from 0 over all of them."""
    kind, actor_kind = EventKind[row["kind"].upper()], ActorKind[row["actor_kind"].upper()]
    ids = [organization, number // 4 + 1, number % 4]
    return [*ids, row["at"], int(kind), row["actor"], int(actor_kind), row["from"], row["to"]]


def as_csv(rows: Iterable[list[object]]) -> io.BytesIO:
    """Rows as a file that COPY reads."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


async def copied(dsn: str, count: int, *, with_events: bool) -> float:
    """Seconds a text COPY of the same rows takes into the indexed tables."""
    stored = [stored_ticket(number, row) for number, row in enumerate(tickets(count), start=1)]
    tables = [("tickets", TICKET_COLUMNS, as_csv(stored))]
    if with_events:
        told = (stored_event(n, row, int(str(stored[n // 4][0]))) for n, row in enumerate(events(count)))
        tables.append(("ticket_events", EVENT_COLUMNS, as_csv(told)))
    connection = await asyncpg.connect(dsn)
    try:
        started = time.perf_counter()
        for table, columns, data in tables:
            await connection.copy_to_table(table, schema_name="deskgraph", source=data, columns=columns, format="csv")
        return time.perf_counter() - started
    finally:
        await connection.close()


def read_only(source: RowSource) -> float:
    """Seconds it takes to read the rows and do nothing with them."""
    started = time.perf_counter()
    for _ in source.rows():
        pass
    return time.perf_counter() - started


def work(dsn: str, folder: Path, reader: str) -> None:
    """The child process: imports, prints what it took as JSON."""
    reading = read_only(source_of(folder, reader))

    async def run() -> ImportSummary:
        return await import_rows(
            dsn, source_of(folder, reader), on_reject=lambda reject: None, on_progress=lambda progress: None
        )

    before = time.process_time()
    summary = asyncio.run(run())
    cpu = time.process_time() - before
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's memory, too
    peak_kib = int(status.split("VmHWM:")[1].split()[0])
    taken = {"seconds": summary.seconds, "reading": reading, "cpu": cpu, "kib": peak_kib}
    print(json.dumps(taken))


async def measure(arguments: argparse.Namespace, folder: Path) -> None:
    """Prints one line a round."""
    count: int = arguments.tickets
    titles = ("round", "COPY us", "import us", "reading us", "own CPU us", "ratio", "RSS MB")
    print("".join(f"{title:>12}" for title in titles))
    ratios: list[float] = []
    for number in range(1, arguments.rounds + 1):
        copy_seconds, child = 0.0, {}
        for name in (f"bench_copy_{os.getpid()}", f"bench_import_{os.getpid()}"):
            administration = await asyncpg.connect(arguments.server)
            await administration.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await administration.execute(f"CREATE DATABASE {name}")
            dsn = arguments.server.rsplit("/", 1)[0] + "/" + name
            await migrate.upgrade(dsn)
            if name.startswith("bench_copy"):
                copy_seconds = await copied(dsn, count, with_events=arguments.events)
            else:
                command = [sys.executable, "-m", "benchmarks.import_speed", "--server", dsn]
                command += ["--work", str(folder), "--reader", arguments.reader]
                done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: ASYNC221 nothing else runs in this loop
                child = json.loads(done.stdout)
            await administration.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await administration.close()
        micros = 1e6 / count
        figures = [copy_seconds * micros, *(child[key] * micros for key in ("seconds", "reading", "cpu"))]
        figures += [child["seconds"] / copy_seconds, child["kib"] / 1024]
        ratios.append(child["seconds"] / copy_seconds)
        print(f"{number:>12}" + "".join(f"{figure:>12.1f}" for figure in figures), flush=True)
    print(f"median ratio {statistics.median(ratios):.1f}")


async def prepare(dsn: str, zones: Sequence[str]) -> None:
    """Makes the tables of an empty database, with rollups of some zones, or of none.

    They are vacuumed between the imports and not by the server, which would do it in either of them, or in none.
    """
    await migrate.upgrade(dsn)
    await settle(dsn, zones, lambda _: None)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as owner:
        for table in await owner.fetch(TABLES):
            await owner.execute(f"ALTER TABLE deskgraph.{table['relname']} SET (autovacuum_enabled = off)")


async def compare(arguments: argparse.Namespace, folder: Path, changed: Path) -> None:
    """Prints a line a round for a first import, and one for an import of changes: without rollups and with them."""
    titles = ("round", "import", "without s", "with s", "ratio", "cpu s", "with cpu s", "ratio", "RSS MB")
    print("".join(f"{title:>12}" for title in titles))
    ratios: dict[str, list[tuple[float, float]]] = {"first": [], "changes": []}
    for number in range(1, arguments.rounds + 1):
        taken: list[list[tuple[float, float, float]]] = []
        for zones in ((), tuple(arguments.zones.split(","))):
            name = f"bench_rollups_{os.getpid()}"
            administration = await asyncpg.connect(arguments.server)
            server = await postmaster(administration)
            await administration.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await administration.execute(f"CREATE DATABASE {name}")
            dsn = arguments.server.rsplit("/", 1)[0] + "/" + name
            await prepare(dsn, zones)
            figures = []
            for rows in (folder, changed):
                command = [sys.executable, "-m", "benchmarks.import_speed", "--server", dsn, "--work", str(rows)]
                before = processor_seconds(server)
                done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: ASYNC221 nothing else runs in this loop
                child = json.loads(done.stdout)
                cpu = processor_seconds(server) - before + child["cpu"]
                await migrate.tidy(dsn)
                figures.append((child["seconds"], cpu, child["kib"] / 1024))
            taken.append(figures)
            await administration.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await administration.close()
        for title, (seconds, cpu, _), (seconds_with, cpu_with, peak) in zip(ratios, *taken, strict=True):
            ratios[title].append((seconds_with / seconds, cpu_with / cpu))
            line = (seconds, seconds_with, seconds_with / seconds, cpu, cpu_with, cpu_with / cpu, peak)
            print(f"{number:>12}{title:>12}" + "".join(f"{one:>12.2f}" for one in line), flush=True)
    for title, found in ratios.items():
        told = [f"{statistics.median(column):.2f}" for column in zip(*found, strict=True)]
        print(f"median ratio of {title}: {told[0]} by seconds, {told[1]} by processor seconds")


def write_changes(folder: Path, count: int, changed: int) -> None:
    """Writes the tickets that have changed: some of all, solved, later than any."""
    with open(folder / "tickets.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(next(tickets(1))))
        writer.writeheader()
        step = max(1, count // changed)
        later = (_START + timedelta(days=1_000)).isoformat()
        for number, row in enumerate(tickets(count)):
            if number % step == 0:
                writer.writerow({**row, "status": "closed", "resolved_at": later, "updated_at": later})


def main() -> None:
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", help="a DSN; default: an embedded server")
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--events", action=argparse.BooleanOptionalAction, default=False)
    parser.add_argument("--policies", action=argparse.BooleanOptionalAction, default=False)
    parser.add_argument("--rollups", action="store_true", help="what keeping rollups costs")
    parser.add_argument("--zones", default="UTC", help="the zones of the rollups, with commas between them")
    parser.add_argument("--changed", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", choices=["product", "plain"], default="product")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.server, arguments.work, arguments.reader)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows"
        rows.mkdir()
        write(rows, arguments.tickets, with_events=arguments.events, with_policies=arguments.policies)
        changed = Path(folder) / "changed"
        changed.mkdir()
        write_changes(changed, arguments.tickets, arguments.changed)

        async def run() -> None:
            await (compare(arguments, rows, changed) if arguments.rollups else measure(arguments, rows))

        if arguments.server:
            asyncio.run(run())
            return
        with embedded.borrow(Path(folder) / "server") as running:
            arguments.server = running.server.dsn
            asyncio.run(run())


if __name__ == "__main__":
    main()
