"""The indexes of facts that a large first import goes without, and makes at its end: sorting costs less than inserting.

Reports need them to be quick, nothing needs them to be right. An import that was killed leaves them to the next one, or
to `deskgraph migrate` or `serve`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex
from sqlmodel import SQLModel

from db.importing.session import Session
from db.models import SCHEMA
from db.rollups.settled import missing_indexes

_DIALECT: Final[Dialect] = postgresql.dialect()  # type: ignore[no-untyped-call]
_INDEXES: Final = {
    str(index.name): str(CreateIndex(index, if_not_exists=True).compile(dialect=_DIALECT))
    for index in sorted(SQLModel.metadata.tables[f"{SCHEMA}.facts"].indexes, key=lambda one: str(one.name))
}
"""All but the key's, each with the statement that makes it."""


async def set_indexes_aside(session: Session) -> None:
    """Drops the indexes, in the caller's transaction; nobody should be reading facts yet."""
    await session.execute("; ".join(f"DROP INDEX IF EXISTS {SCHEMA}.{name}" for name in _INDEXES))


async def make_missing_indexes(session: Session) -> None:
    """Makes those that are not there; whoever reads goes on reading meanwhile."""
    for name in await missing_indexes(session):
        await session.execute(_INDEXES[name])
