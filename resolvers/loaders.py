"""Where fields hand in their keys, and the only place that fetches: aiodataloaders of cuts, of tickets, of names.

All cuts that an operation's fields ask for in one go become one plan and one snapshot; so do all lists of tickets,
and all pickers, a statement each.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from aiodataloader import DataLoader

from db import directory
from db.access import Scope, Viewer
from db.compile import compile_query
from db.compile_tickets import compile_every_ticket, compile_tickets
from db.directory import Entity
from db.engine import Engine, Observer, Snapshot
from db.errors import DeskgraphError, ReplicaLost, TooComplex
from db.pickers import Picked, PickerQuery, compile_picker, picked
from db.query import ENTITIES, IDENTITIES, Dimension, Slice
from db.replicas import Place, Replicas
from db.statement import Statement
from db.version import Version
from resolvers.ahead import cells_of
from resolvers.behind import MAX_LISTS, ListAsked, Listed, listed, too_many
from resolvers.explained import Explained
from resolvers.fold import Cells, Groups, fold
from resolvers.plan import Cut, PlanKey, PlannedQuery, bind, ids_to_find, plan, plan_key
from resolvers.pseudonyms import Pseudonyms

K = TypeVar("K")
V = TypeVar("V")

MAX_STATEMENTS = 60
"""The most statements of numbers that one operation may cost; a dashboard with everything needs a dozen."""
MAX_PICKERS = 20
"""The most pickers of one operation: a statement each."""
ROWS_A_BATCH = 250
"""Of all tickets behind a number: between two batches others have their turn, some 20 ms later."""


_Id = tuple[Dimension, int]
Names = Mapping[_Id, Entity | None]
"""Entities by dimension and the store's id."""


class Question(Enum):
    """What is asked of the store that is no cut."""

    VERSION = "the store's version"


@dataclass
class Timings:
    """What an operation's statements cost. Unit: seconds."""

    statements: int = 0
    seconds: float = 0.0
    read_from: str | None = None
    """Where its last snapshot was of, where there are replicas."""

    def note(self, _: Statement, seconds: float) -> None:
        """Adds a statement."""
        self.statements += 1
        self.seconds += seconds


