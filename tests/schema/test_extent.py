"""What is too large in a document is refused before it is validated, at a cost that grows as its text does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from graphql import parse
from strawberry.schema import schema as strawberry_schema

from db.errors import TooComplex
from rest_compat.stored import NAMED
from schema import bounds, extent
from schema.scan import MAX_TOKENS
from tests.conftest import MANAGER, Asking

ROLE = "{ viewer { role } }"


def nested(fragments: int) -> str:
    """Each fragment spreads the next one twice: 2^n fields."""
    chain = "".join(f"fragment F{n} on ViewerInfo{{...F{n + 1} ...F{n + 1}}}" for n in range(fragments - 1))
    return f"{{viewer{{...F0}}}}{chain}fragment F{fragments - 1} on ViewerInfo{{role}}"


def backwards(fragments: int) -> str:
    """The same, with the definitions in the other order."""
    definitions = nested(fragments).split("fragment ")
    return "fragment ".join(["", *reversed(definitions[1:])]) + definitions[0]


def knotted(fragments: int) -> str:
    """Each fragment spreads all that follow."""
    spread = [" ".join(f"...F{below}" for below in range(n + 1, fragments)) for n in range(fragments)]
    return "{viewer{...F0}}" + "".join(f"fragment F{n} on ViewerInfo{{role {below}}}" for n, below in enumerate(spread))


REFUSED: dict[str, tuple[str, str]] = {
    "depth": ("{ viewer" + " { scope" * 20 + " }" * 21, "depth 21"),
    "fields": (nested(14), "fields 8193"),
    "aliases": ("{" + " ".join(f"a{n}: viewer {{ role }}" for n in range(201)) + "}", "aliases 201"),
    "aliases by fragments": (
        "{" + "".join(f" a{n}: viewer {{ ...Two }}" for n in range(80)) + "}"
        "fragment Two on ViewerInfo { a: role b: role }",
        "aliases 240",
    ),
    "repeats": ("{ viewer { role" + " role" * 101 + " } }", "repeats 101"),
    "directives": ("{ viewer { role" + " @include(if: true)" * 501 + " } }", "directives 501"),
    "directives of variables": (f"query ({'$a: Int @x ' * 501}) {ROLE}", "directives 501"),
    "spreads": ("{ viewer {" + " ...on ViewerInfo { role }" * 301 + " } }", "spreads 301"),
    "fragments": (nested(201), "fragments 201"),
}


@pytest.mark.parametrize(("document", "said"), REFUSED.values(), ids=REFUSED)
async def test_too_much_of_anything_is_refused_with_what_is_allowed(ask: Asking, document: str, said: str) -> None:
    result = await ask(document, MANAGER)

    (error,) = result.errors or ()
    assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"
    assert said in error.message
    assert "allowed are" in error.message
    assert result.data is None


@pytest.mark.parametrize(("document", "said"), REFUSED.values(), ids=REFUSED)
def test_its_tree_says_the_same(document: str, said: str) -> None:
    with pytest.raises(TooComplex, match=said):
        extent.require_moderate(extent.parts_of(parse(document)))


async def test_what_is_too_large_is_not_validated(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("it was validated")

    monkeypatch.setattr(bounds, "validate_document", refuse)

    result = await ask(nested(30), MANAGER)

    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["QUERY_TOO_COMPLEX"]


@pytest.mark.parametrize("document", ["{ viewer" + " { scope" * 900, "{ viewer(a: " + "[" * 900, "[" * 3_000])
async def test_what_is_nested_too_deep_to_be_read_is_no_internal_fault(ask: Asking, document: str) -> None:
    result = await ask(document, MANAGER)

    assert {(error.extensions or {})["code"] for error in result.errors or ()} <= {
        "QUERY_TOO_COMPLEX",
        "BAD_USER_INPUT",
    }


def steps(document: str) -> int:
    """How many calls it takes to measure a document."""
    tree, counted = parse(document), 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        extent.require_moderate(extent.parts_of(tree))
    except TooComplex:
        pass
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("shape", [nested, backwards])
def test_measuring_grows_as_the_text_does(shape: Callable[[int], str]) -> None:
    small, large = steps(shape(40)), steps(shape(160))

    assert large < 4.5 * small


def test_measuring_grows_as_the_text_does_where_everything_spreads_everything() -> None:
    ten, forty = knotted(10), knotted(40)

    assert steps(forty) / steps(ten) < 1.5 * len(forty) / len(ten)


def test_a_fragment_that_spreads_itself_ends_and_is_left_to_validation() -> None:
    circle = f"{ROLE} fragment A on ViewerInfo {{ ...B }} fragment B on ViewerInfo {{ role ...A }}"

    extent.require_moderate(extent.parts_of(parse(circle)))


@pytest.mark.parametrize("name", NAMED)
def test_every_stored_document_has_room_to_grow(name: str) -> None:
    extent.require_moderate(extent.parts_of(parse(NAMED[name], max_tokens=MAX_TOKENS // 2)))


async def test_a_document_is_validated_once(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    validated = []

    def validate(*given: Any) -> Any:
        validated.append(given)
        return strawberry_schema.validate_document(*given)

    monkeypatch.setattr(bounds, "validate_document", validate)
    document = "{ viewer { role scope { kind } capabilities } metricCatalog { name } }"

    for _ in range(3):
        await ask.data(document, MANAGER)

    assert len(validated) == 1
