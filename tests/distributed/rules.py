"""What may be asked of tables that are distributed by organization, as a function of a statement's text.

A statement that touches no distributed table is answered by the coordinator, like on one machine, and is free. Rows are
*spread* where they lie on the workers: those of a distributed table, and of what a worker works out of them alone.
Everything else is *gathered*: on every machine (reference tables, arrays) or sent to it (materialized CTEs, what is
grouped or cut short without regard to the organization).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlglot
from sqlglot import exp

from db import export_tables, schedule_tables, sync_tables  # noqa: F401  they register their tables
from db.distribution import COLUMN, PLACED, SEQUENCES, Placement
from db.models import SQLModel
from db.rollups import tables  # noqa: F401  registers its tables

COLUMNS: Final = {
    table.name: frozenset(column.name for column in table.columns) for table in SQLModel.metadata.tables.values()
}
PLAIN: Final = re.compile(
    r"\s*(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|NOTIFY|LISTEN|UNLISTEN|ANALYZE|TRUNCATE|VACUUM|LOCK"
    r"|CREATE (UNIQUE )?INDEX|CREATE TEMP(ORARY)?|DROP INDEX|DROP TABLE|ALTER TABLE|CLOSE|FETCH|MOVE)\b",
    re.IGNORECASE,
)
"""What asks for no rows."""
_COPY: Final = re.compile(r"\s*COPY\s*(\((?P<query>.*)\)\s+TO\b|\"?[\w.\"]+)", re.IGNORECASE | re.DOTALL)
_ZONED: Final = re.compile(r"\bSET\s+(LOCAL\s+|SESSION\s+)?TIME\s*ZONE\b(?!\s*(TO|=)?\s*'?UTC)", re.IGNORECASE)
_CLOCKS: Final = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentDatetime, exp.Localtimestamp)
_JSON: Final = frozenset(
    {"JSON_AGG", "JSONB_AGG", "JSON_OBJECT_AGG", "JSONB_OBJECT_AGG", "JSON_BUILD_OBJECT", "ROW_TO_JSON"}
)
_OF_SESSION: Final = frozenset({"SET_CONFIG", "CURRENT_SETTING"})
_OF_ZONE: Final = frozenset({"dow", "isodow", "doy", "hour", "minute", "day", "week", "month", "quarter", "year"})

_WALL: Final = (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP)
"""Types of what a clock on the wall shows."""

Sources = dict[str, "Source"]
"""What stands in a FROM, by the name that it goes by."""


@dataclass(frozen=True)
class Source:
    """One of them."""

    is_spread: bool
    columns: frozenset[str] | None = None
    """None where they are not known."""


@dataclass
class Law:
    """The rules, and the names that statements may know beside the store's tables."""

    temporary: frozenset[str] = frozenset()
    """Tables that a session makes for itself."""
    _found: list[str] = field(default_factory=list)

    def breaches(self, sql: str) -> list[str]:
        """What in a text is not allowed; nothing, where all is."""
        self._found = []
        copied = _COPY.match(sql)
        if _ZONED.search(sql):
            return ["sets the session's zone, which workers do not hear of"]
        if copied is not None:
            sql = copied["query"] or ""
        if not sql or PLAIN.match(sql):
            return []
        for statement in sqlglot.parse(sql, read="postgres"):
            if statement is None or isinstance(statement, exp.Semicolon):
                continue
            if isinstance(statement, exp.Command):
                return [f"is not understood: {sql[:60]}"]
            self._statement(statement)
        return list(dict.fromkeys(self._found))

    def _breach(self, told: str) -> None:
        self._found.append(told)

    # --- statements -----------------------------------------------------------------------------------------------

    def _statement(self, statement: exp.Expression) -> None:
        names = {cte.alias for cte in statement.find_all(exp.CTE)}
        named = [one for one in statement.find_all(exp.Table) if not isinstance(one.parent, exp.Lock)]
        touched = [table for table in named if not (table.name in names and not table.db)]
        for table in touched:
            self._placement(table)
        if not any(self._placement(table) is Placement.DISTRIBUTED for table in touched):
            self._of_reference(statement)
            return
        self._anywhere(statement)
        if isinstance(statement, exp.Query):
            self._query(statement, {})
            return
        ctes = self._ctes(statement, {})
        if isinstance(statement, exp.Insert):
            self._insert(statement, ctes)
        elif isinstance(statement, exp.Update | exp.Delete):
            self._changing(statement, ctes)
        else:
            self._breach(f"is a {type(statement).__name__} of a distributed table")

    def _placement(self, table: exp.Table) -> Placement:
        if table.name in PLACED and table.db in ("", "deskgraph"):
            return PLACED[table.name]
        known = (
            table.name in (*self.temporary, *SEQUENCES)
            or table.db in ("pg_temp", "pg_catalog")
            or table.name.startswith("pg_")
        )
        if not known and isinstance(table.this, exp.Identifier):
            self._breach(f"names a table that is not placed: {table.name}")
        return Placement.LOCAL

    def _of_reference(self, statement: exp.Expression) -> None:
        """Rows of a reference table are written on every machine at once."""
        target = statement.find(exp.Table) if isinstance(statement, exp.Insert) else None
        if target is not None and self._placement(target) is Placement.REFERENCE:
            self._conflict(statement)

    def _anywhere(self, statement: exp.Expression) -> None:
        """What is not allowed wherever it stands."""
        if any(with_.args.get("recursive") for with_ in statement.find_all(exp.With)):
            self._breach("is recursive")
        if statement.find(exp.Lateral):
            self._breach("joins laterally")
        for select in statement.find_all(exp.Select):
            if any(
                part.find(exp.Subquery, exp.Exists) for part in select.expressions if not isinstance(part, exp.Star)
            ):
                self._breach("has a subquery among its columns")
        for called in statement.find_all(exp.Anonymous, exp.Func):
            if _name(called) in _OF_SESSION:
                self._breach("reads or sets what a session keeps, which workers do not have")

    def _insert(self, statement: exp.Insert, ctes: Sources) -> None:
        target = statement.this
        table = target.this if isinstance(target, exp.Schema) else target
        if self._placement(table) is Placement.DISTRIBUTED:
            named = [column.name for column in target.expressions] if isinstance(target, exp.Schema) else []
            if COLUMN not in named:
                self._breach(f"puts rows into {table.name} without {COLUMN}")
            self._conflict(statement)
        if isinstance(statement.expression, exp.Query):
            self._query(statement.expression, ctes)

    def _conflict(self, statement: exp.Expression) -> None:
        conflict = statement.args.get("conflict")
        for set_ in conflict.expressions if conflict is not None else ():
            if not isinstance(set_.expression, exp.Column | exp.Literal | exp.Boolean | exp.Null):
                self._breach("sets by ON CONFLICT what is neither excluded's nor a column")

    def _changing(self, statement: exp.Update | exp.Delete, ctes: Sources) -> None:
        target = statement.this
        if statement.parent is not None:
            self._breach("changes distributed rows within a CTE")
        sources: Sources = {}
        for one in (target, *_used(statement)):
            self._take(one, sources, ctes)
        if isinstance(statement, exp.Update):
            for set_ in statement.expressions:
                if isinstance(set_.this, exp.Column) and set_.this.name == COLUMN:
                    self._breach("moves rows to another organization in place")
        where = statement.args.get("where")
        self._joined(sources, [where.this] if where else [])
        for nested in _nested(statement):
            self._query(nested, ctes, sources)

    # --- queries --------------------------------------------------------------------------------------------------

    def _ctes(self, statement: exp.Expression, outer: Mapping[str, Source]) -> Sources:
        found = dict(outer)
        with_ = statement.args.get("with_") or statement.args.get("with")
        for cte in with_.expressions if with_ is not None else ():
            inner = cte.this
            if not isinstance(inner, exp.Query):
                self._statement(inner)
                found[cte.alias] = Source(False)
                continue
            is_spread = self._query(inner, found)
            found[cte.alias] = Source(is_spread and not cte.args.get("materialized"))
        return found

    def _query(
        self, query: exp.Expression, ctes: Mapping[str, Source], outer: Mapping[str, Source] | None = None
    ) -> bool:
        """Looks at a query; gives back whether its rows are spread. `outer`: what stands around it."""
        if isinstance(query, exp.Subquery):
            return self._query(query.this, self._ctes(query, ctes), outer)
        known = self._ctes(query, ctes)
        if isinstance(query, exp.SetOperation):
            spread = [self._query(part, known, outer) for part in (query.left, query.right)]
            if any(spread):
                self._breach("puts spread rows together by a set operation")
            return False
        if not isinstance(query, exp.Select):
            return False
        sources: Sources = {}
        conditions = self._from(query, sources, known)
        where = query.args.get("where")
        self._joined(sources, [*conditions, *([where.this] if where else [])])
        is_over_spread = any(source.is_spread for source in sources.values())
        if is_over_spread:
            self._over_spread(query)
        if outer is not None:
            self._correlated(query, sources, outer)
        for nested in _nested(query):
            self._query(nested, known, sources)
        return is_over_spread and not self._gathers(query)

    def _from(self, query: exp.Select, sources: Sources, ctes: Mapping[str, Source]) -> list[exp.Expression]:
        """Takes in what a query is from; gives back what its joins compare."""
        from_ = query.args.get("from_") or query.args.get("from")
        if from_ is None:
            return []
        self._take(from_.this, sources, ctes)
        conditions: list[exp.Expression] = []
        for join in query.args.get("joins") or ():
            before = any(source.is_spread for source in sources.values())
            only_gathered = bool(sources) and not before
            joined = self._take(join.this, sources, ctes)
            side = (join.side or "").upper()
            if joined.is_spread and side == "LEFT" and only_gathered:
                self._breach("keeps gathered rows by an outer join with spread ones")
            if before and not joined.is_spread and side in ("RIGHT", "FULL"):
                self._breach("keeps gathered rows by an outer join with spread ones")
            if COLUMN in [one.name for one in join.args.get("using") or ()]:
                name, *others = reversed(sources)
                conditions += [_equal_keys(name, other) for other in others]
            if join.args.get("on") is not None:
                conditions.append(join.args["on"])
        return conditions

    def _take(self, one: exp.Expression, sources: Sources, ctes: Mapping[str, Source]) -> Source:
        if isinstance(one, exp.Table) and isinstance(one.this, exp.Identifier):
            if one.name in ctes and not one.db:
                found = ctes[one.name]
            else:
                is_spread = self._placement(one) is Placement.DISTRIBUTED
                found = Source(is_spread, COLUMNS.get(one.name))
        elif isinstance(one, exp.Subquery):
            found = Source(self._query(one, ctes))
        else:
            found = Source(False)
        sources[one.alias_or_name or str(len(sources))] = found
        return found

    def _joined(self, sources: Sources, conditions: Iterable[exp.Expression]) -> None:
        spread = [name for name, source in sources.items() if source.is_spread]
        if len(spread) < 2:
            return
        equal = [
            {_owner(side) for side in (one.left, one.right)}
            for condition in conditions
            for one in _all(condition)
            if isinstance(one, exp.EQ) and _is_key(one.left) and _is_key(one.right)
        ]
        reached = {spread[0]}
        for _ in spread:
            for pair in equal:
                if pair & reached:
                    reached |= pair
        if set(spread) - reached:
            self._breach(f"joins spread rows without {COLUMN}: {', '.join(spread)}")

    def _over_spread(self, query: exp.Select) -> None:
        if any(True for _ in _own(query, exp.GroupingSets, exp.Cube, exp.Rollup)):
            self._breach("has GROUPING SETS over spread rows")
        for window in _own(query, exp.Window):
            if not any(_is_key(one) for one in window.args.get("partition_by") or ()):
                self._breach("has a window over spread rows of several organizations")
        if any(_own(query, exp.WithinGroup)):
            self._breach("orders all spread rows for a percentile")
        if query.args.get("locks"):
            self._breach("locks spread rows")
        for called in _own(query, exp.Func):
            name = _name(called)
            if name in _JSON:
                self._breach("makes JSON of spread rows")
            if isinstance(called, exp.GenerateSeries):  # the one that makes rows is one of them
                self._breach("joins a series with spread rows")
            if isinstance(called, _CLOCKS) or name in ("NOW", "CLOCK_TIMESTAMP"):
                self._breach("asks the clock over spread rows")
            self._zoned(called, name)

    def _zoned(self, called: exp.Expression, name: str) -> None:
        """What would be worked out in the session's zone, which workers do not have."""
        if isinstance(called, exp.Extract):
            if called.name.lower() in _OF_ZONE and not called.expression.find(exp.AtTimeZone):
                self._breach("takes a part of an instant in the session's zone")
        elif isinstance(called, exp.TimestampTrunc | exp.DateTrunc) or name == "DATE_TRUNC":
            if not (called.args.get("zone") or called.find(exp.AtTimeZone)):
                self._breach("cuts an instant in the session's zone")
        elif name in ("TO_CHAR", "TIME_TO_STR") or isinstance(called, exp.TimeToStr):
            self._breach("writes an instant in the session's zone")
        elif isinstance(called, exp.Cast) and called.to.this in _WALL and not called.this.find(exp.AtTimeZone):
            self._breach("casts an instant in the session's zone")

    def _correlated(self, query: exp.Select, sources: Sources, outer: Mapping[str, Source]) -> None:
        """A query that looks at the rows around it does so by the organization, or none of both is spread."""
        spread_inside = any(source.is_spread for source in sources.values())
        foreign = {_owner_of(column, sources, outer) for column in _own(query, exp.Column)} - {None}
        if not foreign or not (spread_inside or any(outer[name].is_spread for name in foreign if name)):
            return
        where = query.args.get("where")
        by_key = any(
            isinstance(one, exp.EQ) and _is_key(one.left) and _is_key(one.right)
            for one in (_all(where.this) if where else ())
        )
        if not by_key:
            self._breach(f"is correlated off {COLUMN}")

    def _gathers(self, query: exp.Select) -> bool:
        """Whether a query's rows have to be brought together, because its groups or its end span organizations."""
        group = query.args.get("group")
        by_key = group is not None and any(_is_key(one) for one in group.expressions)
        cut = any(query.args.get(name) is not None for name in ("limit", "offset", "distinct"))
        counts = any(True for _ in _own(query, exp.AggFunc) if _.find_ancestor(exp.Select) is query)
        return cut or (counts and group is None) or (group is not None and not by_key)


