"""Entity tags: one stands for all that an answer depends on, so that a client can ask whether its copy still holds.

An answer depends on who may see what, on the request, on the instants of its period and on the store's version. One
that the clock may change, too (a period that runs: schema/lasting.py), is known by its `asOf` besides: its tag is met
again as long as the answer is kept, and no longer. REST's tags are of what the answer depends on, so that they can be
compared without it; GraphQL's are of its bytes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from rest_compat.asking import Asked
from rest_compat.stored import DOCUMENTS
from schema.lasting import Lasting
from schema.public import Viewer

CACHE_CONTROL: Final = "private, no-cache"
"""The viewer's own cache may keep an answer, and asks each time whether it still holds."""


def content_tag(key: bytes, body: bytes | memoryview) -> str:
    """The tag of some bytes, quoted; keyed."""
    return _quoted(hmac.new(key, body, hashlib.sha256))


def entity_tag(key: bytes, viewer: Viewer, asked: Asked, envelope: Mapping[str, Any], lasting: Lasting) -> str:
    """The tag of an answer, quoted; keyed, so that nobody can make one up."""
    parts = {
        "document": DOCUMENTS[asked.report],
        "viewer": [viewer.role.value, viewer.scope.realm.value, sorted(viewer.scope.ids)],
        "variables": asked.variables,
        "filter": asked.filter,
        "period": envelope["period"],
        "version": envelope["dataVersion"],
        "asOf": None if lasting.is_settled else envelope["asOf"],
    }
    return _quoted(hmac.new(key, orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), hashlib.sha256))


def _quoted(digest: hmac.HMAC) -> str:
    return f'"{digest.hexdigest()[:32]}"'


def names_any(if_none_match: Sequence[str]) -> bool:
    """Whether the header is `*`: any current answer matches."""
    return ",".join(if_none_match).strip() == "*"


def matches(if_none_match: Sequence[str], tag: str) -> bool:
    """Whether one of the header's tags is this one, weakly compared.

    Source: RFC 9110, section 13.1.2. Ours hold no comma, so that a list splits at commas.
    """
    if tag in if_none_match:  # as nearly always
        return True
    given = [one.strip().removeprefix("W/") for one in ",".join(if_none_match).split(",")]
    return names_any(if_none_match) or tag in given
