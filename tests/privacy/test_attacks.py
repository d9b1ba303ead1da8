"""An analyst tries everything to learn a withheld number of ratings from the demo's published ones, and solves for it.

The attacker is given more than an analyst has: it knows of every rating when it was made and of what, and only not its
score. An unknown is what one rating adds to a sum; a published number is a row of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any, Final

import asyncpg
import numpy as np
import pytest

from db.access import Role
from db.directory import Entity
from db.query import Dimension
from resolvers.privacy import MIN_FACTS
from resolvers.pseudonyms import Pseudonyms
from tests.conftest import MANAGER, VIEWERS, Asking
from tests.privacy.attack import Known, Row

ANALYST: Final = VIEWERS[Role.ANALYST]
SINCE, UNTIL = datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
"""Two months with small cells."""
DAY: Final = timedelta(days=1)
RATED: Final = "csatScore { value count average histogram previous change suppressed suppression reason }"
AUGUST: Final = datetime(2025, 8, 1, tzinfo=UTC)
DIMENSIONS: Final = ("category", "priority", "channel", "team", "organization")
VALUES: Final = {
    "category": ("billing", "bugs", "delivery"),
    "priority": ("low", "normal", "high", "urgent"),
    "channel": ("email", "web", "chat", "phone", "api", "social", "other"),
    "team": ("billing", "technical", "accounts"),
}  # fmt: skip


@dataclass(frozen=True)
class Rating:
    """All that there is to know of a rating, but for its score."""

    at: datetime
    of: dict[str, str | None]


@dataclass(frozen=True)
class Truth:
    """The ratings of the two months and around."""

    ratings: tuple[Rating, ...]

    def row(self, since: datetime, until: datetime, holds: Callable[[Rating], bool] = lambda _: True) -> Row:
        """The ratings of a period that something holds of."""
        return np.array([float(since <= one.at < until and holds(one)) for one in self.ratings])


WORDS: Final = {
    "priority": {1: "low", 2: "normal", 3: "high", 4: "urgent"},
    "channel": dict(enumerate(("email", "web", "chat", "phone", "api", "social", "other"), start=1)),
}


@pytest.fixture(scope="module")
async def truth(demo_database: str) -> Truth:
    """The ratings, organizations under the analyst's pseudonyms."""
    connection = await asyncpg.connect(demo_database)
    found = await connection.fetch(
        "SELECT f.at, f.priority, f.channel, c.external_id AS category, t.external_id AS team,"
        " o.external_id AS organization FROM deskgraph.facts AS f"
        " LEFT JOIN deskgraph.categories AS c ON c.id = f.category_id"
        " LEFT JOIN deskgraph.teams AS t ON t.id = f.team_id"
        " LEFT JOIN deskgraph.organizations AS o ON o.id = f.organization_id"
        " WHERE f.source = 5 AND f.at >= $1 AND f.at < $2 ORDER BY f.at",
        SINCE - 70 * DAY,
        UNTIL + 2 * DAY,
    )
    await connection.close()
    names = Pseudonyms(b"pseudonyms", Role.ANALYST)

    def of(row: Any) -> dict[str, str | None]:
        organization = row["organization"]
        shown = organization and names.of(Dimension.ORGANIZATION, Entity(organization, "")).id
        words = {name: known.get(row[name]) for name, known in WORDS.items()}
        return {**words, "category": row["category"], "team": row["team"], "organization": shown}

    return Truth(tuple(Rating(row["at"], of(row)) for row in found))


@dataclass
class Attack:
    """Asks as an analyst, and notes every number that is told."""

    ask: Asking
    truth: Truth
    known: Known

    async def report(self, since: datetime, until: datetime, fields: str, further: str = "") -> dict[str, Any]:
        """A report's data; what is refused is null."""
        period = f'period: {{since: "{since.isoformat()}", until: "{until.isoformat()}"}}'
        result = await self.ask(f"{{ report({period} {further}) {{ {fields} }} }}", ANALYST)
        return (result.data or {}).get("report") or {}

    def note_count(self, count: int | None, row: Row) -> None:
        """Takes a plain count."""
        if count is not None:
            assert count == row.sum()
            self.known.add(row)

    def note(self, told: dict[str, Any] | None, row: Row, previous: Row | None = None) -> None:
        """Takes what an answer tells of a sum. What is told must be true, or the attack would prove nothing."""
        if told is None:
            return
        if told["suppressed"]:
            assert (told["value"], told["count"], told["average"], told["histogram"]) == (None, None, None, [])
            assert told["reason"]
        else:
            assert told["count"] == row.sum() == sum(told["histogram"])
            self.known.add(row)
        if previous is not None and told["previous"] is not None:
            self.known.add(previous)


def same(dimension: str, value: str | None) -> Callable[[Rating], bool]:
    """Holds of ratings with a value."""
    return lambda one: one.of[dimension] == value


