"""Objects of all sorts, good and bad, in every position: what is projected is what the stock executor answers."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any, Final

import pytest
import strawberry
from graphql import GraphQLError
from graphql.pyutils import Undefined
from hypothesis import given
from hypothesis import strategies as st
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.permission import BasePermission
from strawberry.scalars import JSON
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import Info

from schema.projection import READ, ProjectingExecutor
from tests.laws.slices import law
from tests.projection.answers import told
from tests.projection.documents import Asked, documents


@strawberry.enum
class Colour(Enum):
    """An enum whose public names are not its values."""

    RED = "r"
    BLUE = "b"


@strawberry.interface
class Marked:
    """What makes the executor look at types."""

    mark: str | None


@strawberry.type
class Mark(Marked):
    """One such type."""

    number: int


@strawberry.type
class OtherMark(Marked):
    """Another."""

    number: int


class Allowed(BasePermission):
    """A permission, which is given."""

    def has_permission(self, source: Any, info: Any, **further: Any) -> bool:
        """Yes."""
        return True


@strawberry.type
class Part:
    """A type with a field of every sort."""

    number: int
    number_or_null: int | None
    ratio: float
    ratio_or_null: float | None
    text: str
    text_or_null: str | None
    key: strawberry.ID
    flag: bool
    colour: Colour
    colour_or_null: Colour | None
    at: datetime | None
    anything: JSON | None
    numbers: list[int]
    numbers_or_null: list[int | None] | None
    grid: list[list[float]]
    grid_or_null: list[list[Colour | None] | None] | None
    mark: Mark
    mark_or_null: Marked | None
    child: Part | None
    must: Part
    children: list[Part]
    children_or_null: list[Part | None] | None
    table: list[list[Part]] | None
    allowed: int | None = strawberry.field(permission_classes=[Allowed])
    _worked_out: strawberry.Private[Any]

    @strawberry.field
    def resolved(self) -> int | None:
        """A resolver."""
        return self.number_or_null

    @strawberry.field
    async def awaited(self) -> int:
        """A resolver that awaits."""
        await asyncio.sleep(0)
        return self.number

    @strawberry.field(metadata={READ: lambda part: part._worked_out["known"]})
    def worked_out(self, info: Info) -> int | None:
        """A resolver whose result may be known already."""
        found: int | None = self._worked_out.get("known", self.number)
        return found


class OddPart(Part):
    """A class that is no type of the schema."""


@dataclass(frozen=True)
class Coming:
    """What has to be awaited."""

    value: Any

    def __await__(self) -> Generator[Any, None, Any]:
        yield from asyncio.sleep(0).__await__()
        return self.value


def cast_mark() -> Mark:
    """A mark that says it is another type's."""
    return strawberry.cast(OtherMark, Mark(mark="cast", number=1))  # type: ignore[return-value]


Make = Callable[[], Any]
"""Makes a fresh value."""

_ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, Undefined, True, 0, 2**31, -(2**31) - 1, 10**400, 1.0, 1.5, math.nan, math.inf, Decimal("1.5")),
    *("", "12", "r", "RED", b"bytes", Colour.RED, datetime(2026, 3, 1, tzinfo=UTC), print, Colour),
    *({"a": 1}, {1}, (1, 2), [1, None], [[1.5], None], [Colour.BLUE], [[Colour.RED, "RED"]], [ValueError("in a list")]),
    *(ValueError("an error as a value"), GraphQLError("another", extensions={"code": "ODD"})),
)
ODD: Final[tuple[Make, ...]] = (
    *((lambda value=value: value) for value in _ODD_VALUES),  # type: ignore[misc]
    *(lambda: Coming(1), lambda: [Coming(1), 2], lambda: iter([1, 2])),
    *(cast_mark, lambda: OtherMark(mark="", number=1)),
)
USUAL: Final[dict[str, tuple[Make, ...]]] = {
    "number": (lambda: 7, lambda: -(2**31)),
    "number_or_null": (lambda: None, lambda: 2**31 - 1),
    "ratio": (lambda: 0.5, lambda: -0.0, lambda: 3),
    "ratio_or_null": (lambda: None, lambda: 1e300),
    "text": (lambda: "a", lambda: ""),
    "text_or_null": (lambda: None, lambda: "ä"),
    "key": (lambda: strawberry.ID("k"),),
    "flag": (lambda: True, lambda: False),
    "colour": (lambda: Colour.RED, lambda: Colour.BLUE),
    "colour_or_null": (lambda: None, lambda: Colour.RED),
    "at": (lambda: None, lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)),
    "anything": (lambda: None, lambda: {"a": [1, None]}, lambda: 3),
    "numbers": (list, lambda: [1, 2]),
    "numbers_or_null": (lambda: None, lambda: [None, 3], lambda: (1,)),
    "grid": (list, lambda: [[0.5], []]),
    "grid_or_null": (lambda: None, lambda: [None, [Colour.RED, None]]),
    "mark": (lambda: Mark(mark=None, number=1), lambda: Mark(mark="m", number=2)),
    "mark_or_null": (lambda: None, lambda: Mark(mark="m", number=2), lambda: OtherMark(mark="o", number=2)),
    "allowed": (lambda: 1,),
    "_worked_out": (lambda: {"known": 5}, lambda: {"known": None}, dict),
}


