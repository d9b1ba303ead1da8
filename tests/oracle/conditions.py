"""Filters drawn at random, each as the public language says it and as SQL written by hand says it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

IDS: Final[dict[str, tuple[str, ...]]] = {
    "category": ("billing", "bugs", "account-access", "delivery", "security", "availability", "feature-requests"),
    "priority": ("low", "normal", "high", "urgent"),
    "channel": ("email", "web", "chat", "phone", "api"),
    "status": ("new", "open", "pending", "on_hold", "resolved", "closed"),
    "team": ("billing", "technical", "accounts", "logistics", "enterprise"),
    "agent": ("A-01", "A-05", "A-06", "A-07", "A-09", "A-15", "A-22", "A-48"),
    "organization": ("O-001", "O-300", "O-113", "O-226", "O-039", "O-152"),
    "tag": ("key-account", "technical", "billing", "vip", "beta", "eu", "us"),
}
"""What the demo data has of each dimension; not all of it."""


@dataclass(frozen=True)
class Condition:
    """A condition in both languages; `parts` are the keys of an input object, without its braces."""

    parts: str
    where: str
    keys: frozenset[str] = frozenset()


def _quoted(ids: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in ids)


def _in(dimension: str, ids: Sequence[str]) -> str:
    if dimension == "tag":
        return f"coalesce(tags && ARRAY[{_quoted(ids)}], false)"
    return f"({dimension} IS NOT NULL AND {dimension} IN ({_quoted(ids)}))"


@st.composite
def _matches(draw: st.DrawFn) -> Condition:
    dimension = draw(st.sampled_from(sorted(IDS)))
    asked = draw(st.sampled_from(("in", "in", "notIn", "isNull", "isSet")))
    column = "tags" if dimension == "tag" else dimension
    if asked == "isNull":
        return Condition(f"{dimension}: {{isNull: true}}", f"{column} IS NULL", frozenset({dimension}))
    if asked == "isSet":
        return Condition(f"{dimension}: {{isNull: false}}", f"{column} IS NOT NULL", frozenset({dimension}))
    ids = draw(st.lists(st.sampled_from(IDS[dimension]), min_size=1, max_size=4, unique=True))
    where = _in(dimension, ids)
    said = where if asked == "in" else f"NOT {where}"
    return Condition(f"{dimension}: {{{asked}: {json.dumps(ids)}}}", said, frozenset({dimension}))


def _all_of(parts: Sequence[Condition]) -> Condition:
    texts = ", ".join(f"{{{part.parts}}}" for part in parts)
    return Condition(f"and: [{texts}]", "(" + " AND ".join(part.where for part in parts) + ")", frozenset({"and"}))


def _some_of(parts: Sequence[Condition]) -> Condition:
    texts = ", ".join(f"{{{part.parts}}}" for part in parts)
    return Condition(f"or: [{texts}]", "(" + " OR ".join(part.where for part in parts) + ")", frozenset({"or"}))


def _beside(one: Condition, other: Condition) -> Condition:
    """Both in one object, where they name different keys; else the first."""
    if one.keys & other.keys:
        return one
    return Condition(f"{one.parts}, {other.parts}", f"{one.where} AND {other.where}", one.keys | other.keys)


def conditions() -> st.SearchStrategy[Condition]:
    """Everything, or one to a few conditions, nested in `and` and `or`."""
    several = st.recursive(
        _matches(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(_some_of),
            st.lists(inner, min_size=1, max_size=2).map(_all_of),
            st.builds(_beside, inner, inner),
        ),
        max_leaves=4,
    )
    return st.one_of(st.just(Condition("", "true")), _matches(), several)
