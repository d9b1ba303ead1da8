"""How large a document is, read from its text before it is parsed: parsing takes ten times as long as refusing it.

Only what counts is looked at: braces, spreads, names, directives. Whatever is not understood is left to the parser,
which tells what is wrong with it. Of a document that can be parsed, all is found that schema.extent finds in its tree.
Source: the GraphQL specification, sections 2.1 (tokens) and 2.4 to 2.8 (operations, selections, fragments).
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import Final

from graphql import GraphQLSyntaxError, Source

from db.errors import TooComplex
from schema.extent import Extent, Own, Parts, require_moderate

MAX_CHARACTERS: Final = 100_000
"""The parser looks at every character by itself, of a text or a comment, too."""
MAX_TOKENS: Final = 4_000
"""Of a document, its comments among them."""
_TOKEN: Final = re.compile(
    r'[_A-Za-z][_0-9A-Za-z]*+|\.\.\.|[{}()@:]|#[^\n\r]*+|"""(?:[^"\\]++|\\(?:""")?+|"(?!""))*+"""'
    r'|(?!""")"(?:[^"\\\n\r]++|\\[^\n\r])*+"|-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|[^ \t\n\r,\ufeff]'
)
"""A token, a comment, or one character that is neither: then what follows is not understood."""
_NAME_STARTS: Final = frozenset(string.ascii_letters + "_")
_OPERATIONS: Final = frozenset({"query", "mutation", "subscription"})


class _NotUnderstood(Exception):
    """The parser will say why."""


def require_readable(text: str) -> None:
    """Refuses a document that is too large to be parsed, or that is refused once it has been.

    Raises: TooComplex; GraphQLSyntaxError, in the parser's words, for too many tokens.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooComplex(
            f"The document has {len(text)} characters; allowed are {MAX_CHARACTERS}. "
            "Ask for less, or send what is long as variables."
        )
    parts = parts_in(text)
    if parts is not None:
        require_moderate(parts)


def parts_in(text: str) -> Parts | None:
    """The definitions of a document; None where it is not understood.

    Raises: GraphQLSyntaxError, for too many tokens.
    """
    tokens: list[str] = []
    for number, one in enumerate(_TOKEN.finditer(text), start=1):
        if number > MAX_TOKENS:
            told = f"Document contains more than {MAX_TOKENS} tokens. Parsing aborted."
            raise GraphQLSyntaxError(Source(text), one.start(), told)
        token = one[0]
        if (
            token == '"'
        ):  # of a text without an end; looking for one from every quote would take the square of its length
            return None
        if token[0] != "#":
            tokens.append(token)
    try:
        return _Reading([*tokens, *_END]).parts()
    except _NotUnderstood:
        return None


_END: Final = ("",) * 4
"""More than is ever looked ahead."""


@dataclass
class _Reading:
    """Goes through the tokens of a document."""

    tokens: list[str]
    at: int = 0

    def parts(self) -> Parts:
        found = Parts([], {})
        while token := self.tokens[self.at]:
            if token == "fragment":
                name = self.tokens[self.at + 1]
                found.fragments[name] = self._definition()
            elif token == "{" or token in _OPERATIONS:
                found.operations.append(self._definition())
            elif token.startswith('"'):  # a description
                self.at += 1
            else:
                raise _NotUnderstood
        return found

    def _definition(self) -> Own:
        """What stands in a definition itself; its directives are those of its variables, too."""
        directives = within = 0
        while (token := self._next()) != "{" or within:
            within += (token == "(") - (token == ")")
            directives += token == "@"
        return self._selections(directives)

    def _selections(self, directives: int) -> Own:
        """What stands up to the brace that closes the one before."""
        tokens, at = self.tokens, self.at
        depth = fields = aliases = repeats = spreads = 0
        spread: list[tuple[str, int]] = []
        around: list[tuple[set[str], int]] = []
        names: set[str] = set()
        here = below = 1
        while (token := tokens[at]) != "}" or around:
            at += 1
            if token[:1] in _NAME_STARTS:
                fields += 1
                repeats += token in names
                names.add(token)
                depth, below = max(depth, here), here + 1
                if tokens[at] == ":":
                    aliases += 1
                    at += 2
            elif token == "{":
                around.append((names, here))
                names, here = set(), below
            elif token == "}":
                names, here = around.pop()
            elif token == "(":
                at = self._after(")", at)
            elif token == "@":
                directives += 1
                at += 1
            elif token == "...":
                spreads += 1
                below = here
                if tokens[at] == "on":
                    at += 2
                elif tokens[at][:1] in _NAME_STARTS:
                    spread.append((tokens[at], here - 1))
                    at += 1
            else:
                raise _NotUnderstood
        self.at = at + 1
        return Own(Extent(depth, fields, aliases, repeats, directives, spreads), spread)

    def _after(self, closing: str, at: int) -> int:
        try:
            return self.tokens.index(closing, at) + 1
        except ValueError:
            raise _NotUnderstood from None

    def _next(self) -> str:
        token = self.tokens[self.at]
        if not token:
            raise _NotUnderstood
        self.at += 1
        return token
