"""Content negotiation: does a client take what would be sent.

Source: RFC 9110, section 12.5.1: the most specific range that matches decides; q=0 refuses.
"""

from __future__ import annotations

from collections.abc import Iterable

from rest_compat.problems import Kind, Problem


def accepts(accept: str, media_type: str) -> bool:
    """Whether an Accept header takes a media type; an empty one takes everything."""
    if not accept.strip():
        return True
    main = media_type.partition("/")[0]
    ranks = {"*/*": 0, f"{main}/*": 1, media_type: 2}
    best, taken = -1, False
    for part in accept.split(","):
        name, *further = (piece.strip().lower() for piece in part.split(";"))
        rank = ranks.get(name, -1)
        if rank >= 0 and rank >= best:
            best, taken = rank, (rank == best and taken) or _quality(further) > 0
    return taken


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
