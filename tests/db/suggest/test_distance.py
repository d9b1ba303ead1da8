"""How far the proposals for the real ticket sets are from the mappings that were made by hand: in cells to correct.

A correction is a cell of the mapping, or a setting of it, that has to be changed, added or removed before the import
gives the same facts. Of the two large sets every twentieth ticket is taken, with all of its rows.
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import tomlkit

from db.importing.writer import import_rows
from db.sources.files import open_source
from db.sources.mapping import read_mapping
from db.suggest.suggest import Answers, Suggestion
from tests.conftest import new_database

MAPPINGS = Path(__file__).parents[3] / "mappings"
MOST_CORRECTIONS = 3

SETS = {
    "tech_support": ("technical_support.csv", "Ticket ID", 1, ()),
    "boston311": ("311_service_requests_2011.csv.zip", "case_enquiry_id", 20, ("zone",)),
    "uci_incident": ("incident_event_log.csv.zip", "number", 20, ("tickets.tags", "tickets.status")),
}
"""By set: its file, its id, which part of it is taken, and the corrections that its proposal needs."""

FACTS = """
    SELECT t.external_id, f.ordinal, f.source, f.at, f.created_at, o.external_id, c.external_id, m.external_id,
           g.external_id, f.priority, f.channel, f.status, f.interval_status, f.is_first, f.is_standing, f.seconds,
           f.business_seconds, f.within_target, f.score,
           ARRAY(SELECT external_id FROM deskgraph.tags WHERE id = ANY (f.tag_ids) ORDER BY 1)
    FROM deskgraph.facts AS f
    JOIN deskgraph.tickets AS t ON t.organization_id = f.organization_id AND t.id = f.ticket_id
    LEFT JOIN deskgraph.organizations AS o ON o.id = f.organization_id
    LEFT JOIN deskgraph.categories AS c ON c.id = f.category_id
    LEFT JOIN deskgraph.teams AS m ON m.id = f.team_id
    LEFT JOIN deskgraph.agents AS g ON g.id = f.agent_id
    ORDER BY 1, 2
"""


def part_of(file: Path, id_column: str, every: int, folder: Path) -> Path:
    """The set, or every so many-th ticket of it, as a CSV file."""
    if every == 1:
        return file
    with zipfile.ZipFile(file) as archive:
        rows = csv.reader(io.StringIO(archive.read(archive.namelist()[0]).decode("utf-8-sig")))
    header = next(rows)
    place = header.index(id_column)
    numbers: dict[str, int] = {}
    part = folder / "part.csv"
    with part.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(row for row in rows if numbers.setdefault(row[place], len(numbers)) % every == 0)
    return part


def corrected(proposed: dict[str, Any], by_hand: dict[str, Any], corrections: tuple[str, ...]) -> dict[str, Any]:
    """The proposal with those cells as they are in the mapping made by hand."""
    for name in corrections:
        table, _, column = name.rpartition(".")
        mine = proposed.setdefault(table, {}) if table else proposed
        theirs = by_hand.get(table, {}) if table else by_hand
        assert mine.get(column) != theirs.get(column), f"{name} needs no correction"
        mine.pop(column, None)
        if column in theirs:
            mine[column] = theirs[column]
    return proposed


async def facts(server: str, template: str, file: Path, document: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What an import by that mapping makes of the file."""
    mapping = read_mapping("test", tomlkit.dumps(document).encode())
    async with new_database(server, template) as dsn:
        await import_rows(dsn, open_source(file, mapping), on_reject=lambda _: None, on_progress=lambda _: None)
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(FACTS)]
        finally:
            await connection.close()


@pytest.mark.parametrize("name", SETS)
async def test_a_proposal_needs_at_most_three_corrections(
    name: str, server: str, migrated: str, shared_data: Path, tmp_path: Path
) -> None:
    file, id_column, every, corrections = SETS[name]
    by_hand = tomllib.loads((MAPPINGS / f"{name}.toml").read_text())
    part = part_of(shared_data / name / file, id_column, every, tmp_path)

    proposed = Suggestion(part).proposal(Answers()).document
    proposed = corrected(proposed, by_hand, corrections)

    assert len(corrections) <= MOST_CORRECTIONS
    template = migrated.rsplit("/", 1)[1]
    wanted = await facts(server, template, part, by_hand)
    assert len(wanted) > 1_000
    assert await facts(server, template, part, proposed) == wanted
