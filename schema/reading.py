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
    return _loosened(parse(text, max_tokens=MAX_TOKENS))


def _loosened(document: DocumentNode) -> DocumentNode:
    """The same tree, which goes as soon as nobody holds it.

    TRICKY: tokens hold each other both ways, so that each tree would stay until garbage is searched for.
    """
    token = document.loc.start_token if document.loc is not None else None
    while token is not None:
        token.prev, token = None, token.next
    return document
