"""Entity tags: one stands for all that an answer depends on, so that a client can ask whether its copy still holds.

An answer depends on who may see what, on the request, on the instants of its period and on the store's version. A
period that is still running also moves with the clock (targets fall due, comparisons grow): its tag holds for a
minute at most.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from rest_compat.asking import Asked
from rest_compat.stored import DOCUMENTS
from schema.public import Viewer


def entity_tag(key: bytes, viewer: Viewer, asked: Asked, envelope: Mapping[str, Any]) -> str:
    """The tag of an answer, quoted; keyed, so that nobody can make one up."""
    parts = {
        "document": DOCUMENTS[asked.report],
        "viewer": [viewer.role.value, viewer.scope.realm.value, sorted(viewer.scope.ids)],
        "variables": asked.variables,
        "filter": asked.filter,
        "period": envelope["period"],
        "version": envelope["dataVersion"],
        "minute": _minute(envelope),
    }
    digest = hmac.new(key, orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), hashlib.sha256)
    return f'"{digest.hexdigest()[:32]}"'


def _minute(envelope: Mapping[str, Any]) -> str | None:
    """The minute of `asOf`, while the period runs."""
    as_of = datetime.fromisoformat(envelope["asOf"]).astimezone(UTC)
    if as_of >= datetime.fromisoformat(envelope["period"]["until"]):
        return None
    return as_of.replace(second=0, microsecond=0).isoformat()


def names_any(if_none_match: Sequence[str]) -> bool:
    """Whether the header is `*`: any current answer matches."""
    return ",".join(if_none_match).strip() == "*"


def matches(if_none_match: Sequence[str], tag: str) -> bool:
    """Whether one of the header's tags is this one, weakly compared.

    Source: RFC 9110, section 13.1.2. Ours hold no comma, so that a list splits at commas.
    """
    given = [one.strip().removeprefix("W/") for one in ",".join(if_none_match).split(",")]
    return names_any(if_none_match) or tag in given
