"""Runs the migrations over the connection that `db.migrate` hands in."""

from alembic import context
from sqlmodel import SQLModel

import db.export_tables
import db.rollups.tables
import db.schedule_tables
import db.sync_tables  # noqa: F401  registers its tables
from db.models import SCHEMA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    # TRICKY: the schema is told as None where the role has its name, because that schema is then the default one.
    include_name=lambda name, kind, _: kind != "schema" or name in (None, SCHEMA),
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
