"""Content negotiation: does a client take what would be sent.

Source: RFC 9110, section 12.5.1: the most specific range that matches decides; q=0 refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rest_compat.problems import Kind, Problem

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"


class Range(NamedTuple):
    """The range of an Accept header that decides about a media type."""

    rank: int
    """-1: none matches; 0: `*/*`; 1: the main type's; 2: the type by name."""
    quality: float


def accepts(accept: str, media_type: str) -> bool:
    """Whether an Accept header takes a media type; an empty one takes everything."""
    return not accept.strip() or _range(accept, media_type).quality > 0


def names(accept: str, media_type: str) -> bool:
    """Whether an Accept header takes a media type by its very name."""
    found = _range(accept, media_type)
    return found.rank == 2 and found.quality > 0


def _range(accept: str, media_type: str) -> Range:
    main = media_type.partition("/")[0]
    ranks = {"*/*": 0, f"{main}/*": 1, media_type: 2}
    best = Range(-1, 0.0)
    for part in accept.split(","):
        name, *further = (piece.strip().lower() for piece in part.split(";"))
        found = Range(ranks.get(name, -1), _quality(further))
        if found.rank >= 0:
            best = max(best, found)
    return best


@lru_cache(maxsize=200)
def graphql_type(accept: str) -> str | None:
    """The media type in which a client gets what GraphQL answers; None where it takes neither.

    Source: GraphQL over HTTP, section 4.4. The newer one is for those who name it.
    """
    if not accept.strip():
        return JSON
    named, plain = _range(accept, GRAPHQL), _range(accept, JSON)
    if named.quality > 0 and named.rank == 2 and named.quality >= plain.quality:
        return GRAPHQL
    if plain.quality > 0:
        return JSON
    return GRAPHQL if named.quality > 0 else None


def _quality(further: Iterable[str]) -> float:
    for piece in further:
        name, _, value = piece.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 1.0
    return 1.0


def require_accepted(accept: str, media_types: Iterable[str]) -> None:
    """Raises: Problem, unless one of the types is taken."""
    offered = list(media_types)
    if not any(accepts(accept, one) for one in offered):
        raise Problem(
            Kind.NOT_ACCEPTABLE,
            f"Accept takes nothing that is offered here. Send `Accept: {offered[0]}` or leave the header out.",
        )
