"""What is read from a document's text is what its tree has, and refuses it before it is parsed."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Token, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.errors import TooComplex
from rest_compat.stored import NAMED
from schema import extent, reading, scan
from schema.extent import Parts
from tests.conftest import MANAGER, Asking
from tests.schema.test_extent import nested

NAMES = st.sampled_from(["a", "b", "on_", "query", "fragment", "_", "F1", "true", "null"])
TEXTS = st.one_of(
    st.sampled_from(['""', '"}"', '"{ ...F1"', '"#"', r'"\""', r'"\\"', '""""""', '"""}"""', '"""a"b"""']),
    st.sampled_from(['"""""a"""', r'"""\"""}"""', '"""\n{ @a \n"""', r'"""\\"""', '"""# """', '"\u00e9\ud7ff"']),
    st.text("a{}()@#.: \t", max_size=8).map('"{}"'.format),
)
VALUES = st.recursive(
    st.one_of(TEXTS, NAMES, st.sampled_from(["1", "-0", "1.5e-3", "0.0", "12E+9", "$a", "[1-2]", "[]", "{}"])),
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda of: f"[{' '.join(of)}]"),
        st.lists(st.tuples(NAMES, below), max_size=3).map(lambda of: "{" + ", ".join(f"{n}: {v}" for n, v in of) + "}"),
    ),
    max_leaves=5,
)
ARGUMENTS = st.lists(st.tuples(NAMES, VALUES), max_size=2).map(
    lambda of: f"({' '.join(f'{name}:{value}' for name, value in of)})" if of else ""
)
DIRECTIVES = st.lists(st.tuples(NAMES, ARGUMENTS), max_size=2).map(lambda of: "".join(f" @ {n}{a}" for n, a in of))
CONDITIONS = st.one_of(st.just(""), NAMES.map(" on {} ".format))
FIELDS = st.tuples(st.one_of(st.just(""), NAMES.map("{} : ".format)), NAMES, ARGUMENTS, DIRECTIVES).map("".join)
SPREADS = st.tuples(NAMES, DIRECTIVES).map(lambda of: f"... {of[0]}{of[1]}")
SELECTIONS = st.recursive(
    st.one_of(FIELDS, SPREADS),
    lambda below: st.tuples(
        st.one_of(FIELDS, st.tuples(CONDITIONS, DIRECTIVES).map(lambda of: f"...{of[0]}{of[1]}")),
        st.lists(below, min_size=1, max_size=4),
    ).map(lambda of: f"{of[0]}{{{' '.join(of[1])}}}"),
    max_leaves=12,
)
SETS = st.lists(SELECTIONS, min_size=1, max_size=3).map(lambda of: "{" + ",".join(of) + "}")
VARIABLES = st.lists(st.tuples(NAMES, st.sampled_from(["Int", "[a!]!"]), DIRECTIVES), max_size=2).map(
    lambda of: f"({' '.join(f'${name}: {kind} = {{a: 1}}{told}' for name, kind, told in of)})" if of else ""
)
KINDS = st.sampled_from(["query", "mutation", "subscription"])
OPERATIONS = st.one_of(SETS, st.tuples(KINDS, st.just(" "), NAMES, VARIABLES, DIRECTIVES, SETS).map("".join))
FRAGMENTS = st.tuples(NAMES, NAMES, DIRECTIVES, SETS).map(lambda of: f"fragment {of[0]} on {of[1]}{of[2]}{of[3]}")
BETWEEN = st.sampled_from([" ", "\n", "\r\n", "# a comment { } ...F1\n", "\ufeff", ",,", '"""described"""'])
DOCUMENTS = st.lists(st.tuples(st.one_of(OPERATIONS, FRAGMENTS), BETWEEN), min_size=1, max_size=5).map(
    lambda of: "".join(f"{one}{between}" for one, between in of)
)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def in_order(parts: Parts) -> Parts:
    """Parts whose spreads are in one order."""
    return Parts(
        [replace(one, spreads=sorted(one.spreads)) for one in parts.operations],
        {name: replace(one, spreads=sorted(one.spreads)) for name, one in parts.fragments.items()},
    )


