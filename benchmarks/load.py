"""Many clients at once, with a writer beside them: is every answer right, and does the server stay what it was?

`make load`: 2,000 connections that are kept, for five minutes, of 300 people of all roles, against `deskgraph serve`
as it comes, over the demo data; each client asks again as soon as it is answered, and three seconds after it was
refused, which is sooner than `Retry-After` says (with `--polite`: when it says). Beside them an import changes forty
tickets again and again, between two states. What each question's answer is in either state was asked before; every
answer states the version of the store that it is of, so that it is right or wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import orjson
import psutil
import uvloop

from benchmarks.load_client import Broken, Client
from benchmarks.load_questions import OF_DEMO, QUESTIONS, Cast, Question, still, viewers
from benchmarks.load_result import Came, Held, Result, Spent, lines
from db import embedded, migrate
from db.importing.writer import import_rows
from db.rollups.upkeep.settling import settle
from db.sources.demo import demo
from db.sources.files import open_source
from schema.identity import Identity
from schema.tokens import SharedSecret

ROOT: Final = Path(__file__).parents[1]
SECRET: Final = "a secret for the load alone, of 32 bytes"
STATES: Final = ("low", "urgent")
"""The priority that the writer's tickets have, in turns."""
CHANGED: Final = 40
IMPATIENT_SECONDS: Final = 3.0
"""How long a client waits at most when it is told to come later, on a connection that is kept."""
POLITE_SECONDS: Final = 3_600.0
"""The same of one that comes when it is told to."""
_TICK_SECONDS: Final = 0.1
_LOOKS: Final = 600
"""At whether the server has recovered."""
_RATES: Final = {"DESKGRAPH_REQUESTS_PER_MINUTE": "0", "DESKGRAPH_EXPORTS_PER_MINUTE": "0"}


@dataclass
class Writer:
    """Changes some tickets again and again, and knows which state each version of the store has."""

    dsn: str
    folder: Path
    cast: Cast
    state_of: dict[int, int] = field(default_factory=dict)
    """By version."""
    written: int = 0

    async def write(self) -> None:
        """One import: all of them change at once."""
        cast, state = self.cast, self.written % len(STATES)
        at = datetime.now(UTC).isoformat()
        rows = [
            f"L-{number},2026-03-10T0{number % 10}:00:00Z,{cast.organization},{cast.category},{STATES[state]},email,"
            f"open,{cast.team},{cast.agent},{at}"
            for number in range(CHANGED)
        ]
        head = "id,created_at,organization,category,priority,channel,status,team,assignee,updated_at"
        (self.folder / "tickets.csv").write_text("\n".join([head, *rows, ""]))
        await import_rows(self.dsn, open_source(self.folder, None), on_reject=_refuse, on_progress=lambda _: None)
        self.written += 1
        self.state_of[await self.version()] = state

    async def version(self) -> int:
        """The store's."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return int(await connection.fetchval("SELECT version FROM deskgraph.data_version"))
        finally:
            await connection.close()

    async def go_on(self) -> None:
        """Until it is cancelled."""
        while True:
            await self.write()
            await asyncio.sleep(1)


def _refuse(reject: object) -> None:
    raise AssertionError(f"the writer's rows are bad: {reject}")


@dataclass
class Load:
    """The clients, and what they know."""

    port: int
    tokens: dict[object, list[str]]
    most_wait_seconds: float
    """How long a client waits at most that is told to come later."""
    right: list[dict[Question, bytes]] = field(default_factory=lambda: [{} for _ in STATES])
    came: Came = field(default_factory=Came)
    ends_at: float = 0.0
    """By the clock that does not jump."""

    def client(self) -> Client:
        """A connection."""
        return Client("127.0.0.1", self.port)

    async def learn(self, state: int) -> None:
        """Takes in what every question's answer is, in a state."""
        client = self.client()
        for question in QUESTIONS:
            answer = await client.ask(question.sent("desk", self.tokens[question.role][0]))
            assert answer.status == 200, answer
            assert b'"errors"' not in answer.body, answer.body[:500]
            self.right[state][question] = still(answer.body)[1]
        client.close()

    async def keep_asking(self, seed: int) -> None:
        """One client."""
        dice, client = random.Random(seed), self.client()
        await asyncio.sleep(dice.random() * 2)
        while (left := self.ends_at - time.perf_counter()) > 0:
            question = dice.choice(QUESTIONS)
            wait = await self._ask(client, question, dice.choice(self.tokens[question.role]))
            await asyncio.sleep(min(wait, left))
        client.close()

    async def _ask(self, client: Client, question: Question, token: str) -> float:
        """How long to wait after it."""
        started = time.perf_counter()
        try:
            answer = await client.ask(question.sent("desk", token))
        except (Broken, TimeoutError) as fault:
            self.came.wrong.append(f"{question.name} of a {question.role.value}: {fault!r}")
            return 1.0
        took = time.perf_counter() - started
        code = code_of(answer.status, answer.body)
        if code is not None:
            self.came.told[f"{answer.status} {code}"] += 1
            self.came.slowest_refusal = max(self.came.slowest_refusal, took)
            return min(float(answer.headers.get("retry-after", 1)), self.most_wait_seconds)
        if answer.status != 200:
            self.came.wrong.append(f"{question.name} of a {question.role.value}: {answer.status} {answer.body[:300]!r}")
            return 1.0
        version, rest = still(answer.body)
        self.came.seconds[question.name].append(took)
        self.came.to_be_checked[question, version, rest] += 1
        return 0.0

    async def recover(self) -> None:
        """Notes how long one who asks anew waits until it is answered."""
        started, client = time.perf_counter(), self.client()
        question = QUESTIONS[0]
        for _ in range(_LOOKS):
            if (await client.ask(question.sent("desk", self.tokens[question.role][0]))).status == 200:
                break
            await asyncio.sleep(_TICK_SECONDS)
        self.came.recovered_seconds = time.perf_counter() - started
        client.close()

    async def watch_lag(self) -> None:
        """Notes how late a clock of the clients' process comes, until it is cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_TICK_SECONDS)
            self.came.lag_seconds = max(self.came.lag_seconds, time.perf_counter() - began - _TICK_SECONDS)

    def check(self, state_of: dict[int, int]) -> None:
        """Compares every answer with what is right in the version that it states."""
        for (question, version, rest), count in self.came.to_be_checked.items():
            state = state_of.get(version)
            if state is None or self.right[state][question] != rest:
                self.came.wrong += [f"{question.name} of a {question.role.value}, version {version}: wrong"] * count


def code_of(status: int, body: bytes) -> str | None:
    """The code of an error that says that the server cannot now; None for everything else."""
    if status == 200 and not body.startswith(b'{"data":null') and b'"errors":[' not in body[-4000:]:
        return None
    found = orjson.loads(body)
    codes = {one["extensions"]["code"] for one in found.get("errors", ()) if "extensions" in one} or {found.get("code")}
    return ",".join(sorted(codes)) if codes <= {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"} else None


@asynccontextmanager
async def serving(dsn: str, log: Path) -> AsyncIterator[tuple[int, int]]:
    """`deskgraph serve` as it comes; its port and its process. Rates are off: a viewer is many clients here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = {"DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_EXPORT_WORKERS": "0", **_RATES}
    given |= {"DESKGRAPH_PORT": str(port), "DESKGRAPH_LOG_LEVEL": "warning"}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", cwd=ROOT, env={**os.environ, **given}, stdout=out, stderr=out
        )
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            await asyncio.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 60)


