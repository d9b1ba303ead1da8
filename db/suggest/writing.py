"""A proposal as a mapping file: TOML that says beside each line how sure it is and why."""

from __future__ import annotations

from typing import Any

import tomlkit

from db.suggest.proposal import Proposal


def as_toml(name: str, proposal: Proposal) -> str:
    """The mapping file of a proposal for the file of that name."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"Proposed for {name}. Read it before you import: CHECK stands where nobody can know.")
    )
    for column in proposal.missing:
        document.add(tomlkit.comment(f"MISSING: no column for the required {column} was found; name it in [tickets]."))
    for note in proposal.notes:
        document.add(tomlkit.comment(f"CHECK: {note}."))
    document.add(tomlkit.nl())
    for setting in proposal.settings:
        document.add(tomlkit.comment(_told(setting.reason, setting.check)))
        document.add(setting.key, tomlkit.item(setting.value))
    tables: dict[str, Any] = {}
    for cell in proposal.cells:
        if cell.table not in tables:
            tables[cell.table] = tomlkit.table()
        tables[cell.table].add(tomlkit.comment(_told(f"{cell.confidence:.2f}: {cell.reason}", cell.check)))
        tables[cell.table].add(cell.column, _entry(cell.entry))
    for table, content in tables.items():
        document.add(tomlkit.nl())
        document.add(table, content)
    return tomlkit.dumps(document)


def _told(reason: str, check: str) -> str:
    told = f"{reason}. CHECK: {check}." if check else f"{reason}."
    return "".join(sign if sign.isprintable() else " " for sign in told)


def _entry(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return tomlkit.item(entry)
    inline = tomlkit.inline_table()
    for key, value in entry.items():
        if isinstance(value, dict):
            words = tomlkit.inline_table()
            words.update(value)
            inline.append(key, words)
        else:
            inline.append(key, value)
    return inline