def require_as_in_its_tree(text: str) -> None:
    """Of what can be parsed, everything is the same; of what cannot, nothing is said but that it is too large."""
    try:
        tree = parse(text)
    except GraphQLSyntaxError:
        scan.parts_in(text)
        return
    found = scan.parts_in(text)
    assert found is not None
    assert in_order(found) == in_order(extent.parts_of(tree))


@MANY
@given(DOCUMENTS)
def test_all_that_a_tree_has_is_found_in_the_text(text: str) -> None:
    require_as_in_its_tree(text)


@MANY
@given(DOCUMENTS, st.data())
def test_what_was_torn_is_left_to_the_parser_or_read_as_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(
        st.sampled_from(["", "{", "}", ")", '"', '"""', "...", "@", "\\", "é", "type A { a: Int }", "\x0b"])
    )

    torn = text[:start] + put + text[end:]

    try:
        tree = parse(torn)
    except GraphQLSyntaxError:
        scan.parts_in(torn)
        return
    found = scan.parts_in(torn)
    assert found is None or in_order(found) == in_order(extent.parts_of(tree))


@pytest.mark.parametrize("name", NAMED)
def test_every_stored_document_is_read_as_it_is(name: str) -> None:
    require_as_in_its_tree(NAMED[name])


@pytest.mark.parametrize("text", ["", "#", "{", "{ a", "{ a( }", "query (", "query ($a: Int", "fragment", "fragment F"])
def test_what_ends_too_soon_is_left_to_the_parser(text: str) -> None:
    assert scan.parts_in(text) is None or text in ("", "#")


@pytest.mark.parametrize("fragments", [170, 250])
async def test_what_is_too_large_is_not_parsed(ask: Asking, monkeypatch: pytest.MonkeyPatch, fragments: int) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(reading, "parse", refuse)

    result = await ask(nested(fragments), MANAGER)

    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["QUERY_TOO_COMPLEX"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            "{" + " a" * scan.MAX_TOKENS + " }",
            f"Document contains more than {scan.MAX_TOKENS} tokens. Parsing aborted.",
        ),
        ("#\n" * scan.MAX_TOKENS + "{a}", f"Document contains more than {scan.MAX_TOKENS} tokens. Parsing aborted."),
        ("{a}" + " " * scan.MAX_CHARACTERS, f"allowed are {scan.MAX_CHARACTERS}"),
    ],
    ids=["tokens", "comments", "characters"],
)
def test_a_document_is_bounded_however_it_is_filled(document: str, said: str) -> None:
    with pytest.raises(GraphQLError, match=re.escape(said)) as told:
        reading.read(document)

    if "tokens" in said:
        with pytest.raises(GraphQLSyntaxError) as parsed:
            parse(document, max_tokens=scan.MAX_TOKENS)
        assert str(told.value) == str(parsed.value)


def cpu_seconds(work: Callable[[], object]) -> float:
    """The shortest of some times, of the processor."""
    found = []
    for _ in range(7):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


@pytest.mark.parametrize("piece", ['"""\\', '"', '"\\', '"""', '""" ', '"\n'])
def test_texts_without_an_end_take_no_longer_than_their_length(piece: str) -> None:
    small, large = ("{ a(b: " + piece * (length // len(piece)) for length in (10_000, 80_000))

    def read(text: str) -> None:
        with suppress(GraphQLSyntaxError):
            scan.parts_in(text)

    assert cpu_seconds(lambda: read(large)) < 24 * cpu_seconds(lambda: read(small)) + 0.001


@pytest.mark.parametrize("fragments", [170, 250])
def test_refusing_takes_a_small_part_of_what_parsing_takes(fragments: int) -> None:
    text = nested(fragments)

    def refuse() -> None:
        with pytest.raises(TooComplex):
            scan.require_readable(text)

    assert len(text) > 7_000
    assert cpu_seconds(refuse) < 0.5 * cpu_seconds(lambda: parse(text))


def test_a_tree_goes_as_soon_as_nobody_holds_it() -> None:
    text = "{ report { metrics { " + " ".join(f"a{n}: openTickets {{ value }}" for n in range(50)) + " } } }"
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, Token) for one in gc.get_objects())
        reading.read.__wrapped__(text)
        left = sum(isinstance(one, Token) for one in gc.get_objects()) - before
    finally:
        gc.enable()

    assert left <= 0