def _name(one: object) -> str:
    if isinstance(one, exp.Anonymous):
        return str(one.this).upper()
    if isinstance(one, exp.Explode | exp.Unnest):
        return "UNNEST"
    return one.sql_name().upper() if isinstance(one, exp.Func) else ""


def _equal_keys(one: str, other: str) -> exp.Expression:
    return exp.EQ(this=exp.column(COLUMN, one), expression=exp.column(COLUMN, other))


def _is_key(one: exp.Expression) -> bool:
    return isinstance(one, exp.Column) and one.name == COLUMN


def _owner(one: exp.Expression) -> str:
    return one.table if isinstance(one, exp.Column) else ""


def _all(condition: exp.Expression) -> Iterator[exp.Expression]:
    """What must hold for a condition to: the parts of its ANDs."""
    one = condition.unnest()
    if isinstance(one, exp.And):
        yield from _all(one.left)
        yield from _all(one.right)
    else:
        yield one


def _own(query: exp.Expression, *kinds: type[exp.Expression]) -> Iterator[exp.Expression]:
    """What stands in a query itself, and in no query within it."""
    for one in query.find_all(*kinds):
        if one.find_ancestor(exp.Query, exp.Update, exp.Delete) is query:
            yield one


def _nested(statement: exp.Expression) -> Iterator[exp.Expression]:
    """The queries within a statement that are neither CTEs nor in its FROM."""
    for one in statement.find_all(exp.Select, exp.SetOperation):
        if one is statement:
            continue
        around = one.parent.find_ancestor(exp.Select, exp.SetOperation, exp.Update, exp.Delete) if one.parent else None
        if isinstance(one.parent, exp.Select | exp.SetOperation | exp.Update | exp.Delete):
            around = one.parent
        within = one.find_ancestor(exp.CTE, exp.From, exp.Join)
        if around is statement and (within is None or within.find_ancestor(exp.Query) is not statement):
            yield one


def _used(statement: exp.Update | exp.Delete) -> Iterator[exp.Expression]:
    using = statement.args.get("using") or ()
    yield from using
    from_ = statement.args.get("from_") or statement.args.get("from")
    if from_ is not None:
        yield from_.this


def _owner_of(column: exp.Expression, sources: Sources, outer: Mapping[str, Source]) -> str | None:
    """The name around a query that one of its columns belongs to; None where it is the query's own."""
    assert isinstance(column, exp.Column)
    if column.table:
        return column.table if column.table not in sources and column.table in outer else None
    if any(source.columns is None or column.name in source.columns for source in sources.values()):
        return None
    return next((name for name, source in outer.items() if column.name in (source.columns or ())), None)
