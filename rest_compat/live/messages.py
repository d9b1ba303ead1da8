"""The messages of a client over WebSocket, read; what cannot be read ends the connection.

Source: GraphQL over WebSocket Protocol (graphql-transport-ws).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from rest_compat.posed import Posed, posed_in
from schema.public import DeskgraphError

SUBPROTOCOL: Final = "graphql-transport-ws"
MAX_ID: Final = 128
"""Characters of an operation's id: it is sent back with each answer."""


@dataclass
class Closed(Exception):
    """The connection ends, with a code of the protocol's."""

    code: int
    reason: str


@dataclass(frozen=True)
class Init:
    """Who connects."""

    payload: Mapping[str, Any]

    @property
    def authorization(self) -> str | None:
        """What the payload says of who asks, as the header of this name would."""
        for name, value in self.payload.items():
            if name.lower() == "authorization" and isinstance(value, str):
                return value
        return None


@dataclass(frozen=True)
class Subscribe:
    """An operation begins. What it asks may be nothing that can be answered: that is its own fault alone."""

    id: str
    asked: Posed | DeskgraphError


@dataclass(frozen=True)
class Complete:
    """The client wants no more of an operation."""

    id: str


@dataclass(frozen=True)
class Ping:
    """The client looks whether somebody is there."""

    payload: Mapping[str, Any] | None


@dataclass(frozen=True)
class Pong:
    """The client is there."""


Message = Init | Subscribe | Complete | Ping | Pong


def read(text: str | None) -> Message:
    """A message. None: it was no text.

    Raises: Closed (4400).
    """
    if text is None:
        raise _malformed("A message must be text")
    try:
        sent = orjson.loads(text)
    except ValueError:
        raise _malformed("A message must be JSON") from None
    if not isinstance(sent, dict):
        raise _malformed("A message must be a JSON object")
    kind = sent.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise _malformed(f"There is no message type {str(kind)[:40]!r}")
    return reader(sent)


def _init(sent: Mapping[str, Any]) -> Init:
    return Init(_payload(sent) or {})


def _subscribe(sent: Mapping[str, Any]) -> Subscribe:
    payload = sent.get("payload")
    if not isinstance(payload, dict):
        raise _malformed("The payload of a subscribe message must be an object")
    try:
        return Subscribe(_id(sent), posed_in(payload))
    except DeskgraphError as fault:
        return Subscribe(_id(sent), fault)


def _complete(sent: Mapping[str, Any]) -> Complete:
    return Complete(_id(sent))


def _ping(sent: Mapping[str, Any]) -> Ping:
    return Ping(_payload(sent))


def _pong(sent: Mapping[str, Any]) -> Pong:
    _payload(sent)
    return Pong()


def _id(sent: Mapping[str, Any]) -> str:
    found = sent.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= MAX_ID:
        raise _malformed(f"The id of an operation must be a string of 1 to {MAX_ID} characters")
    return found


def _payload(sent: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = sent.get("payload")
    if found is not None and not isinstance(found, dict):
        raise _malformed("A payload must be an object")
    return found


def _malformed(reason: str) -> Closed:
    return Closed(4400, reason)


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Message]]] = {
    "connection_init": _init,
    "subscribe": _subscribe,
    "complete": _complete,
    "ping": _ping,
    "pong": _pong,
}


def answer(id_: str, kind: bytes, payload: bytes | None = None) -> str:
    """A message of ours about an operation, with a payload in JSON."""
    end = b"}" if payload is None else b',"payload":' + payload + b"}"
    return (b'{"id":' + orjson.dumps(id_) + b',"type":"' + kind + b'"' + end).decode()
