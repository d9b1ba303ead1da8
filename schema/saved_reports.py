"""Saved reports in the public language: a viewer's own, each the address of a page under a name."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from db import saved_reports as store
from db.errors import BadInput
from db.saved_reports import MAX_NAME, MAX_QUERY_BYTES, Definition, Page
from resolvers.saved_reports import deleted, listed, not_found, saved
from schema.context import RequestContext
from schema.export_jobs import exporting_of

strawberry.enum(Page, name="ReportPage", description="The web UI's pages that show a report.")

_QUERY: Final = re.compile(r"(?!\?)[!$-;=?-~]*", re.ASCII)
"""What a browser's address has after the question mark."""
_UNPRINTED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


@strawberry.type(description="A report under a name: the address of a page, which works out its numbers when opened.")
class SavedReport:
    """A saved report."""

    id: strawberry.ID
    name: str
    page: Page
    query: str = strawberry.field(description="The page's URL parameters, as they stand in its address after the `?`.")
    order: JSON | None = strawberry.field(description="What of it is exported: the body of the export route.")
    created_at: datetime = strawberry.field(description="UTC.")
    updated_at: datetime = strawberry.field(description="UTC.")


@strawberry.type(description="The viewer's saved reports, by name.")
class SavedReports:
    """A list."""

    nodes: list[SavedReport]


async def saved_reports(self: Any, info: Info[RequestContext, Any]) -> SavedReports | None:
    """The viewer's saved reports."""
    info.context.lasting.keep_out()  # they are nobody else's, and the store's version does not tell of them
    return SavedReports(nodes=[_public(one) for one in await listed(info.context.loaders)])


@strawberry.type
class SavedReportMutation:
    """A viewer's saved reports, changed."""

    @strawberry.mutation(
        description="Saves a report of the viewer's own: a new one, or with `id` that one as another. A name is one "
        f"report's; at most {store.MAX_REPORTS} are kept a viewer, {MAX_NAME} characters a name, {MAX_QUERY_BYTES} "
        "bytes a query. With an order, which is what the export route takes, schedules can deliver it."
    )
    async def save_report(
        self,
        info: Info[RequestContext, Any],
        name: str,
        page: Page,
        query: str,
        id: strawberry.ID | None = None,
        order: JSON | None = None,
    ) -> SavedReport | None:
        """The report as it is kept."""
        info.context.lasting.keep_out()
        definition = Definition(_name(name), page, _query(query), _order(info.context, order))
        key = _key(id) if id is not None else None
        return _public(await saved(info.context.loaders, definition, key, info.context.now))

    @strawberry.mutation(description="Deletes one of the viewer's saved reports. Its id comes back.")
    async def delete_saved_report(self, info: Info[RequestContext, Any], id: strawberry.ID) -> strawberry.ID | None:
        """The id."""
        info.context.lasting.keep_out()
        key = _key(id)
        await deleted(info.context.loaders, key)
        return strawberry.ID(str(key))


def _public(report: store.SavedReport) -> SavedReport:
    return SavedReport(
        id=strawberry.ID(str(report.id)),
        name=report.definition.name,
        page=report.definition.page,
        query=report.definition.query,
        order=json.loads(report.definition.order) if report.definition.order else None,
        created_at=report.created_at,
        updated_at=report.updated_at,
    )


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= MAX_NAME:
        raise BadInput(f"name has {len(name)} characters. Give 1 to {MAX_NAME}.", parameter="name")
    if any(unicodedata.category(one) in _UNPRINTED for one in name):
        raise BadInput("name has a character that is no printed one. Give one line of text.", parameter="name")
    return name


def _query(text: str) -> str:
    if len(text) > MAX_QUERY_BYTES:
        raise BadInput(f"query has {len(text)} characters. Give at most {MAX_QUERY_BYTES}.", parameter="query")
    if not _QUERY.fullmatch(text):
        raise BadInput(
            "query is not as an address has it: without `?` before it, and all but letters, digits and signs as %XX.",
            parameter="query",
        )
    return text


def _order(context: RequestContext, order: Any) -> str | None:
    if order is None:
        return None
    return exporting_of(context).check(json.dumps(order)).body


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise not_found(text) from None
