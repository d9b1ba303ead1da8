"""Turns a question for the tickets behind a number into SQL: pure, and never without a scope.

One statement brings the page and the total, of one snapshot. Facts are chosen in a materialized CTE; tickets and
ratings join the page alone, each by its organization and its ticket. A page begins after a position (keyset), so
it costs the same wherever it lies.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.conditions import LEAVING, SECONDS, Conditions, codes
from db.domain import Source
from db.metric import Partial, PartialKind, Rows
from db.query import Attribution
from db.statement import Arguments, Statement
from db.tickets import SORT_TYPES, Extra, Position, Sort, SortKey, TicketQuery

_PLAIN = ("at", "created_at", "status", "priority", "channel", "category_id", "team_id", "tag_ids")
_MEASURED = ("seconds", "business_seconds", "within_target")
_OF_FACTS = (Extra.AGENT, Extra.SCORE)
_TARGETS = {Extra.RESPONSE_TARGET: Source.RESPONSE_DUE, Extra.RESOLUTION_TARGET: Source.RESOLUTION_DUE}


def compile_tickets(query: TicketQuery) -> Statement:
    """The statement of a page.

    Shape: at least one row: total, and the columns of a node; the row's `ticket_id` is NULL where no node is. One
    row more than asked for tells that a page follows.
    """
    writer = _Writer(query, Arguments())
    sql = (
        f"WITH {writer.behind()},\n"
        "counted AS MATERIALIZED (SELECT count(*) AS total FROM behind),\n"
        f"{writer.page()},\n{writer.shown()}\n"
        "SELECT counted.total, shown.*\nFROM counted\nLEFT JOIN shown ON true\n"
        f"ORDER BY {writer.order}"
    )
    return Statement(sql, tuple(writer.arguments.values))


def compile_every_ticket(query: TicketQuery) -> Statement:
    """The statement of all nodes in order, for a cursor: they are read as they are taken, whatever page is asked for.

    Shape: a row a node, with its columns.
    """
    writer = _Writer(query, Arguments())
    sql = f"WITH {writer.behind('')}\n{writer.nodes('behind')}\nORDER BY {writer.order}"
    return Statement(sql, tuple(writer.arguments.values))


class _Writer:
    """Writes the parts of one statement."""

    def __init__(self, query: TicketQuery, arguments: Arguments) -> None:
        self.query = query
        self.arguments = arguments
        self.conditions = Conditions(arguments, query.attribution, query.clock, query.zone, query.window)
        self.sorts = [f"s{number}" for number in range(1, len(query.sorts) + 1)]
        ordered = [
            f"{name} {'DESC' if sort.descending else 'ASC'} NULLS LAST"
            for name, sort in zip(self.sorts, query.sorts, strict=True)
        ]
        self.order = ", ".join([*ordered, "ticket_id", "ordinal"])

    def behind(self, kept: str = "MATERIALIZED ") -> str:
        """The CTEs that end in `behind`: every fact that the number counts, with what it is ordered by."""
        facts = "\n  FROM deskgraph.facts\n  WHERE "
        if self.query.counted.kind is PartialKind.COUNT:
            where = f"{self._slice()}\n    AND {self.conditions.rows(self.query.counted.rows)}"
            where += f" AND ({self.conditions.inside([self.query.window])})"
            return f"behind AS {kept}(\n  SELECT {self._columns('')}{facts}{where})"
        # A ticket is inside where it has entered once more than it has left; the last entering is the one that lasts.
        return (
            "inside AS MATERIALIZED (\n  SELECT organization_id, ticket_id,"
            f" max(ordinal) FILTER (WHERE {self.conditions.rows(self.query.counted.rows)}) AS ordinal"
            f"{facts}{self._slice()}\n    AND {self._begun()}\n  GROUP BY organization_id, ticket_id\n"
            f"  HAVING {self._stock(self.query.counted)} > 0),\n"
            f"behind AS {kept}(\n  SELECT {self._columns('f.')}\n  FROM deskgraph.facts AS f\n"
            "  JOIN inside AS i ON i.organization_id = f.organization_id AND i.ticket_id = f.ticket_id"
            " AND i.ordinal = f.ordinal)"
        )

    def page(self) -> str:
        """The CTE with the facts of one page, and one more where there is one."""
        after = f" WHERE {self._after(self.query.after)}" if self.query.after else ""
        limit = self.arguments.bind(self.query.first + 1, "int")
        return f"page AS MATERIALIZED (SELECT * FROM behind{after} ORDER BY {self.order} LIMIT {limit})"

    def shown(self) -> str:
        """The CTEs that end in `shown`: the page's facts and what their tickets, ratings and targets say."""
        # TRICKY: a page lies at the coordinator. Joined to all targets it would have every one of them sent there.
        due = "".join(
            f"{name} AS MATERIALIZED (\n  SELECT * FROM (SELECT DISTINCT organization_id, ticket_id FROM page) AS p\n"
            f"  JOIN ({targets}) AS found USING (organization_id, ticket_id)),\n"
            for name, targets in self._targets()
        )
        joins = "".join(f"\n  LEFT JOIN {name} USING (organization_id, ticket_id)" for name, _ in self._targets())
        return f"{due}shown AS MATERIALIZED (\n  {self._nodes('page', joins)})"

    def nodes(self, facts: str) -> str:
        """The query of some facts, wherever they lie, and what their tickets, ratings and targets say."""
        joins = "".join(
            f"\n  LEFT JOIN ({targets}) AS {name} USING (organization_id, ticket_id)"
            for name, targets in self._targets()
        )
        return self._nodes(facts, joins)

    def _nodes(self, facts: str, joined_targets: str) -> str:
        extras = self.query.extras
        further = [
            "t.external_id",
            *(f"t.{extra.value}" for extra in (Extra.SUBJECT, Extra.REQUESTER) if extra in extras),
        ]
        join = "JOIN deskgraph.tickets AS t ON t.organization_id = p.organization_id AND t.id = p.ticket_id"
        if Extra.COMMENT in extras:
            further.append("r.comment")
            join += (
                "\n  LEFT JOIN deskgraph.ratings AS r ON r.organization_id = t.organization_id AND r.ticket_id = t.id"
            )
        for name, _ in self._targets():
            further += [f"{name}_target_due", f"{name}_target_met"]
        return f"SELECT p.*, {', '.join(further)}\n  FROM {facts} AS p{joined_targets}\n  {join}"

    def _targets(self) -> Iterator[tuple[str, str]]:
        """The targets that are asked for: their names, and the query of all there are."""
        for extra, source in _TARGETS.items():
            if extra in self.query.extras:
                name = extra.value
                yield (
                    name,
                    "SELECT organization_id, ticket_id,"
                    f" at AS {name}_target_due, within_target AS {name}_target_met"
                    f" FROM deskgraph.facts WHERE {self._of_scope()}source = {int(source)}",
                )

    def _of_scope(self) -> str:
        own = self.conditions.scope(self.query.scope)
        return f"{own} AND " if own else ""

    def _columns(self, prefix: str) -> str:
        asked = [extra.value for extra in _OF_FACTS if extra in self.query.extras]
        names = ["organization_id", "ticket_id", "ordinal", *_PLAIN, *_MEASURED, *asked]
        sorts = [
            f"{self._sorted(sort.key, prefix)} AS {name}"
            for name, sort in zip(self.sorts, self.query.sorts, strict=True)
        ]
        return ", ".join([*(f"{prefix}{name}" for name in names), *sorts])

    def _sorted(self, key: SortKey, prefix: str) -> str:
        if key is SortKey.DURATION:
            return f"{prefix}{SECONDS[self.query.clock]}"
        return f"nullif({prefix}priority, 0)" if key is SortKey.PRIORITY else f"{prefix}{key.value}"

    def _slice(self) -> str:
        parts = [self.conditions.slice(self.query.scope, self.query.condition, self.query.as_of)]
        parts += [self.conditions.stands_under(dimension, number) for dimension, number in self.query.group]
        return " AND ".join(parts)

    def _begun(self) -> str:
        source = self.query.counted.rows.source
        end = self.arguments.bind(self.query.window.end, "timestamptz")
        begun = f"source IN ({codes((source, LEAVING[source]))}) AND at < {end}"
        if self.query.attribution is Attribution.CREATION:
            begun += f" AND {self.conditions.inside([self.query.window])}"
        return begun

    def _stock(self, partial: Partial) -> str:
        left = Rows(LEAVING[partial.rows.source], partial.rows.where)
        return (
            f"count(*) FILTER (WHERE {self.conditions.rows(partial.rows)})"
            f" - count(*) FILTER (WHERE {self.conditions.rows(left)})"
        )

    def _after(self, position: Position) -> str:
        """Everything behind a position: for each order, equal in those before it and beyond in its own."""
        equal: list[str] = []
        found = []
        for name, sort, value in zip(self.sorts, self.query.sorts, position.values, strict=True):
            if value is None:
                equal.append(f"{name} IS NULL")
                continue
            bound = self.arguments.bind(value, SORT_TYPES[sort.key])
            beyond = f"({name} {_beyond(sort)} {bound} OR {name} IS NULL)"
            found.append(" AND ".join([*equal, beyond]))
            equal.append(f"{name} = {bound}")
        fact = (
            f"(ticket_id, ordinal) > ({self.arguments.bind(position.ticket_id, 'bigint')},"
            f" {self.arguments.bind(position.ordinal, 'int')})"
        )
        return " OR ".join(f"({one})" for one in [*found, " AND ".join([*equal, fact])])


def _beyond(sort: Sort) -> str:
    return "<" if sort.descending else ">"
