"""The tables of the rollups: one of numbers and one of histograms a cuboid, and what is known of each zone's."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, false
from sqlmodel import SQLModel

from db.models import SCHEMA
from db.rollups.cuboids import CUBOIDS, Cuboid

ZONES: Final = Table(
    "rollup_zones",
    SQLModel.metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("zone", Text, nullable=False, unique=True),
    Column("made_as", Text, nullable=False),  # what the rows hold, and by which rules of the zone
    Column("first_day", Integer, nullable=True),  # no fact is before it; NULL where there is none
    Column("is_ready", Boolean, nullable=False),  # whether the rows are those of all facts
    schema=SCHEMA,
)


def _tables(cuboid: Cuboid) -> None:
    keys = [Column(name, Integer, nullable=False) for name in cuboid.columns]
    place = ("zone_id", "level", "block")
    Table(
        cuboid.numbers,
        SQLModel.metadata,
        Column("zone_id", SmallInteger, nullable=False),
        Column("level", SmallInteger, nullable=False),
        Column("block", Integer, nullable=False),
        *keys,
        Column("numbers", ARRAY(BigInteger), nullable=False),
        Column("is_delta", Boolean, nullable=False, server_default=false()),
        Index(f"{cuboid.numbers}_by_block", *place, *cuboid.columns),
        Index(f"{cuboid.numbers}_deltas", "zone_id", postgresql_where="is_delta"),
        schema=SCHEMA,
    )
    Table(
        cuboid.bins,
        SQLModel.metadata,
        Column("zone_id", SmallInteger, nullable=False),
        Column("level", SmallInteger, nullable=False),
        Column("block", Integer, nullable=False),
        *[Column(name, Integer, nullable=False) for name in cuboid.columns],
        Column("bins", ARRAY(LargeBinary), nullable=False),
        Column("is_delta", Boolean, nullable=False, server_default=false()),
        Index(f"{cuboid.bins}_by_block", *place, *cuboid.columns),
        Index(f"{cuboid.bins}_deltas", "zone_id", postgresql_where="is_delta"),
        schema=SCHEMA,
    )


for _cuboid in CUBOIDS:
    _tables(_cuboid)
