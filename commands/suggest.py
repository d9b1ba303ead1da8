"""`deskgraph import --suggest`: a mapping proposed for an unknown file, asked about where it is unsure."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from db.errors import BadInput
from db.zones import zone_named

if TYPE_CHECKING:
    from db.suggest.proposal import Cell, Proposal
    from db.suggest.suggest import Suggestion, Trial

_SAMPLE: Final = 24
"""Unit: characters of a sample that are shown."""
_OUT: Final = "-"
"""What is typed to leave a column out."""
_REASONS: Final = 5


def propose(path: Path, output: Path | None, zone: str | None, *, as_json: bool) -> None:
    """Prints the proposal, asks where it is unsure if somebody is there, and writes it where that is wanted."""
    from db.suggest.suggest import Answers, Suggestion
    from db.suggest.writing import as_toml

    if path.is_dir():
        raise click.UsageError(f"--suggest looks at one file; {path} is a folder.")
    if output is not None and output.exists():
        raise click.UsageError(f"{output} is there already and stays as it is. Give another name.")
    if zone is not None:
        zone = _zone(zone)
    suggestion = Suggestion(path)
    proposal = suggestion.proposal(Answers(zone=zone))
    if not as_json:
        click.echo("\n".join(_table(proposal)))
    if sys.stdin.isatty() and not as_json and _open_questions(proposal):
        proposal = suggestion.proposal(_asked(suggestion, proposal, zone))
        click.echo("\n".join(_table(proposal)))
    trial = None if proposal.missing else suggestion.trial(proposal)
    text = as_toml(path.name, proposal)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_record(proposal, trial, text), ensure_ascii=False))
    else:
        click.echo("\n".join(_ending(path, proposal, trial, output)))
    if proposal.missing:
        sys.exit(1)


def refuse_unasked(output: Path | None, zone: str | None) -> None:
    """Nothing, where neither is given: both are for --suggest alone."""
    if output or zone:
        raise click.UsageError("--output and --zone are for --suggest; a mapping names its zone.")


def _zone(name: str) -> str:
    try:
        return str(zone_named(name))
    except BadInput as fault:
        raise click.BadParameter(fault.message, param_hint="--zone") from None


def _table(proposal: Proposal) -> list[str]:
    """The cells, a line each, and what is to be looked at."""
    heading = ("COLUMN", "READ FROM", "SURE", "SAMPLES", "WHY")
    rows = [heading, *(_row(cell) for cell in proposal.cells)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.append("")
    lines += [f"{one.key} = {json.dumps(one.value, ensure_ascii=False)}  ({one.reason})" for one in proposal.settings]
    lines += [f"missing: no column for the required {column} was found" for column in proposal.missing]
    checks = [(one.key, one.check) for one in proposal.settings if one.check]
    checks += [(f"{cell.table}.{cell.column}", cell.check) for cell in proposal.cells if cell.check]
    return [*lines, *(f"check {name}: {check}" for name, check in checks), *(f"note: {n}" for n in proposal.notes)]


def _row(cell: Cell) -> tuple[str, ...]:
    samples = ", ".join(_cut(sample) for sample in cell.samples)
    return (f"{cell.table}.{cell.column}", _source(cell), f"{cell.confidence:.2f}", samples, cell.reason)


def _source(cell: Cell) -> str:
    entry = cell.entry["column"] if isinstance(cell.entry, dict) else cell.entry
    return entry if isinstance(entry, str) else ", ".join(entry)


def _cut(sample: str) -> str:
    told = "".join(sign if sign.isprintable() else " " for sign in sample)
    return told if len(told) <= _SAMPLE else told[: _SAMPLE - 1] + "…"


def _asked_about(proposal: Proposal) -> Sequence[Cell]:
    """The cells of which somebody may know better."""
    from db.suggest.matching import FITS

    return [cell for cell in proposal.cells if cell.column in FITS and not cell.is_sure]


def _open_questions(proposal: Proposal) -> bool:
    is_zone_unsaid = any(one.key == "zone" and one.check for one in proposal.settings)
    return bool(is_zone_unsaid or proposal.missing or _asked_about(proposal))


def _asked(suggestion: Suggestion, proposal: Proposal, zone: str | None) -> Any:
    """What somebody at the terminal answers."""
    from db.suggest.suggest import Answers

    names = suggestion.table.columns
    columns: dict[str, str | None] = {}
    words: dict[str, dict[str, str]] = {}
    if zone is None and any(one.key == "zone" and one.check for one in proposal.settings):
        zone = click.prompt("Which IANA zone are times without offset in?", default="UTC", value_proc=_zone)
    for column in proposal.missing:
        columns[column] = click.prompt(f"Which column is the required {column}?", type=click.Choice(names))
    for cell in _asked_about(proposal):
        source = _source(cell)
        choice = click.Choice((*names, _OUT))
        told = f"{cell.column} ({cell.check or cell.reason}): which column? {_OUT} leaves it out"
        said = click.prompt(told, default=source, type=choice, show_choices=False)
        if said != source:
            columns[cell.column] = None if said == _OUT else said
        elif cell.unknown:
            words[cell.column] = _translated(cell)
    return Answers(zone, columns, words)


def _translated(cell: Cell) -> dict[str, str]:
    from db.suggest.words import FORMAT_WORDS

    said = {}
    for word in cell.unknown:
        choice = click.Choice((*FORMAT_WORDS[cell.column], _OUT))
        default = "other" if cell.column == "channel" else _OUT
        answer = click.prompt(f"{cell.column} {_cut(word)!r} is? {_OUT} is absent", default=default, type=choice)
        said[word] = "" if answer == _OUT else answer
    return said


def _ending(path: Path, proposal: Proposal, trial: Trial | None, output: Path | None) -> list[str]:
    lines = [""]
    if trial is not None:
        good = ", ".join(f"{count:,} {kind}" for kind, count in trial.good.items())
        lines.append(f"With this mapping: {good or 'nothing'}, {sum(trial.rejected.values()):,} rows rejected")
        told = sorted(trial.rejected.items(), key=lambda one: -one[1])[:_REASONS]
        lines += [f"  {count:,} by {column}: {reason}" for (column, reason), count in told]
    if output is None:
        lines.append("Nothing is written or imported. --output mapping.toml writes the mapping for review.")
    elif proposal.missing:
        lines.append(f"{output} is written; name the missing columns in it.")
    else:
        lines.append(f"{output} is written. Read it, then: deskgraph import {path} --mapping {output} --dry-run")
    return lines


def _record(proposal: Proposal, trial: Trial | None, text: str) -> dict[str, Any]:
    """A proposal as a program reads it."""
    return {
        "settings": [{"key": s.key, "value": s.value, "reason": s.reason, "check": s.check} for s in proposal.settings],
        "cells": [
            {
                "table": cell.table,
                "column": cell.column,
                "entry": cell.entry,
                "confidence": cell.confidence,
                "reason": cell.reason,
                "samples": [_cut(sample) for sample in cell.samples],
                "check": cell.check,
            }
            for cell in proposal.cells
        ],
        "missing": list(proposal.missing),
        "notes": list(proposal.notes),
        "trial": None if trial is None else {
            "rows": dict(trial.good),
            "rejected": [{"column": c, "reason": r, "rows": n} for (c, r), n in trial.rejected.items()],
        },
        "mapping": text,
    }  # fmt: skip
