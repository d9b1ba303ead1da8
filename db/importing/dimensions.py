"""The things that tickets point to, held in memory while an import runs: the source's ids to ours.

A reference to a thing nobody has told of makes it, with its id as its name; a row of its own names it. Nothing is
written before `store`, so a dry run and a crash leave nothing. New ids follow the highest one stored: only
the holder of the import's lock makes them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from db.calendars import CalendarBook, Version
from db.domain import UNSET
from db.importing.course import Context
from db.importing.policies import Policy, PolicyBook
from db.importing.session import Session
from db.importing.tally import Outcome
from db.sources.rows import AgentRow, CalendarRow, DimensionRow, RowKind, SlaPolicyRow


class Things:
    """One dimension's table: ids by external id, and what is to be written of it."""

    columns: tuple[tuple[str, str], ...] = (("name", "text"),)

    def __init__(self, table: str) -> None:
        self.table = table
        self.ids: dict[str, int] = {}
        self.values: dict[int, tuple[Any, ...]] = {}
        self.dirty: set[int] = set()
        self._named: set[str] = set()
        self._last_id = 0

    async def load(self, session: Session) -> None:
        """Reads what is stored."""
        names = ", ".join(name for name, _ in self.columns)
        rows = await session.fetch(f"SELECT id, external_id, {names} FROM {self.table}")
        for row in rows:
            self.ids[row[1]] = row[0]
            self.values[row[0]] = tuple(row)[2:]
        self._named = set(self.ids)
        self._last_id = max(self.values, default=0)

    def id_of(self, external_id: str | None) -> int | None:
        """Our id of a reference; a new one where the thing is not known yet."""
        if external_id is None:
            return None
        return self.ids.get(external_id) or self._add(external_id, self._unnamed(external_id))

    def tell(self, external_id: str, values: tuple[Any, ...]) -> Outcome:
        """Takes in a row of the thing's own."""
        known = self.ids.get(external_id)
        if known is None or external_id not in self._named:
            self._named.add(external_id)
            if known is None:
                self._add(external_id, values)
            else:
                self.values[known] = values
            return Outcome.NEW
        if self.values[known] == values:
            return Outcome.UNCHANGED
        self.values[known] = values
        self.dirty.add(known)
        return Outcome.CHANGED

    async def store(self, session: Session) -> None:
        """Writes what is new or changed."""
        if not self.dirty:
            return
        externals = {id_: external for external, id_ in self.ids.items() if id_ in self.dirty}
        ids = sorted(externals)
        names = ", ".join(name for name, _ in self.columns)
        types = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(self.columns, start=3))
        sets = ", ".join(f"{name} = excluded.{name}" for name, _ in self.columns)
        await session.execute(
            f"INSERT INTO {self.table} (id, external_id, {names})"
            f" SELECT * FROM unnest($1::int[], $2::text[], {types})"
            f" ON CONFLICT (id) DO UPDATE SET {sets}",
            ids,
            [externals[id_] for id_ in ids],
            *(list(column) for column in zip(*(self.values[id_] for id_ in ids), strict=True)),
        )
        await session.execute("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", self.table, self._last_id)

    def _add(self, external_id: str, values: tuple[Any, ...]) -> int:
        self._last_id += 1
        self.ids[external_id] = self._last_id
        self.values[self._last_id] = values
        self.dirty.add(self._last_id)
        return self._last_id

    def _unnamed(self, external_id: str) -> tuple[Any, ...]:
        return (external_id,)


class Agents(Things):
    """The agents, with their teams."""

    columns = (("name", "text"), ("team_id", "int"), ("email", "text"), ("active", "bool"))

    def __init__(self) -> None:
        super().__init__("agents")
        self.moved: set[int] = set()
        """Those stored before whose team has changed."""

    def tell(self, external_id: str, values: tuple[Any, ...]) -> Outcome:
        """Takes in an agent's own row, and notes whose team it changes."""
        known = self.ids.get(external_id)
        before = self.values.get(known, (None, None)) if known is not None else (None, None)
        outcome = super().tell(external_id, values)
        if outcome is Outcome.CHANGED and known is not None and before[1] != values[1]:
            self.moved.add(known)
        return outcome

    def teams(self) -> dict[int, int]:
        """The team of each agent who has one."""
        return {id_: values[1] for id_, values in self.values.items() if values[1] is not None}

    def _unnamed(self, external_id: str) -> tuple[Any, ...]:
        return (external_id, None, None, True)


