"""What the pages show is well-formed: files are read by the product's own readers, options are the command's own."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from cli import main
from db.sources.mapping import load_mapping
from db.sync.postgresql.language import load_source
from tests.pages.blocks import API, PAGES, Block, blocks, blocks_of, in_sentences, path_of
from tests.stores import ROOT

KINDS: Final = {"graphql", "json", "sh", "sql", "toml", "js", "python", "text", ""}
"""The kinds of blocks, each with a test. Without a kind: what a command prints, or a picture; `text`: below."""
TEXT: Final = {"docs/adding-a-metric.md": "tests/adding asks it, of a checkout to which the page's metric is added"}
"""The pages with a `text` that a test of their own runs."""
COMMAND: Final = re.compile(r"(?:^|[\s(])(?:\.venv/bin/)?deskgraph (?P<words>(?:[^\n#;|)`]|\\\n)+)", re.M)

NO_COMMANDS: Final = {"version": "`deskgraph version` is the application_name of a connection"}
"""What follows `deskgraph` and is no command, each with its reason."""


def named(block: Block) -> str:
    """A test's name."""
    return block.name


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    kinds = {block.kind for page in PAGES for block in blocks_of(page)}

    assert kinds <= KINDS
    assert {path_of(block.page) for block in blocks("text")} == set(TEXT)
    assert sum(1 for _ in blocks("sh")) > 20
    assert sum(1 for _ in blocks("graphql")) > 50


@pytest.mark.parametrize("page", PAGES, ids=path_of)
def test_a_pages_fences_come_in_pairs(page: Path) -> None:
    fences = page.read_text().count("```")

    assert fences == 2 * len(blocks_of(page))


@pytest.mark.parametrize("page", PAGES, ids=path_of)
def test_json_is_json(page: Path) -> None:
    for block in blocks_of(page):
        if block.kind == "json":
            json.loads(block.text if block.text.lstrip().startswith(("{", "[")) else "{" + block.text + "}")


def whole(block: Block) -> str:
    """A TOML block; one that is a part of a file follows the first of its page."""
    first = next(one for one in blocks_of(block.page) if one.kind == "toml")
    return block.text if block == first or "\n[tickets]" in block.text else f"{first.text}\n{block.text}"


@pytest.mark.parametrize("block", [one for one in blocks("toml") if path_of(one.page) not in API], ids=named)
def test_a_file_is_read_by_the_product(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    file.write_text(whole(block))

    if block.page.parent.name == "sources":
        assert load_source(file).name == "shown"
    else:
        assert load_mapping(file)


@pytest.mark.parametrize("block", [*blocks("python")], ids=named)
def test_python_can_be_compiled(block: Block) -> None:
    is_piece_of_a_dict = block.text.lstrip().startswith('"')
    assert ast.parse(f"{{{block.text}}}" if is_piece_of_a_dict else block.text).body


@pytest.mark.parametrize("block", [*blocks("js")], ids=named)
def test_javascript_can_be_read(block: Block) -> None:
    told = subprocess.run(
        [ROOT / "scripts" / "node", "--input-type=module", "--check"],
        input=block.text, cwd=ROOT / "web", text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr


def commands(page: Path) -> Iterator[str]:
    """What follows `deskgraph` on a page, in blocks and in sentences; alternatives one by one."""
    shown = [*(block.text for block in blocks_of(page) if block.kind == "sh"), *in_sentences(page)]
    for text in shown:
        for found in COMMAND.finditer(text):
            words = found["words"].replace("\\\n", " ").strip()
            yield from alternatives(words) if words not in NO_COMMANDS else ()


def alternatives(words: str) -> Iterator[str]:
    """`a {b,c}` is `a b` and `a c`; what stands in brackets may be left out, and is taken."""
    plain = re.sub(r"[\[\]]|\.\.\.", " ", words)
    choice = re.search(r"\{([\w,]+)\}", plain)
    if choice is None:
        yield plain
        return
    for one in choice[1].split(","):
        yield plain.replace(choice[0], one)


def refused(words: str) -> str | None:
    """Why the command line's own parser would not take some words; None where it would."""
    given = shlex.split(words)
    command: click.Command = main
    context = click.Context(command, info_name="deskgraph")
    while isinstance(command, click.Group) and given and not given[0].startswith("-"):
        found = command.get_command(context, given[0])
        if found is None:
            return f"{command.name} has no {given[0]}"
        command, given = found, given[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    try:
        values, _, _ = command.make_parser(context).parse_args(given)
    except click.UsageError as fault:
        return fault.format_message()
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str) and not value.isupper():
            parameter.type.convert(value, parameter, context)
    return None


@pytest.mark.parametrize("page", PAGES, ids=path_of)
def test_a_command_has_the_words_and_options_that_a_page_gives_it(page: Path) -> None:
    assert not [(words, why) for words in commands(page) if (why := refused(words))]


@pytest.mark.parametrize("words", ["serv", "serve --ports 3", "rollups verify --zones x", "import a --mapping"])
def test_a_command_that_is_wrong_is_refused(words: str) -> None:
    assert refused(words)


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", "".join(file.read_text() for file in [ROOT / "Makefile", *ROOT.glob("*.mk")]), re.M)
    )
    named = {
        target
        for page in [*PAGES, *ROOT.glob("*.md")]
        for code in [*in_sentences(page), *(block.text for block in blocks_of(page) if block.kind == "sh")]
        for target in re.findall(r"^make ([a-z-]+)", code, re.M)
    }

    assert len(named) > 5
    assert named <= targets
