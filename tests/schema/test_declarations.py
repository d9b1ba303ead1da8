"""A field without a rule cannot be part of the language."""

from __future__ import annotations

import pytest
import strawberry

from schema import permissions
from schema.permissions import needed


def build(kind: type) -> None:
    """A schema with a type, declared."""
    permissions.declare(strawberry.Schema(query=kind)._schema)


@strawberry.type
class Salary:
    """What nobody has said a rule for."""

    amount: int


def test_a_type_that_nobody_declared_stops_the_build() -> None:
    @strawberry.type
    class Query:
        salary: Salary

    with pytest.raises(TypeError, match=r"Salary is not declared in schema/permissions\.py"):
        build(Query)


def test_a_field_that_may_be_withheld_must_be_nullable() -> None:
    @strawberry.type
    class Query:
        tickets: int

    with pytest.raises(TypeError, match=r"Query\.tickets may be withheld, so it must be nullable"):
        build(Query)


def test_a_new_field_of_a_known_type_needs_what_its_type_needs() -> None:
    assert [one.value for one in needed("Trends", "somethingNew")] == ["reports:trends:read"]
    assert [one.value for one in needed("AgentRow", "tickets")] == ["reports:agents:read", "tickets:detail:read"]