class Settings:
    """SLA policies and calendars: few, so each table is written whole when anything in it has changed."""

    policy_columns: Final = ("id", *Policy._fields)
    calendar_columns: Final = ("id", *CalendarRow._fields)

    def __init__(self) -> None:
        self._policies: dict[str, tuple[int, Policy]] = {}
        self._calendars: dict[tuple[str, str | None], tuple[int, CalendarRow]] = {}
        self._told: list[str] = []
        self.is_dirty = False

    async def load(self, session: Session) -> None:
        """Reads what is stored."""
        columns = ", ".join(self.policy_columns)
        for row in await session.fetch(f"SELECT {columns} FROM sla_policies"):
            self._policies[row[1]] = (row[0], Policy(*tuple(row)[1:]))
        columns = ", ".join(self.calendar_columns)
        for row in await session.fetch(f"SELECT {columns} FROM calendars"):
            calendar = CalendarRow(row[1], row[2], json.loads(row[3]), json.loads(row[4]), row[5], row[6])
            self._calendars[calendar.name, calendar.valid_from] = (row[0], calendar)

    def tell_policy(self, policy: Policy) -> Outcome:
        """Takes in a policy; those of a file come in the file's order, before all that were stored."""
        policy = policy._replace(position=len(self._told))
        self._told.append(policy.name)
        return self._keep(self._policies, policy.name, policy)

    def tell_calendar(self, calendar: CalendarRow) -> Outcome:
        """Takes in a version of a calendar."""
        calendar = calendar._replace(
            spans=json.loads(json.dumps(calendar.spans)), holidays=json.loads(json.dumps(calendar.holidays))
        )
        return self._keep(self._calendars, (calendar.name, calendar.valid_from), calendar)

    def _keep(self, kept: dict[Any, tuple[int, Any]], key: Any, value: Any) -> Outcome:
        before = kept.get(key)
        if before is not None and before[1] == value:
            return Outcome.UNCHANGED
        self.is_dirty = True
        kept[key] = (before[0] if before else 1 + max((id_ for id_, _ in kept.values()), default=0), value)
        return Outcome.CHANGED if before else Outcome.NEW

    def book(self) -> PolicyBook:
        """The policies with their calendars, ready to be asked."""
        calendars = CalendarBook((row.name, Version.of(*row[1:])) for _, row in self._calendars.values())
        return PolicyBook((policy for _, policy in self._ranked()), calendars)

    def _ranked(self) -> list[tuple[int, Policy]]:
        """All policies with their positions: those told of first, then the others in their old order."""
        others = [name for name in self._policies if name not in set(self._told)]
        others.sort(key=lambda name: self._policies[name][1].position)
        ranked = enumerate(chain(self._told, others))
        return [
            (self._policies[name][0], self._policies[name][1]._replace(position=position)) for position, name in ranked
        ]

    async def store(self, session: Session) -> None:
        """Writes both tables anew."""
        if not self.is_dirty:
            return
        policies = [(id_, *policy) for id_, policy in self._ranked()]
        calendars = [
            (id_, row.name, row.zone, json.dumps(row.spans), json.dumps(row.holidays), *row[4:])
            for id_, row in self._calendars.values()
        ]
        await _write_whole(session, "sla_policies", self.policy_columns, policies)
        await _write_whole(session, "calendars", self.calendar_columns, calendars)


async def _write_whole(session: Session, table: str, columns: Sequence[str], records: list[tuple[Any, ...]]) -> None:
    await session.execute(f"DELETE FROM {table}")
    await session.copy_records_to_table(table, columns=columns, records=records)
    if records:
        await session.execute(
            "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)",
            table,
            max(record[0] for record in records),
        )


class Dimensions:
    """Everything that tickets point to or are measured by."""

    def __init__(self) -> None:
        self.organizations = Things("organizations")
        self.teams = Things("teams")
        self.categories = Things("categories")
        self.tags = Things("tags")
        self.agents = Agents()
        self.settings = Settings()
        self._all: tuple[Things | Settings, ...] = (
            self.organizations,
            self.teams,
            self.categories,
            self.tags,
            self.agents,
            self.settings,
        )
        self._tables = {
            RowKind.ORGANIZATIONS: self.organizations,
            RowKind.TEAMS: self.teams,
            RowKind.CATEGORIES: self.categories,
        }

    async def load(self, session: Session) -> None:
        """Reads what is stored."""
        for part in self._all:
            await part.load(session)

    def tell(self, kind: RowKind, row: DimensionRow | AgentRow | CalendarRow | SlaPolicyRow) -> Outcome:
        """Takes in a row of a thing's own."""
        match row:
            case DimensionRow():
                return self._tables[kind].tell(row.id, (row.name,))
            case AgentRow():
                return self.agents.tell(row.id, (row.name, self.teams.id_of(row.team), row.email, row.active))
            case CalendarRow():
                return self.settings.tell_calendar(row)
            case SlaPolicyRow():
                return self.settings.tell_policy(self._policy(row))

    def _policy(self, row: SlaPolicyRow) -> Policy:
        return Policy(
            name=row.name,
            position=UNSET,
            match_priority=row.match_priority,
            match_category_id=self.categories.id_of(row.match_category),
            match_organization_id=self.organizations.id_of(row.match_organization),
            first_response_seconds=row.first_response_seconds,
            resolution_seconds=row.resolution_seconds,
            clock=int(row.clock),
            pause_on=[int(status) for status in row.pause_on] or None,
            calendar=row.calendar,
        )

    @property
    def is_dirty(self) -> bool:
        """Whether there is anything to write."""
        return any(part.is_dirty if isinstance(part, Settings) else part.dirty for part in self._all)

    async def store(self, session: Session) -> None:
        """Writes what is new or changed."""
        for part in self._all:
            await part.store(session)

    def settle(self) -> None:
        """What was written is what is known: for one who goes on with it."""
        for things in (self.organizations, self.teams, self.categories, self.tags, self.agents):
            things.dirty.clear()
        self.agents.moved.clear()
        self.settings.is_dirty = False

    def context(self) -> Context:
        """What facts are made with."""
        return Context(
            agents=self.agents.ids,
            teams=self.teams.ids,
            categories=self.categories.ids,
            team_of_agent=self.agents.teams(),
            policies=self.settings.book(),
        )