@dataclass(frozen=True)
class Maker:
    """Makes parts by the luck of one seed: one value in so many is odd, with none of them if that is 0."""

    luck: Random
    oddness: int

    def part(self, depth: int) -> Any:
        """A part, with parts below it."""
        values = {name: self._value(self.luck.choice(usual)) for name, usual in USUAL.items()}
        for name in ("child", "must"):
            values[name] = self._value(lambda: self.part(depth - 1) if depth else None)
        for name in ("children", "children_or_null"):
            values[name] = self._value(lambda: self._some(depth))
        values["table"] = self._value(lambda: [self._some(depth) for _ in range(self.luck.randrange(3))])
        return (OddPart if self._is_odd() else Part)(**values)

    def _some(self, depth: int) -> list[Any]:
        return [self.part(depth - 1) for _ in range(self.luck.randrange(3))] if depth else []

    def _value(self, usual: Make) -> Any:
        return self.luck.choice(ODD)() if self._is_odd() else usual()

    def _is_odd(self) -> bool:
        return self.oddness > 0 and self.luck.randrange(self.oddness) == 0


@dataclass(frozen=True)
class Root:
    """What the root's fields give, the same in each execution."""

    seed: int
    size: int
    oddness: int

    def make(self) -> list[Any]:
        """Fresh parts: what is awaited or iterated is used up."""
        maker = Maker(Random(self.seed), self.oddness)
        return [maker.part(2) for _ in range(self.size)]


@dataclass(frozen=True)
class Odd:
    """Two parts and those below them, all usual but for one value of one of them."""

    place: str
    name: str
    value: Make

    def make(self) -> list[Any]:
        """The parts."""
        parts = [self._part(1), self._part(1)]
        odd = parts[1]
        if self.place == "table":
            odd = odd.table[0][1]
        elif self.place:
            odd = getattr(odd, self.place)
            odd = odd[-1] if isinstance(odd, list) else odd
        setattr(odd, self.name, self.value())
        return parts

    def _part(self, depth: int) -> Part:
        below = [self._part(depth - 1) for _ in range(7)] if depth else [None] * 7
        several = [below[2:4], below[4:5], [below[5:7]]] if depth else [[], None, []]
        values = {name: usual[-1]() for name, usual in USUAL.items()}
        names = ("child", "must", "children", "children_or_null", "table")
        return Part(**values, **dict(zip(names, [*below[:2], *several], strict=True)))


@dataclass(frozen=True)
class Given:
    """Parts that are there already."""

    parts: list[Any]

    def make(self) -> list[Any]:
        """The parts."""
        return self.parts


@strawberry.type
class Query:
    """Parts, in positions that may be null and that may not."""

    @strawberry.field
    def part(self, info: Info) -> Part | None:
        """One."""
        return next(iter(info.context.make()), None)

    @strawberry.field
    async def parts(self, info: Info) -> list[Part]:
        """All."""
        return info.context.make()

    @strawberry.field
    def parts_or_null(self, info: Info) -> list[Part | None] | None:
        """All, or nulls."""
        return info.context.make()