async def held(port: int, pid: int, dsn: str) -> Held:
    """What the server holds at present."""
    client = Client("127.0.0.1", port)
    told = (await client.ask(b"GET /metrics HTTP/1.1\r\nHost: desk\r\n\r\n")).body.decode()
    client.close()
    gauges = dict(line.rsplit(" ", 1) for line in told.splitlines() if line and line[0] != "#")
    owner = await asyncpg.connect(dsn)
    connections = await owner.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ '^deskgraph'"
    )
    await owner.close()
    process = psutil.Process(pid)
    memory = process.memory_info().rss / 2**20
    tasks, waiting = float(gauges["deskgraph_tasks"]), float(gauges["deskgraph_pool_waiting"])
    return Held(memory, process.num_fds(), int(connections), tasks, waiting)


async def loaded(
    dsn: str,
    folder: Path,
    clients: int,
    seconds: float,
    cast: Cast = OF_DEMO,
    most_wait_seconds: float = IMPATIENT_SECONDS,
) -> Result:
    """What so many clients meet in so many seconds. `folder`: where the writer and the server may write."""
    identity = Identity(SharedSecret(SECRET))
    (folder / "changes").mkdir()
    writer = Writer(dsn, folder / "changes", cast)
    async with serving(dsn, folder / "log") as (port, pid):
        load = Load(port, dict(viewers(identity, timedelta(hours=2), cast)), most_wait_seconds)
        for state in range(len(STATES)):
            await writer.write()
            await load.learn(state)
        before, begun = await held(port, pid, dsn), await Spent.so_far(pid, dsn)
        beside = [asyncio.create_task(one) for one in (writer.go_on(), load.watch_lag())]
        started = time.perf_counter()
        load.ends_at = started + seconds
        asking = [asyncio.create_task(load.keep_asking(number)) for number in range(clients)]
        await asyncio.sleep(seconds)
        spent = (await Spent.so_far(pid, dsn)).since(begun)
        await asyncio.gather(load.recover(), *asking)
        took = time.perf_counter() - started
        for one in beside:
            one.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        if writer.written % len(STATES) != len(writer.state_of) % len(STATES):
            writer.state_of[await writer.version()] = writer.written % len(STATES)
        await asyncio.sleep(1)
        after = await held(port, pid, dsn)
    load.check(writer.state_of)
    return Result(load.came, clients, took, len(writer.state_of), before, after, spent)


async def _main(clients: int, seconds: float, most_wait_seconds: float) -> int:
    """Over an embedded database of its own."""
    with tempfile.TemporaryDirectory(prefix="deskgraph-load-") as place:
        folder = Path(place)
        with embedded.start(folder / "data") as running:
            dsn = running.server.dsn
            await migrate.upgrade(dsn)
            await settle(dsn, ("UTC",), lambda _: None)
            await import_rows(dsn, demo(date(2026, 10, 1)), on_reject=_refuse, on_progress=lambda _: None)
            result = await loaded(dsn, folder, clients, seconds, most_wait_seconds=most_wait_seconds)
            sys.stderr.write((folder / "log").read_text()[-2000:])
    print("\n".join(lines(result)))
    for told in result.faults[:10]:
        sys.stderr.write(f"{told}\n")
    return 1 if result.faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--polite", action="store_true", help="come again when Retry-After says, not sooner")
    given = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        wait = POLITE_SECONDS if given.polite else IMPATIENT_SECONDS
        sys.exit(runner.run(_main(given.clients, given.seconds, wait)))
