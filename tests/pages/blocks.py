"""What the pages show between fences, and commands within their sentences."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.stores import ROOT

PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
API: Final = {
    f"docs/sources/{kind}.md": "tests/portals reads its file, and runs its commands against a server of that protocol"
    for kind in ("zendesk", "freshdesk")
}
"""Pages about systems of another host, which no test asks, each with where it is tested."""
_BLOCK: Final = re.compile(r"^ *(?:\d+\. )?```(?P<kind>\S*)\n(?P<text>.*?)^ *```$", re.M | re.S)


def path_of(page: Path) -> str:
    """A page's path in the repository."""
    return str(page.relative_to(ROOT))


@dataclass(frozen=True)
class Block:
    """What stands between two fences."""

    page: Path
    line: int
    kind: str
    text: str
    """Without its indent."""

    @property
    def end(self) -> int:
        """The line of its last fence."""
        return self.line + self.text.count("\n") + 1

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{path_of(self.page)}:{self.line}"


@cache
def blocks_of(page: Path) -> tuple[Block, ...]:
    """A page's blocks, in order."""
    text = page.read_text()
    return tuple(
        Block(page, text.count("\n", 0, found.start()) + 1, found["kind"], textwrap.dedent(found["text"]))
        for found in _BLOCK.finditer(text)
    )


def blocks(*kinds: str) -> Iterator[Block]:
    """The blocks of some kinds, of all pages."""
    return (block for page in PAGES for block in blocks_of(page) if block.kind in kinds)


def after(block: Block) -> Block | None:
    """The next block of the page."""
    same = blocks_of(block.page)
    place = same.index(block) + 1
    return same[place] if place < len(same) else None


def answer_to(block: Block) -> Block | None:
    """The JSON that stands right below a block."""
    found = after(block)
    return found if found is not None and found.kind == "json" and found.line - block.end <= 2 else None


def in_sentences(page: Path) -> Iterator[str]:
    """What a page shows as code outside of its blocks, each on one line; and its lines that are indented as code."""
    text = _BLOCK.sub("", page.read_text())
    yield from (" ".join(code.split()) for code in re.findall(r"(?<!`)`([^`]+)`(?!`)", text))
    yield from (line.strip() for line in re.findall(r"^    +(?![-*|\d])(\S.*)$", text, re.M))
