"""Writes the SQL of what has none written down yet, such as a new metric: a part of `make format`."""

from tests.golden.test_compiled_sql import CASES, written

for name, found, folder in CASES:
    file = folder / f"{name}.sql"
    if not file.exists():
        file.write_text(written(name, found))