class Language(strawberry.Schema):
    """The types above; their errors are not logged."""

    def __init__(self, executor: type[StrawberryGraphQLCoreExecutionContext]) -> None:
        caches = [lambda: ParserCache(maxsize=200), lambda: ValidationCache(maxsize=200)]
        super().__init__(Query, types=[OtherMark], extensions=caches, execution_context_class=executor)

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing."""


STOCK: Final = Language(StrawberryGraphQLCoreExecutionContext)
OURS: Final = Language(ProjectingExecutor)
ROOTS: Final = ("part", "parts", "partsOrNull")


async def both(asked: Asked, root: Root | Odd) -> tuple[Any, Any]:
    """The stock answer and ours."""
    answers = []
    for schema in (STOCK, OURS):
        found = await schema.execute(asked.document, dict(asked.variables), context_value=root)
        answers.append(told(found))
    return answers[0], answers[1]


roots = st.builds(Root, st.integers(0, 2**32), st.integers(1, 4), st.sampled_from((8, 25, 60, 0)))


@law(200)
@given(st.sampled_from(ROOTS).flatmap(lambda root: documents(STOCK._schema, {}, 3, root)), roots)
async def test_any_selection_of_any_objects_is_answered_as_by_the_stock_executor(asked: Asked, root: Root) -> None:
    stock, ours = await both(asked, root)

    assert ours == stock


def camel(name: str) -> str:
    """A Python name as GraphQL's."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


PLAIN: Final = {
    **{name: camel(name) for name in USUAL if name not in ("allowed", "_worked_out", "mark", "mark_or_null")},
    "mark": "mark { __typename mark number }",
    **{name: f"{camel(name)} {{ text }}" for name in ("child", "must", "children", "children_or_null", "table")},
}
"""What selects a field so that the selection is plain."""


@pytest.mark.parametrize(
    ("root", "place"),
    [
        ("parts", ""),
        *(("partsOrNull", place) for place in ("", "must", "children", "table")),
    ],
)
async def test_every_odd_value_in_every_position_is_answered_as_by_the_stock_executor(root: str, place: str) -> None:
    for name, selected in PLAIN.items():
        below = f"number {selected}"
        asked = Asked(f"{{ {root} {{ {f'text {camel(place)} {{ {below} }}' if place else below} }} }}", {})
        for value in ODD:
            stock, ours = await both(asked, Odd(place, name, value))

            assert ours == stock, (asked.document, value())
            assert all(path for _, path, *_ in stock[1]), "the document is not valid"


@dataclass
class Seen:
    """The types whose fields were completed one by one."""

    types: list[str] = field(default_factory=list)


def watched(seen: Seen) -> type[ProjectingExecutor]:
    """Our executor, telling of every object that graphql-core completes."""

    class Watched(ProjectingExecutor):
        def execute_fields(self, parent_type: Any, *further: Any) -> Any:
            seen.types.append(parent_type.name)
            return super().execute_fields(parent_type, *further)

    return Watched


async def completed_one_by_one(selection: str) -> set[str]:
    """The types that graphql-core completes for a selection of ten parts."""
    seen = Seen()
    schema = Language(watched(seen))
    result = await schema.execute(f"{{ parts {selection} }}", context_value=Root(7, 10, 0))
    assert result.data, result.errors
    return set(seen.types)


ALL_PLAIN: Final = """{ __typename number numberOrNull ratio textOrNull key flag colour at anything numbers
    gridOrNull mark { __typename mark number } children { number ...F } ... on Part @skip(if: false) { x: number } } }
    fragment F on Part { number childrenOrNull { colour } """


async def test_a_plain_selection_is_projected_whole() -> None:
    assert await completed_one_by_one(ALL_PLAIN) == {"Query"}


@pytest.mark.parametrize("field", ["resolved", "awaited", "allowed", "workedOut", "markOrNull { mark }"])
async def test_what_needs_a_resolver_a_permission_or_a_runtime_type_is_left_to_graphql_core(field: str) -> None:
    assert "Part" in await completed_one_by_one(f"{{ number {field} }}")


async def test_a_resolver_is_not_asked_for_what_all_objects_know() -> None:
    seen = Seen()
    known = Root(1, 3, 0)
    parts = known.make()
    for part in parts:
        part._worked_out = {"known": 1}
    schema = Language(watched(seen))

    result = await schema.execute("{ parts { workedOut } }", context_value=Given(parts))

    assert result.data == {"parts": [{"workedOut": 1}] * 3}
    assert seen.types == ["Query"]


async def test_one_odd_row_leaves_the_others_projected() -> None:
    seen = Seen()
    parts = Root(1, 3, 0).make()
    parts[1].number = 2**31
    schema = Language(watched(seen))

    result = await schema.execute("{ partsOrNull { number } }", context_value=Given(parts))

    assert result.data is not None
    assert result.data["partsOrNull"][1] is None
    assert [error.path for error in result.errors or ()] == [["partsOrNull", 1, "number"]]
    assert seen.types == ["Query", "Part"]