@dataclass
class Loaders:
    """One operation's loaders."""

    engine: Engine
    viewer: Viewer
    pseudonym_key: bytes = field(repr=False)
    timings: Timings = field(default_factory=Timings)
    explained: list[Explained] = field(default_factory=list)
    """The statements of numbers that have run."""
    place: Place | None = None
    """Where reports are read; None: there is the primary alone."""
    replicas: Replicas | None = None
    versions: set[Version] = field(default_factory=set)
    """The versions of the store that replicas' snapshots had."""

    def __post_init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._cuts: DataLoader[Cut | Question, Groups | int | Exception] = DataLoader(self._tracked(self._fetch))
        self._names: DataLoader[tuple[_Id, ...], Names | Exception] = DataLoader(self._tracked(self._fetch_names))
        self._known: dict[_Id, Entity | None] = {}
        self._lists: DataLoader[ListAsked, Listed | Exception] = DataLoader(self._tracked(self._fetch_lists))
        self._teams: DataLoader[str, Entity | None] = DataLoader(self._tracked(self._fetch_teams))
        self._lists_asked: set[ListAsked] = set()
        self._pickers: DataLoader[PickerQuery, Picked | Exception] = DataLoader(self._tracked(self._fetch_pickers))
        self._pickers_asked: set[PickerQuery] = set()

    @property
    def _observe(self) -> Observer:
        return self.timings.note

    @asynccontextmanager
    async def _snapshot(self, scope: Scope) -> AsyncGenerator[Snapshot]:
        if self.place is None:
            async with self.engine.snapshot(scope, self._observe, self.viewer.subject) as snapshot:
                yield snapshot
            return
        async with AsyncExitStack() as stack:
            try:
                snapshot = await stack.enter_async_context(self._reading(self.place, scope))
            except ReplicaLost as fault:
                snapshot = await stack.enter_async_context(self._reading(self._primary_instead(fault), scope))
            if snapshot.version is not None:
                self.versions.add(snapshot.version)
            yield snapshot

    def require_turn(self) -> None:
        """Refuses the operation at once where its turn at the database would not come in time.

        Raises: RateLimited, TooMuchAsked.
        """
        self.engine.require_turn(self.place, self.viewer.subject)

    def _reading(self, place: Place, scope: Scope) -> AbstractAsyncContextManager[Snapshot]:
        self.timings.read_from = place.name
        return self.engine.reading(place, scope, self._observe, self.viewer.subject)

    def _primary_instead(self, fault: ReplicaLost) -> Place:
        """Where the rest of the operation is read, as of the same instant."""
        assert self.place is not None
        assert self.replicas is not None
        if not self.place.is_primary:
            self.place = self.replicas.instead(self.place, fault.why)
        return self.place

    def _tracked(
        self, fetch: Callable[[list[K]], Awaitable[list[V]]]
    ) -> Callable[[list[K]], Coroutine[Any, Any, list[V]]]:
        """What a loader fetches with; whoever forgets the loaders meanwhile ends it.

        TRICKY: a loader fetches in a task of its own, which goes on when the request that asked is cancelled.
        """

        async def run(keys: list[K]) -> list[V]:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            explained = len(self.explained)
            try:
                return await fetch(keys)
            except ReplicaLost as fault:
                self._primary_instead(fault)
                del self.explained[explained:]
                return await fetch(keys)
            finally:
                self._running.discard(task)

        return run

    def forget(self) -> None:
        """Lets go of everything that was loaded, and ends what is being loaded, once the request is over.

        A loader and what it loads with hold each other: all of this would stay until garbage is searched for.
        """
        for task in self._running:
            task.cancel()
        for loader in (self._cuts, self._names, self._lists, self._teams, self._pickers):
            loader.clear_all()
            loader.batch_load_fn = _forgotten
        self._known.clear()

    async def groups(self, cut: Cut) -> Groups:
        """What a cut comes to.

        Raises: BadInput, Forbidden, TooComplex, TimedOut, Unavailable.
        """
        answer = await self._cuts.load(cut)
        assert isinstance(answer, Groups)
        return answer

    def begin(self, cut: Cut) -> None:
        """Hands a cut in for whoever asks for it later, and then too late for the statements of its neighbours."""
        self._cuts.load(cut).add_done_callback(_tell_later)

    async def version(self) -> int:
        """The store's version, of the same snapshot as the numbers asked beside it."""
        answer = await self._cuts.load(Question.VERSION)
        assert isinstance(answer, int)
        return answer

    async def entities(self, wanted: Iterable[_Id]) -> Names:
        """The entities of some of the store's ids; None for what is unset.

        Raises: TimedOut, Unavailable.
        """
        asked = tuple(dict.fromkeys(wanted))
        answer = await self._names.load(asked) if asked else {}
        assert isinstance(answer, dict)
        return answer

    async def team(self, agent: str) -> Entity | None:
        """The team that an agent is of now; None where it is of none.

        Raises: TimedOut, Unavailable.
        """
        return await self._teams.load(agent)

    async def tickets(self, asked: ListAsked) -> Listed:
        """A page of the tickets behind a number.

        Raises: BadInput, Forbidden, TimedOut, Unavailable; TooComplex, for more lists than one operation may ask for.
        """
        answer = await self._lists.load(asked)
        assert isinstance(answer, Listed)
        return answer

    async def every_ticket(
        self, asked: ListAsked, named: Callable[[Any], Iterable[_Id]]
    ) -> AsyncGenerator[tuple[Sequence[Any], Names]]:
        """All tickets behind a number in order, as they are read, in batches; with the names of what `named` says.

        It holds one connection, and one snapshot, until it ends. Raises: BadInput, Forbidden, TimedOut, Unavailable.
        """
        own = asked.behind.place.slice
        async with self._snapshot(self.viewer.scope) as snapshot:
            found = directory.found(await snapshot.fetch(directory.look_up(ids_to_find([own]))))
            statement = compile_every_ticket(asked.query(*bind(own, found)))
            async for rows in snapshot.stream(statement, ROWS_A_BATCH):
                ids = dict.fromkeys(pair for row in rows for pair in named(row))
                await self._learn(snapshot, ids)
                yield rows, {one: self._known.get(one) for one in ids}

    async def picked(self, asked: PickerQuery) -> Picked:
        """A page of what can be picked, as the viewer may see it.

        Raises: TimedOut, Unavailable; TooComplex, for more pickers than one operation may ask for.
        """
        answer = await self._pickers.load(asked)
        assert isinstance(answer, Picked)
        return answer

    async def _fetch(self, keys: list[Cut | Question]) -> list[Groups | int | Exception]:
        cuts = [key for key in keys if isinstance(key, Cut)]
        own = self.viewer.scope
        # A benchmark's scope is another; what is asked of each scope is read in a snapshot of that scope.
        scopes = dict.fromkeys([own, *(cut.slice.scope for cut in cuts)])
        read = {scope: await self._read(scope, [cut for cut in cuts if cut.slice.scope == scope]) for scope in scopes}
        return [read[key.slice.scope].of(key) if isinstance(key, Cut) else read[own].version for key in keys]

    async def _read(self, scope: Scope, cuts: Sequence[Cut]) -> _Read:
        """All that is asked of one scope, in one snapshot."""
        async with self._snapshot(scope) as snapshot:
            found = directory.found(await snapshot.fetch(directory.look_up(ids_to_find(cut.slice for cut in cuts))))
            faults = _faults((cut.slice for cut in cuts), found)
            planned = plan([cut for cut in cuts if cut.slice not in faults], found)
            if len(planned) > MAX_STATEMENTS:
                raise _too_many(len(planned))
            cells = await cells_of(planned, partial(self._rows, snapshot))
            # Those of a benchmark's scope are nobody's here.
            if scope == self.viewer.scope:
                shown = dict.fromkeys(plan_key(cut) for cut in cuts if cut.shows_names)
                await self._learn(
                    snapshot, (one for key in shown for part in cells.get(key, ()) for one in _entities(part))
                )
        return _Read(found.version, faults, cells)

    async def _rows(self, snapshot: Snapshot, planned: PlannedQuery) -> list[Any]:
        """A statement's rows; what it read is noted."""
        before = self.timings.seconds
        statement = replace(compile_query(planned.query, planned.choice.chosen), about=planned)
        rows = await snapshot.fetch(statement)
        self.explained.append(Explained(planned, len(rows), self.timings.seconds - before, self.place))
        return rows

    async def _fetch_lists(self, keys: list[ListAsked]) -> list[Listed | Exception]:
        self._lists_asked.update(keys)
        if len(self._lists_asked) > MAX_LISTS:
            return [too_many(len(self._lists_asked))] * len(keys)
        slices = [key.behind.place.slice for key in keys]
        async with self._snapshot(self.viewer.scope) as snapshot:
            found = directory.found(await snapshot.fetch(directory.look_up(ids_to_find(slices))))
            faults = _faults(slices, found)
            answers: list[Listed | Exception] = []
            for key, asked in zip(keys, slices, strict=True):
                if asked in faults:
                    answers.append(faults[asked])
                else:
                    rows = await snapshot.fetch(compile_tickets(key.query(*bind(asked, found))))
                    answers.append(listed(key, rows))
        return answers

    async def _fetch_names(self, keys: list[tuple[_Id, ...]]) -> list[Names | Exception]:
        unknown = [one for one in dict.fromkeys(chain.from_iterable(keys)) if one not in self._known]
        if any(number for _, number in unknown):
            async with self._snapshot(self.viewer.scope) as snapshot:
                await self._learn(snapshot, unknown)
        return [{one: self._known.get(one) for one in key} for key in keys]

    async def _learn(self, snapshot: Snapshot, ids: Iterable[_Id]) -> None:
        """Looks up the entities that are not known yet, as the viewer may see them."""
        wanted = [one for one in dict.fromkeys(ids) if one[1] and one not in self._known]
        if wanted:
            named = directory.named(await snapshot.fetch(directory.names(wanted)))
            self._known.update((one, self._shown(one[0], named.get(one))) for one in wanted)

    async def _fetch_teams(self, agents: list[str]) -> list[Entity | None]:
        async with self._snapshot(self.viewer.scope) as snapshot:
            found = [await snapshot.fetch(directory.team_of(agent)) for agent in agents]
        return [Entity(rows[0]["external_id"], rows[0]["name"]) if rows else None for rows in found]

    async def _fetch_pickers(self, keys: list[PickerQuery]) -> list[Picked | Exception]:
        self._pickers_asked.update(keys)
        if len(self._pickers_asked) > MAX_PICKERS:
            return [_too_many_pickers(len(self._pickers_asked))] * len(keys)
        async with self._snapshot(self.viewer.scope) as snapshot:
            found = [picked(key, await snapshot.fetch(compile_picker(key))) for key in keys]
        return [
            replace(one, entities=tuple(filter(None, (self._shown(key.dimension, entity) for entity in one.entities))))
            for key, one in zip(keys, found, strict=True)
        ]

    def _shown(self, dimension: Dimension, entity: Entity | None) -> Entity | None:
        """An entity as the viewer may see it: by pseudonym, where the role may not know who it is."""
        needed = IDENTITIES.get(dimension)
        if entity is None or needed is None or needed in self.viewer.capabilities:
            return entity
        return Pseudonyms(self.pseudonym_key, self.viewer.role).of(dimension, entity)


