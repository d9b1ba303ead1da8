"""Plain data, completed by columns instead of field by field: the same answer as graphql-core's, for less.

What is selected of a type is *plain* if every field of it, at any depth, is an attribute: no resolver, no argument, no
extension, nothing that the viewer lacks a capability for, no interface or union. For such a selection one projection is
made in an operation: a function of a column of values, which reads an attribute of all of them at once, checks what
they are at once, and puts the rows together at the end.

A projection is only for what goes well. Wherever anything is unusual it raises, whatever it raises, and graphql-core
completes the same value by its own code: it alone makes errors, awaits, and finds out what strange values become.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from inspect import getattr_static
from itertools import chain, islice
from math import isfinite
from operator import attrgetter
from types import GeneratorType, NoneType
from typing import Any, Final, TypeVar
from weakref import WeakMethod

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import UndefinedType
from graphql.type.definition import GraphQLResolveInfoHelpers
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE
from strawberry.types.field import StrawberryField

from schema.in_columns import InColumns
from schema.permissions import Guarded

Values = Sequence[Any] | InColumns
Column = Callable[[Values], list[Any]]
"""Values of one position in many rows to what the answer has there. Raises: anything, for what is not usual there."""

READ: Final = "read"
"""In a resolver field's metadata: what returns the same from the object alone, and raises where it cannot."""


Given = TypeVar("Given")
Done = TypeVar("Done")


class NotPlain(Exception):
    """A selection, or a value, that is left to graphql-core."""


class ProjectingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor; lists and objects of plain data are projected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # TRICKY: as methods these would hold the executor, which holds them: with it all of a request would stay until
        # garbage is searched for.
        self.async_helpers = GraphQLResolveInfoHelpers(
            gather=_loose(self.gather_async_work), track=_loose(self.track_async_work)
        )
        # By type and selection; the selection is kept, so that its id is not given to another meanwhile.
        self._projections: dict[tuple[GraphQLOutputType, int], tuple[FieldDetailsList, Column | None]] = {}
        stands_between = self.middleware_manager is not None and bool(self.middleware_manager.middlewares)
        is_incremental = any(map(self.schema.get_directive, ("defer", "stream")))
        self._is_usual = not stands_between and not is_incremental

    def complete_list_value(
        self, return_type: Any, field_details_list: FieldDetailsList, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        """The list, projected where its items are plain."""
        done = self._projected(return_type, field_details_list, result)
        if done is None:
            return super().complete_list_value(return_type, field_details_list, info, path, result, position)
        return done

    def complete_object_value(
        self, return_type: Any, field_details_list: FieldDetailsList, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        """The object, projected where it is plain."""
        done = self._projected(return_type, field_details_list, result)
        if done is None:
            return super().complete_object_value(return_type, field_details_list, info, path, result, position)
        return done

    def _projected(self, kind: GraphQLOutputType, selection: FieldDetailsList, value: Any) -> Any:
        """What the answer has for a value; None where graphql-core has to say."""
        known = self._projections.get((kind, id(selection)))
        if known is None:
            known = self._projections[kind, id(selection)] = (selection, self._projection(kind, selection))
        column = known[1]
        if column is None:
            return None
        try:
            return column([value])[0]
        except Exception:  # whatever it is, it comes again, where it is told of
            return None

    def _projection(self, kind: GraphQLOutputType, selection: FieldDetailsList) -> Column | None:
        try:
            return self._column(kind, selection) if self._is_usual else None
        except NotPlain:
            return None

    def _column(self, kind: GraphQLOutputType, selection: FieldDetailsList) -> Column:
        if isinstance(kind, GraphQLList):
            return _lists(self._position(kind.of_type, selection))
        if is_leaf_type(kind):
            return _leaves(kind)
        if isinstance(kind, GraphQLObjectType):
            return self._objects(kind, selection)
        raise NotPlain

    def _position(self, kind: GraphQLOutputType, selection: FieldDetailsList) -> Column:
        if isinstance(kind, GraphQLNonNull):
            return self._column(kind.of_type, selection)
        return _nullable(self._column(kind, selection))

    def _objects(self, kind: GraphQLObjectType, selection: FieldDetailsList) -> Column:
        definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if definition is None or definition.is_type_of:
            raise NotPlain
        grouped = self.collect_subfields(kind, selection).grouped_field_set
        fields = {key: self._field(kind, definition.origin, below) for key, below in grouped.items()}
        return _objects(definition.origin, kind.is_type_of is not None, fields)

    def _field(self, kind: GraphQLObjectType, origin: type, selection: FieldDetailsList) -> Column:
        name = selection[0].node.name.value
        if name == "__typename":
            return lambda values: [kind.name] * len(values)
        field = kind.fields.get(name)
        if field is None or field.args:
            raise NotPlain
        resolve = field.resolve
        if isinstance(resolve, Guarded):
            if not self.context_value.has(resolve.needed):
                raise NotPlain
            resolve = resolve.resolve
        read = _reader(origin, field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF), resolve)
        column = self._position(field.type, selection)
        return lambda values: column(read(values))


@cache
def _reader(origin: type, field: StrawberryField | None, resolve: Callable[..., Any]) -> Callable[[Values], Values]:
    """What reads a field of objects. Raises: NotPlain, for one that has to be resolved."""
    if field is None or field.extensions:
        raise NotPlain
    if READ in field.metadata:
        read: Callable[[Any], Any] = field.metadata[READ]
        return lambda values: list(map(read, values))
    is_attribute = field.is_basic_field and getattr(resolve, "_is_default", False) and field.default_resolver is getattr
    # What works a value out (a property) may only be asked once.
    if not is_attribute or hasattr(getattr_static(origin, field.python_name, None), "__get__"):
        raise NotPlain
    name, attribute = field.python_name, attrgetter(field.python_name)
    return lambda values: values.columns[name] if type(values) is InColumns else list(map(attribute, values))


def _objects(origin: type, may_be_cast: bool, fields: Mapping[str, Column]) -> Column:
    columns = tuple(fields.values())
    row = _row(len(fields))(*fields)

    def project(values: Values) -> list[Any]:
        # Exactly this class: then it is of the type, whatever `is_type_of` looks at, unless it was cast to another.
        kinds = {values.origin} if isinstance(values, InColumns) else set(map(type, values))
        if kinds - {origin}:
            raise NotPlain
        if may_be_cast and not isinstance(values, InColumns) and any(map(_is_cast, values)):
            raise NotPlain
        return list(map(row, *(column(values) for column in columns))) if columns else [{} for _ in values]

    return project


def _is_cast(value: object) -> bool:
    return hasattr(value, TYPE_CAST_ATTRIBUTE)


@cache
def _row(width: int) -> Callable[..., Callable[..., dict[str, Any]]]:
    """What takes so many keys, and gives what takes so many values, and gives both as a dict.

    Written as a display, which is twice as fast as `dict(zip(keys, values))`; no name of the request is in the source.
    """
    keys, values = ([f"{letter}{n}" for n in range(width)] for letter in "kv")
    display = ", ".join(map("{}: {}".format, keys, values))
    made: Callable[..., Any] = eval(f"lambda {', '.join(keys)}: lambda {', '.join(values)}: {{{display}}}")
    return made


def _lists(items: Column) -> Column:
    def project(values: Values) -> list[Any]:
        if len(values) == 1 and type(values[0]) is InColumns:
            return [items(values[0])]
        if set(map(type, values)) - {list, tuple}:
            raise NotPlain
        done = iter(items(list(chain.from_iterable(values))))
        return [list(islice(done, len(value))) for value in values]

    return project


def _nullable(column: Column) -> Column:
    def project(values: Values) -> list[Any]:
        if type(values) is InColumns or NoneType not in set(map(type, values)):
            return column(values)
        done = iter(column([value for value in values if value is not None]))
        return [None if value is None else next(done) for value in values]

    return project


def _is_int(values: list[int]) -> bool:
    return min(values, default=0) >= GRAPHQL_MIN_INT and max(values, default=0) <= GRAPHQL_MAX_INT


def _is_finite(values: list[float]) -> bool:
    return all(map(isfinite, values))


_UNCHANGED: Final[Mapping[Any, tuple[type, Callable[[list[Any]], bool]]]] = {
    GraphQLInt: (int, _is_int),
    GraphQLFloat: (float, _is_finite),
    GraphQLString: (str, lambda _: True),
    GraphQLID: (str, lambda _: True),
    GraphQLBoolean: (bool, lambda _: True),
}
"""Values of this very class, with this condition, are in the answer as they are."""

_STRANGE: Final = (NoneType, UndefinedType, Exception, Awaitable, GeneratorType)


def _loose(method: Callable[[Given], Done]) -> Callable[[Given], Done]:
    """The same as the method, for as long as somebody else holds its object."""
    held = WeakMethod(method)

    def call(given: Given) -> Done:
        found = held()
        assert found is not None
        return found(given)

    return call


@cache
def _leaves(kind: GraphQLLeafType) -> Column:
    complete = StrawberryGraphQLCoreExecutionContext.complete_leaf_value
    usual, is_usual = _UNCHANGED.get(kind, (None, bool))
    names = {id(one): kind.coerce_output_value(one) for one in getattr(kind, "wrapped_cls", ())}

    def project(values: Values) -> list[Any]:
        given = values if isinstance(values, list) else list(values)
        if names:
            with suppress(KeyError):
                return list(map(names.__getitem__, map(id, given)))
        kinds = set(map(type, given))
        if usual and not kinds - {usual} and is_usual(given):
            return given
        if any(issubclass(one, _STRANGE) for one in kinds):
            raise NotPlain
        return [complete(kind, value) for value in given]

    return project
