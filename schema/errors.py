"""How faults leave: the tree's codes in `extensions.code`; whatever is not of the tree is masked."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from db.errors import (
    BadInput,
    DeskgraphError,
    SetupFault,
    TooComplex,
)

_TOO_LONG = "tokens. Parsing aborted."
"""What the parser says of a document over the limit of tokens; it has no type of its own."""
_TOO_DEEP = "The document or its variables are nested too deep to be read. Nest less."
_log = logging.getLogger("deskgraph.errors")


def public_error(error: GraphQLError) -> GraphQLError:
    """An error fit to leave: with a code, and without anything internal."""
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    if _TOO_LONG in error.message:
        return _coded(
            error, f"{error.message} Ask for less at once, or in several requests.", {"code": TooComplex.code}
        )
    if isinstance(original, RecursionError):
        return _coded(error, _TOO_DEEP, {"code": TooComplex.code})
    if original is None or isinstance(original, GraphQLError):
        return _coded(error, error.message, {"code": (error.extensions or {}).get("code", BadInput.code)})
    if isinstance(original, DeskgraphError) and not isinstance(original, SetupFault):
        further: dict[str, Any] = {"code": original.code, "fault": type(original).__name__}
        if original.parameter:
            further["parameter"] = original.parameter
        return _coded(error, original.message, further)
    masked = mask(original)
    return _coded(error, masked.message, {"code": DeskgraphError.code, "id": masked.reference})


@dataclass(frozen=True)
class Masked:
    """What is told of an internal fault."""

    reference: str
    """What the log has it under."""

    @property
    def message(self) -> str:
        """What the caller is told."""
        return f"An internal error occurred; the log has it under {self.reference}."


def mask(fault: BaseException) -> Masked:
    """What is told of an internal fault, whichever door it leaves by; the log has all of it."""
    masked = Masked(secrets.token_hex(6))
    _log.error("internal error %s", masked.reference, extra={"fields": {"errorId": masked.reference}}, exc_info=fault)
    return masked


def _coded(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)


def fault_error(fault: DeskgraphError, path: list[str | int]) -> GraphQLError:
    """A fault that was noted aside, as an error at its path."""
    return GraphQLError(fault.message, path=path, extensions={"code": fault.code, "fault": type(fault).__name__})
