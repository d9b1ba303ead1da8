"""Every document that is asked is read here, once: what is too large is refused before it is parsed."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from graphql import DocumentNode, GraphQLError, parse

from db.errors import TooComplex
from schema.scan import MAX_TOKENS, require_readable

KEPT_DOCUMENTS: Final = 200


@lru_cache(maxsize=KEPT_DOCUMENTS)
def read(text: str) -> DocumentNode:
    """A document as a tree; the same one for the same text.

    Raises: GraphQLError, by TooComplex where it is too large.
    """
    try:
        require_readable(text)
    except TooComplex as fault:
        raise GraphQLError(fault.message, original_error=fault) from None
    return parse(text, max_tokens=MAX_TOKENS)
