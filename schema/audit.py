"""The audit log in the public language: who asked what, for those who operate the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson
import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

import schema.enums  # noqa: F401  # the enums get their public names before a type uses them
from db.access import Realm, Role
from db.audit.pages import AuditFilter
from db.audit.record import Door, Outcome
from db.errors import BadInput, ImpossibleInput
from resolvers.audit import audit_rows
from schema.context import RequestContext
from schema.paging import checked_first

PAGE: Final = 100


@strawberry.type(description="One request; or, where `requests` is more than 1, what so many have in common.")
class AuditRecord:
    """A record."""

    id: strawberry.ID
    at: datetime = strawberry.field(description="When the request came; UTC.")
    door: Door
    operation: str = strawberry.field(
        description="The report of a REST route, report and format of an export, the operation's name in GraphQL."
    )
    outcome: Outcome
    request_id: str = strawberry.field(description="The answer's X-Request-Id.")
    subject: str | None = strawberry.field(description="Who asked; null without a valid token.")
    role: Role | None
    scope: Realm | None
    scope_ids: list[strawberry.ID]
    document_hash: str | None = strawberry.field(description="SHA-256 of the document's text; null if none was read.")
    variables: JSON = strawberry.field(description="Without personal data.")
    rows: int = strawberry.field(description="The elements of all lists in the answer.")
    statements: int
    duration_ms: int
    withheld: list[str] = strawberry.field(description="The fields that the role may not read; * for an alias.")
    requests: int


@strawberry.type(description="One page of the audit log, newest first.")
class AuditPage:
    """A page."""

    nodes: list[AuditRecord]
    next_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null on the last.")


async def audit_log(
    self: Any,
    info: Info[RequestContext, Any],
    since: datetime | None = None,
    until: datetime | None = None,
    subject: str | None = None,
    outcome: Outcome | None = None,
    door: Door | None = None,
    first: int = PAGE,
    after: str | None = None,
) -> AuditPage | None:
    """One page of the audit log."""
    info.context.lasting.keep_out()  # the store's version does not tell of it
    for name, instant in (("since", since), ("until", until)):
        if instant is not None and instant.tzinfo is None:
            raise BadInput(
                f"{name} {instant.isoformat()} has no offset. Give one, such as 2026-03-01T00:00:00Z.", parameter=name
            )
    if since is not None and until is not None and since >= until:
        raise ImpossibleInput("since is not before until. Give an earlier since, or a later until.", parameter="since")
    if subject is not None and "\0" in subject:
        raise BadInput("subject has a character that no subject can have.", parameter="subject")
    asked = AuditFilter(since, until, subject, outcome, door)
    found = await audit_rows(info.context.loaders, asked, checked_first(first), after)
    return AuditPage(nodes=[_record(row) for row in found.rows], next_cursor=found.next_cursor)


def _record(row: Mapping[str, Any]) -> AuditRecord:
    return AuditRecord(
        id=strawberry.ID(str(row["id"])),
        at=row["at"],
        door=Door(row["door"]),
        operation=row["operation"],
        outcome=Outcome.of(row["outcome"]),
        request_id=row["request_id"],
        subject=row["subject"],
        role=Role(row["role"]) if row["role"] else None,
        scope=Realm(row["scope"]) if row["scope"] else None,
        scope_ids=[strawberry.ID(one) for one in row["scope_ids"]],
        document_hash=row["document_hash"],
        variables=JSON(orjson.loads(row["variables"])),
        rows=row["rows"],
        statements=row["statements"],
        duration_ms=row["duration_ms"],
        withheld=row["withheld"],
        requests=row["requests"],
    )
