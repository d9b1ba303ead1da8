"""`suggest`: an unknown file in, a mapping proposed for it out, and what a trial of it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from db.sources.files import open_source
from db.sources.mapping import read_mapping
from db.sources.rows import Read
from db.suggest.matching import ENOUGH, FITS, Candidate, candidates, chosen
from db.suggest.profile import Profile, profiles_of
from db.suggest.proposal import Look, Proposal, Setting, proposal_of
from db.suggest.reading import Table, open_table
from db.suggest.relations import relations_of
from db.suggest.writing import as_toml

ROWS: Final = 200_000
"""So many rows are looked at."""
_NARROWER: Final = 0.6


@dataclass(frozen=True)
class Answers:
    """What somebody said."""

    zone: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    """The source column of a column of [tickets] or [ratings]; None where there is none."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column, what its words stand for; an empty one is absent."""


@dataclass(frozen=True)
class Trial:
    """What a proposal makes of the file."""

    good: Mapping[str, int]
    """Rows, by kind."""
    rejected: Mapping[tuple[str, str], int]
    """Rows, by column and reason."""


class Suggestion:
    """A look at one file, from which proposals are made as answers come in.

    Raises: SetupFault, for a file that holds no table.
    """

    def __init__(self, path: Path, rows: int = ROWS) -> None:
        self.table: Table = open_table(path)
        self._rows = rows
        self.profiles: tuple[Profile, ...] = profiles_of(self.table.columns, self.table.rows(rows))
        self._found = candidates(self.profiles)

    def proposal(self, answers: Answers) -> Proposal:
        """The mapping as far as it is known."""
        fixed = {column: self._said(column, name) for column, name in answers.columns.items()}
        taken = chosen(self._found, fixed)
        pairs = self._levels(taken)
        relations = relations_of(taken, self.table.rows(self._rows), self.table.columns, pairs)
        taken = _levelled(taken, self._others(taken), relations.follows)
        taken = {**taken, **{column: one for column, one in fixed.items() if one is not None}}
        look = Look(self.profiles, taken, relations, answers.zone, answers.words, self._written(), self.table.nested)
        return proposal_of(look)

    def trial(self, proposal: Proposal) -> Trial:
        """What the import's own reader makes of the file by that proposal."""
        path = self.table.path
        mapping = read_mapping("proposal", as_toml(path.name, proposal).encode())
        good: Counter[str] = Counter()
        rejected: Counter[tuple[str, str]] = Counter()
        for found in islice(open_source(path, mapping).rows(), self._rows):
            if isinstance(found, Read):
                good[found.kind.value] += 1
            else:
                rejected[found.column, found.reason] += 1
        return Trial(good, rejected)

    def _said(self, column: str, name: str | None) -> Candidate | None:
        if name is None:
            return None
        profile = next(one for one in self.profiles if one.name == name)
        _, seen = FITS[column](profile)
        return Candidate(column, profile, 1.0, f"you said so; {seen}" if seen else "you said so")

    def _others(self, taken: Mapping[str, Candidate]) -> Sequence[Candidate]:
        """What else might be the category."""
        used = {one.source.name for one in taken.values()}
        return [one for one in self._found if one.column == "category" and one.source.name not in used]

    def _levels(self, taken: Mapping[str, Candidate]) -> Sequence[tuple[str, str]]:
        broad = taken.get("category")
        others = [one.source.name for one in self._others(taken)]
        return [pair for name in others if broad for pair in ((name, broad.source.name), (broad.source.name, name))]

    def _written(self) -> Sequence[Setting]:
        shape = self.table.shape
        found = []
        if shape.delimiter != ",":
            found.append(Setting("delimiter", shape.delimiter, "what parts the first lines into equal rows"))
        if shape.encoding != "utf-8":
            check = "" if shape.is_encoding_sure else "guessed from the letters; look at names with accents"
            found.append(Setting("encoding", shape.encoding, "the file is not UTF-8", check))
        return found


def _levelled(
    taken: dict[str, Candidate], others: Sequence[Candidate], follows: frozenset[tuple[str, str]]
) -> dict[str, Candidate]:
    """The broadest of several levels as the category, the next narrower one as tags."""
    for other in others:
        category = taken["category"]
        narrow, broad = other, category
        if (category.source.name, other.source.name) in follows and other.source.distinct < category.source.distinct:
            narrow, broad = category, other
        if (narrow.source.name, broad.source.name) not in follows or "tags" in taken:
            continue
        reason = f"a finer {broad.source.name}: each has one"
        tags = Candidate("tags", narrow.source, max(ENOUGH, _NARROWER), reason)
        return {**taken, "category": replace(broad, column="category"), "tags": tags}
    return taken
