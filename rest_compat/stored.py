"""The stored documents: all that REST and the web UI ask of GraphQL, read once; by hash they are open to every role.

The web UI's are written beside its pages, and gathered in one file. A request names one by
`extensions.persistedQuery.sha256Hash`, without a `query`. Source: Apollo's persisted queries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import OperationDefinitionNode, parse

from schema.public import BadInput, Capability, NotStored, Viewer

_FOLDER: Final = Path(__file__).resolve().parent / "documents"
_OF_UI: Final = _FOLDER.parents[1] / "web" / "src" / "graphql" / "persisted-documents.json"


class ReportName(Enum):
    """The reports. Four have a route, by whose last part they are called; all can be exported."""

    SUMMARY = "summary"
    PERFORMANCE = "performance"
    AGENTS = "agents"
    TRENDS = "trends"
    BREAKDOWN = "breakdown"
    TICKETS = "tickets"


ROUTED: Final = (ReportName.SUMMARY, ReportName.PERFORMANCE, ReportName.AGENTS, ReportName.TRENDS)
"""The reports that have a route."""


def document(name: str) -> str:
    """A document with the fragment that all of them share."""
    return "\n".join((_FOLDER / f"{part}.graphql").read_text("utf-8") for part in (name, "envelope"))


DOCUMENTS: Final[Mapping[ReportName, str]] = {report: document(report.value) for report in ROUTED}
STATE: Final = document("state")
"""The envelope alone: what a conditional request is decided by."""


def hash_of(document: str) -> str:
    """What a stored document is known by: the SHA-256 of its UTF-8 text, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def documents_of_ui(file: Path = _OF_UI) -> dict[str, str]:
    """The texts of the web UI's documents, by `ui/` and the operation's name.

    Raises: ValueError, for one whose hash or name is not its own: the file was not made by `make format`.
    """
    found: dict[str, str] = {}
    for given, text in orjson.loads(file.read_bytes()).items():
        names = [
            one.name.value
            for one in parse(text).definitions
            if isinstance(one, OperationDefinitionNode) and one.name is not None
        ]
        if given != hash_of(text) or len(names) != 1 or f"ui/{names[0]}" in found:
            raise ValueError(f"{file.name}: {given} is not the hash of one document with one named operation")
        found[f"ui/{names[0]}"] = text
    return found


NAMED: Final[Mapping[str, str]] = {
    **{report.value: text for report, text in DOCUMENTS.items()},
    "state": STATE,
    **documents_of_ui(),
}
BY_HASH: Final[Mapping[str, str]] = {hash_of(text): text for text in NAMED.values()}
_TEXTS: Final = frozenset(NAMED.values())


def document_of(query: str | None, extensions: Mapping[str, Any] | None, viewer: Viewer) -> str | None:
    """The document that a request asks for: its own text, or the stored one of its hash; None where it has neither.

    Raises: NotStored, for a hash that is of no stored document; BadInput, for one that is not of the text beside it;
    Forbidden, for a text of one's own where the role may only run stored documents.
    """
    named = (extensions or {}).get("persistedQuery")
    wanted = named.get("sha256Hash") if isinstance(named, dict) else None
    if named is not None and not isinstance(wanted, str):
        raise BadInput("extensions.persistedQuery must be {version: 1, sha256Hash: <64 hexadecimal digits>}.")
    if query:
        if wanted is not None and wanted != hash_of(query):
            raise BadInput("extensions.persistedQuery.sha256Hash is not the SHA-256 of the query beside it.")
        if query not in _TEXTS:
            viewer.require(Capability.ADHOC_RUN, "A document of one's own")
        return query
    if wanted is None:
        viewer.require(Capability.ADHOC_RUN, "A document of one's own")
        return None
    if wanted not in BY_HASH:
        raise NotStored(
            f"No stored document has the hash {str(wanted)[:80]!r}. `deskgraph documents` lists those there are; "
            "roles with queries:adhoc:run may send a text of their own as `query`."
        )
    return BY_HASH[wanted]