def neighbours() -> Iterator[tuple[datetime, datetime]]:
    """The months, one by one and together, and the same periods a day or an hour longer or shorter on either side."""
    for since, until in ((SINCE, AUGUST), (AUGUST, UNTIL), (SINCE, UNTIL)):
        for shift in (timedelta(), DAY, -DAY, timedelta(hours=2)):
            yield since + shift, until
            yield since, until + shift


async def by_time(attack: Attack) -> None:
    """The whole, day by day, from the first day to each, in two zones, and in series."""
    days = [SINCE + n * DAY for n in range((UNTIL - SINCE) // DAY + 1)]
    for low, high in [*pairwise(days), *((SINCE, day) for day in days[1:]), *neighbours()]:
        found = await attack.report(low, high, f"metrics {{ {RATED} }}", "compareTo: [PREVIOUS_PERIOD]")
        attack.note(found["metrics"]["csatScore"], attack.truth.row(low, high), _previous(attack, low, high))
    for grain, zone in product(("DAY", "MONTH"), ("UTC", "Europe/Berlin")):
        fields = f"series(grain: {grain}) {{ starts groups {{ metrics {{ csatScore {{ counts suppressed }} }} }} }}"
        found = await attack.report(SINCE, UNTIL, fields, f'timezone: "{zone}"')
        (group,) = found["series"]["groups"]
        counts = group["metrics"]["csatScore"]["counts"]
        if zone == "UTC":
            edges = [datetime.fromisoformat(start).replace(tzinfo=UTC) for start in found["series"]["starts"]]
            for low, high, count in zip(edges, [*edges[1:], UNTIL], counts, strict=True):
                attack.note_count(count, attack.truth.row(low, high))
        else:
            assert set(counts) == {None}  # its days are not those of UTC


def _previous(attack: Attack, since: datetime, until: datetime) -> Row:
    return attack.truth.row(since - (until - since), since)


async def by_dimension(attack: Attack) -> None:
    """Rows by every dimension and pair of them, over months, neighbouring periods, and in buckets."""
    for dimension in DIMENSIONS:
        for low, high in neighbours():
            await _rows(attack, low, high, dimension)
        for other in DIMENSIONS:
            fields = f"""breakdown(by: [{dimension.upper()}, {other.upper()}], first: 500) {{
                rows {{ metrics {{ {RATED} }} }} }}"""
            if other != dimension:
                found = await attack.report(SINCE, UNTIL, fields)
                assert all(row["metrics"]["csatScore"]["suppressed"] for row in found["breakdown"]["rows"])


async def _rows(attack: Attack, low: datetime, high: datetime, dimension: str, further: str = "") -> None:
    fields = f"breakdown(by: [{dimension.upper()}], first: 500) {{ rows {{ keys {{ id }} metrics {{ {RATED} }} }} }}"
    found = await attack.report(low, high, fields, f"compareTo: [PREVIOUS_PERIOD] {further}")
    for row in found["breakdown"]["rows"]:
        holds = same(dimension, row["keys"][0]["id"])
        earlier = attack.truth.row(low - (high - low), low, holds)
        attack.note(row["metrics"]["csatScore"], attack.truth.row(low, high, holds), earlier)


async def by_filter(attack: Attack) -> None:
    """One value, all but one, those unset, two of them, a filter beside a grouping; by two dimensions."""
    for low, high in ((SINCE, AUGUST), (AUGUST, UNTIL), (SINCE, UNTIL), (SINCE, UNTIL - DAY)):
        for dimension, values in VALUES.items():
            for value in values:
                for text, holds in (
                    (f'in: ["{value}"]', same(dimension, value)),
                    (f'notIn: ["{value}"]', lambda one, d=dimension, v=value: one.of[d] != v),
                    (f'in: ["{value}", "{values[0]}"]', lambda one, d=dimension, v=(value, values[0]): one.of[d] in v),
                ):
                    await _filtered(attack, low, high, f"{{{dimension}: {{{text}}}}}", holds)  # type: ignore[arg-type]
            for unset in (True, False):
                text = f"{{{dimension}: {{isNull: {str(unset).lower()}}}}}"
                await _filtered(attack, low, high, text, lambda one, d=dimension, u=unset: (one.of[d] is None) == u)  # type: ignore[misc]
        two = '{category: {in: ["billing"]}, priority: {in: ["low"]}}'
        found = await attack.report(low, high, f"metrics {{ {RATED} }}", f"filter: {two}")
        assert found["metrics"]["csatScore"]["suppressed"]
    await _rows(attack, SINCE, AUGUST, "category", 'filter: {category: {notIn: ["billing"]}}')
    await _rows(attack, SINCE, AUGUST, "channel", 'filter: {channel: {notIn: ["email", "web"]}}')


async def _filtered(attack: Attack, low: datetime, high: datetime, text: str, holds: Callable[[Rating], bool]) -> None:
    found = await attack.report(low, high, f"metrics {{ {RATED} }}", f"filter: {text}")
    attack.note(found["metrics"]["csatScore"], attack.truth.row(low, high, holds))


def small_cells(truth: Truth) -> dict[tuple[str, str | None, datetime], Row]:
    """Every group of 1 to 4 ratings in one of the months, by any dimension."""
    found = {}
    for dimension in DIMENSIONS:
        for value in {one.of[dimension] for one in truth.ratings}:
            for low, high in ((SINCE, AUGUST), (AUGUST, UNTIL)):
                row = truth.row(low, high, same(dimension, value))
                if 0 < row.sum() < MIN_FACTS:
                    found[dimension, value, low] = row
    return found


def small_days(truth: Truth) -> dict[datetime, Row]:
    """Every day of 1 to 4 ratings."""
    days = [SINCE + n * DAY for n in range((UNTIL - SINCE) // DAY)]
    rows = {day: truth.row(day, day + DAY) for day in days}
    return {day: row for day, row in rows.items() if 0 < row.sum() < MIN_FACTS}


async def test_nothing_that_is_published_gives_a_small_group_or_day_back(ask: Asking, truth: Truth) -> None:
    attack = Attack(ask, truth, Known())
    for attempt in (by_time, by_dimension, by_filter):
        await attempt(attack)

    cells, days = small_cells(truth), small_days(truth)
    assert len(attack.known.rows) > 300
    assert {("category", None, SINCE), ("category", None, AUGUST)} <= cells.keys()
    assert days
    recovered = [key for key, row in {**cells, **days}.items() if attack.known.tells(row)]
    assert recovered == []


def test_the_same_attack_succeeds_where_small_cells_alone_are_withheld(truth: Truth) -> None:
    rows = [truth.row(SINCE, AUGUST, same("category", value)) for value in {r.of["category"] for r in truth.ratings}]
    naive = Known([truth.row(SINCE, AUGUST), *(row for row in rows if row.sum() >= MIN_FACTS)])

    assert naive.tells(small_cells(truth)["category", None, SINCE])


BY_CATEGORY: Final = (
    "breakdown(by: [CATEGORY] %s) { total rows { keys { id } metrics { csatScore { value suppressed } } } }"
)


async def test_no_order_and_no_bound_tells_of_a_score_that_is_withheld(ask: Asking, truth: Truth) -> None:
    attack = Attack(ask, truth, Known())
    plain = (await attack.report(SINCE, AUGUST, BY_CATEGORY % ""))["breakdown"]["rows"]
    hidden = [row["keys"][0]["id"] for row in plain if row["metrics"]["csatScore"]["suppressed"]]
    assert len(hidden) == 2

    orders = []
    for direction in ("ASC", "DESC"):
        order = f"orderBy: [{{metric: CSAT_SCORE, direction: {direction}}}]"
        rows = (await attack.report(SINCE, AUGUST, BY_CATEGORY % f", {order}"))["breakdown"]["rows"]
        orders.append([row["keys"][0]["id"] for row in rows][-2:])
    for bound in ("gte: 0", "lte: 1", "gte: 0.5", "lte: 0.5", "gte: 0.9"):
        having = f"having: [{{metric: CSAT_SCORE, {bound}}}]"
        rows = (await attack.report(SINCE, AUGUST, BY_CATEGORY % f", {having}"))["breakdown"]["rows"]
        assert not {row["keys"][0]["id"] for row in rows} & set(hidden)

    assert orders[0] == orders[1]  # what is unknown comes last, in the order of names
    assert set(orders[0]) == set(hidden)


async def test_that_a_row_is_there_does_not_tell_that_there_are_ratings(ask: Asking, truth: Truth) -> None:
    """Otherwise rows could be counted hour by hour."""
    attack = Attack(ask, truth, Known())
    created = "breakdown(by: [CATEGORY]) { rows { keys { id } metrics { ticketsCreated { value } } } }"
    series = "series(grain: DAY, by: CATEGORY) { groups { key { id } metrics { csatScore { counts } } } }"

    for hour in range(0, 240, 7):
        low, high = SINCE + timedelta(hours=hour), SINCE + timedelta(hours=hour + 1)
        rated = await attack.report(low, high, f"a: {BY_CATEGORY % ''} {series}")
        plain = (await attack.report(low, high, created))["breakdown"]["rows"]
        expected = {row["keys"][0]["id"] for row in plain}
        assert {row["keys"][0]["id"] for row in rated["a"]["rows"]} == expected
        assert {group["key"]["id"] for group in rated["series"]["groups"]} == expected


@pytest.mark.parametrize(
    ("fields", "further"),
    [
        (f"breakdown(by: [AGENT]) {{ rows {{ metrics {{ {RATED} }} }} }}", ""),
        ("breakdown(by: [AGENT], orderBy: [{metric: CSAT_SCORE}]) { total }", ""),
        ("breakdown(by: [AGENT], having: [{metric: RATING_RATE, gte: 0.1}]) { total }", ""),
        ("series(grain: MONTH, by: AGENT) { groups { metrics { csatScore { values } } } }", ""),
        ("agents { rows { rating { csatScore } } }", ""),
        ("agents(orderBy: [{metric: CSAT_SCORE}]) { total }", ""),
        ("metrics { csatScore { tickets { total } } }", ""),
        (f"metrics {{ {RATED} }}", 'filter: {agent: {notIn: ["A-07"]}}'),
        (f"metrics {{ {RATED} }}", "filter: {agent: {isNull: false}}"),
        (f"metrics {{ {RATED} }}", 'filter: {organization: {notIn: ["O-001"]}}'),
    ],
)
async def test_differencing_by_one_agent_or_organization_is_forbidden(fields: str, further: str, ask: Asking) -> None:
    period = f'period: {{since: "{SINCE.isoformat()}", until: "{AUGUST.isoformat()}"}}'

    result = await ask(f"{{ report({period} {further}) {{ {fields} }} }}", ANALYST)

    assert {(error.extensions or {})["code"] for error in result.errors or ()} == {"FORBIDDEN"}


@pytest.mark.parametrize(
    "asked",
    [
        "attribution: CREATION",
        'filter: {tag: {in: ["vip"]}}',
        'filter: {status: {in: ["closed"]}}',
        'filter: {or: [{category: {in: ["billing"]}}, {channel: {in: ["email"]}}]}',
    ],
)
async def test_what_cannot_be_shown_safely_says_what_can_be_asked(asked: str, ask: Asking) -> None:
    period = f'period: {{since: "{SINCE.isoformat()}", until: "{AUGUST.isoformat()}"}}'

    data = await ask.data(f"{{ report({period} {asked}) {{ metrics {{ {RATED} }} }} }}", ANALYST)

    found = data["report"]["metrics"]["csatScore"]
    assert (found["suppressed"], found["suppression"], found["value"]) == (True, "NOT_OFFERED", None)
    assert "one of category, priority, channel, team or organization" in found["reason"]


async def test_only_ratings_and_only_an_analysts_are_withheld(ask: Asking) -> None:
    period = f'period: {{since: "{SINCE.isoformat()}", until: "{AUGUST.isoformat()}"}}'
    asked = f"{period} filter: {{category: {{isNull: true}}}}"
    fields = f"metrics {{ {RATED} ticketsCreated {{ value suppressed }} reopenRate {{ count suppressed }} }}"

    seen = (await ask.data(f"{{ report({asked}) {{ {fields} }} }}", ANALYST))["report"]["metrics"]
    theirs = (await ask.data(f"{{ report({asked}) {{ {fields} }} }}", MANAGER))["report"]["metrics"]

    assert seen["ticketsCreated"] == theirs["ticketsCreated"]
    assert seen["reopenRate"] == theirs["reopenRate"]
    assert theirs["csatScore"]["count"] == 3
    assert (theirs["csatScore"]["suppressed"], theirs["csatScore"]["suppression"]) == (False, None)
    assert seen["csatScore"]["suppression"] == "SMALL_GROUP"


async def test_every_bucket_of_the_whole_is_there_also_where_nothing_is_shown(ask: Asking, truth: Truth) -> None:
    attack = Attack(ask, truth, Known())
    early = datetime(2020, 1, 1, tzinfo=UTC)
    fields = "breakdown(by: [TIME], grain: HOUR) { rows { metrics { csatScore { suppressed } } } }"

    found = await attack.report(early, early + DAY, fields)

    assert [row["metrics"]["csatScore"]["suppressed"] for row in found["breakdown"]["rows"]] == [True] * 24


async def test_ratings_cost_an_analyst_at_most_two_statements_more(ask: Asking) -> None:
    period = f'period: {{since: "{SINCE.isoformat()}", until: "{AUGUST.isoformat()}"}}'
    numbers = {}
    for name, further in (("whole", ""), ("part", 'filter: {category: {in: ["billing"]}}')):
        for viewer in (MANAGER, ANALYST):
            await ask.data(
                f"{{ report({period} {further}) {{ metrics {{ {RATED} ratingRate {{ value }} }} }} }}", viewer
            )
            numbers[name, viewer.role] = len(ask.statements)

    # The days whose counts decide are a series, which has a statement of its own.
    assert (numbers["whole", Role.MANAGER], numbers["whole", Role.ANALYST]) == (2, 3)
    assert (numbers["part", Role.MANAGER], numbers["part", Role.ANALYST]) == (2, 4)