@dataclass(frozen=True)
class _Read:
    """What a snapshot brought."""

    version: int
    faults: Mapping[Slice, DeskgraphError]
    cells: Mapping[PlanKey, Sequence[Cells]]

    def of(self, cut: Cut) -> Groups | Exception:
        """What a cut comes to, or why it is not answered."""
        fault = self.faults.get(cut.slice)
        return fault or _folded(cut, self.cells.get(plan_key(cut), []))


def _entities(part: Cells) -> Iterator[_Id]:
    """The ids of things with a name of their own that a statement's rows are grouped by."""
    for place, dimension in enumerate(part.planned.query.dimensions):
        if dimension in ENTITIES:
            yield from ((dimension, key[place]) for key in part.groups)


async def _forgotten(_: list[Any]) -> list[Any]:
    raise asyncio.CancelledError  # nobody waits for it


def _tell_later(coming: Future[Groups | int | Exception]) -> None:
    """A fault is told to whoever asks for the answer; nobody may."""
    if not coming.cancelled():
        coming.exception()


def _folded(cut: Cut, cells: Sequence[Cells]) -> Groups | TooComplex:
    """What a cut comes to; one that is too large spoils no other."""
    try:
        return fold(cut, cells)
    except TooComplex as fault:
        return fault


def _faults(slices: Iterable[Slice], found: directory.Found) -> dict[Slice, DeskgraphError]:
    """The slices whose filters cannot be bound, each with why."""
    faults: dict[Slice, DeskgraphError] = {}
    for asked in dict.fromkeys(slices):
        try:
            bind(asked, found)
        except DeskgraphError as fault:
            faults[asked] = fault
    return faults


def _too_many(statements: int) -> TooComplex:
    return TooComplex(
        f"The operation needs {statements} statements, more than the {MAX_STATEMENTS} of one operation. Ask for fewer "
        "different filters, groupings, clocks and attributions at once, or in several requests."
    )


def _too_many_pickers(pickers: int) -> TooComplex:
    return TooComplex(
        f"The operation asks for {pickers} lists to pick from, more than the {MAX_PICKERS} of one operation. Ask for "
        "fewer different ones at once, or in several requests."
    )
