"""The one pipeline of the GET routes and the export: a stored document, executed in this process, reshaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from rest_compat.asking import Asked
from rest_compat.problems import Fault, Kind, Problem, bad_input, kind_of
from rest_compat.readers import MAX_LIMIT
from rest_compat.reshape import Json, Withheld, answer, envelope
from rest_compat.stored import DOCUMENTS, STATE, ReportName
from schema.context import RequestContext
from schema.executor import Gateway

_PUBLIC_NAMES: Final = {"first": "limit", "after": "cursor", "orderBy": "sort"}
"""GraphQL's arguments, where REST calls them otherwise."""
_PAGING: Final = frozenset({"limit", "cursor"})


async def answered(gateway: Gateway, context: RequestContext, asked: Asked) -> Json:
    """The contract's answer.

    Raises: Problem.
    """
    name = asked.report.value
    report, withheld = await executed(
        gateway, context, DOCUMENTS[asked.report], asked.variables, lambda report: report.get(name) is not None
    )
    return answer(report, asked, withheld)


async def executed(
    gateway: Gateway,
    context: RequestContext,
    document: str,
    variables: Mapping[str, Any],
    stands: Callable[[Mapping[str, Any]], bool],
) -> tuple[Mapping[str, Any], list[Withheld]]:
    """The report that a document brings, and the fields of it that the role may not read, where the report `stands`.

    Raises: Problem.
    """
    result = await gateway.execute(document, variables, context)
    report = (result.data or {}).get("report")
    withheld = _withheld(result, report is not None and stands(report))
    assert report is not None
    return report, withheld


async def state(gateway: Gateway, context: RequestContext, asked: Asked) -> Json:
    """The envelope that an answer would have now, without the report.

    Raises: Problem.
    """
    report, _ = await executed(gateway, context, STATE, asked.variables, lambda _: False)
    return envelope(report, asked)


async def whole(gateway: Gateway, context: RequestContext, asked: Asked) -> Json:
    """The contract's answer with the rows of all pages, unless limit or cursor ask for one page.

    All pages come from one context: its loaders read the store once, so that they are of one snapshot and one `asOf`.
    Raises: Problem.
    """
    if asked.report is not ReportName.AGENTS or _PAGING & asked.given.keys():
        return await answered(gateway, context, asked)
    found = await answered(gateway, context, _page(asked, None))
    part = found["agents"]
    while part["nextCursor"] is not None:
        following = (await answered(gateway, context, _page(asked, part["nextCursor"])))["agents"]
        part["rows"] += following["rows"]
        part["nextCursor"] = following["nextCursor"]
    return found


def _page(asked: Asked, cursor: str | None) -> Asked:
    variables = {**asked.variables, "first": MAX_LIMIT, "after": cursor}
    return Asked(asked.report, variables, asked.filter, asked.given)


def _withheld(result: ExecutionResult, stands: bool) -> list[Withheld]:
    """The fields that the role may not read, where the report itself stands.

    Raises: Problem, for every other error.
    """
    errors = result.errors or []
    serious = [error for error in errors if not (stands and _is_withheld(error))]
    if serious:
        raise problem_of(serious)
    return [Withheld(_field(error), _extension(error, "code"), error.message) for error in errors]


def _is_withheld(error: GraphQLError) -> bool:
    """Whether it only says that the role lacks a capability; a filter outside the scope refuses the whole."""
    return _extension(error, "code") == Kind.FORBIDDEN.code and not _extension(error, "parameter")


def _extension(error: GraphQLError, name: str) -> str:
    return str((error.extensions or {}).get(name, ""))


def _field(error: GraphQLError) -> str:
    return ".".join(part for part in (error.path or ())[1:] if isinstance(part, str))


def _kind(error: GraphQLError) -> Kind:
    return kind_of(_extension(error, "code"), _extension(error, "fault"))


def _severity(kind: Kind) -> tuple[bool, int]:
    """Ours before the caller's; of those, what the caller must change first."""
    return (kind.status < 500, kind.status)


def problem_of(errors: Sequence[GraphQLError]) -> Problem:
    """The refusal that some errors come to: that of the gravest, with all faults of its kind."""
    gravest = min((_kind(error) for error in errors), key=_severity)
    same = [error for error in errors if _kind(error) is gravest]
    faults = dict.fromkeys(
        Fault(_PUBLIC_NAMES.get(name, name), error.message)
        for error in same
        if (name := _extension(error, "parameter"))
    )
    if len(faults) > 1:
        return bad_input(list(faults), gravest)
    return Problem(gravest, same[0].message, list(faults), reference=_extension(same[0], "id") or None)
