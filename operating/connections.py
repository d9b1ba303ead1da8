"""How the server keeps a connection: how long a request may take to come, how large its head may be, what is no HTTP.

A request that has come whole has a time limit of its own (rest_compat.patience).
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from operating.sockets import ON_ENDING, STALLED_SECONDS

REQUEST_SECONDS: Final = 15.0
"""How long a request may take to come, from the connection or its first byte to its last."""
MAX_HEAD_BYTES: Final = 128 * 1024
"""Of a request line with its headers."""
_OF_A_HEADER: Final = len(": \r\n")
_LINGER_SECONDS: Final = 1.0
"""How long a connection without a request waits for one that is on its way, and what is refused for who reads it."""
_DETAILS: Final = {
    HTTPStatus.BAD_REQUEST: "What was sent is no HTTP/1.1 request.",
    HTTPStatus.REQUEST_TIMEOUT: f"The request did not come whole within {REQUEST_SECONDS:g} seconds. Send it faster.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        f"The address and the headers are over {MAX_HEAD_BYTES} bytes together. Send a long document by POST."
    ),
}


class _TooLarge(Exception):
    """Tells the parser to read no further."""


class Connection(HttpToolsProtocol):
    """A connection on which requests come in time, and that ends after the answer that is due once the server ends."""

    _is_ending = False
    _is_refused = False
    """Whether what still comes is of no use."""
    _has_begun = False
    """Whether a part of a request has come, and not all of it."""
    _has_head = False
    _head_bytes = 0
    """Of a head that has not come whole."""
    _limit: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base has it
        """Waits for a request."""
        super().connection_made(transport)
        self._limit = self.loop.call_later(REQUEST_SECONDS, self._let_go)

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._came()
        self._taken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes in what came, up to the limit of a head."""
        if self._is_refused:
            return
        self._head_bytes = 0 if self._has_head else self._head_bytes + len(data)
        super().data_received(data)
        if not self._has_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins to come."""
        super().on_message_begin()
        self._has_begun, self._has_head = True, False
        if self._limit is None:
            self._limit = self.loop.call_later(REQUEST_SECONDS, self._let_go)

    def on_headers_complete(self) -> None:
        """The head of a request has come; one that is too large ends what is read."""
        if self._size_of_head() > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise _TooLarge
        super().on_headers_complete()
        self._has_head = True
        if self._is_ending and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """A request has come whole."""
        self._came()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The connection is another protocol's now."""
        self._came()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The other side takes nothing at present."""
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._taken()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST)

    def shutdown(self) -> None:
        """Called once the server is told to end."""
        self._is_ending = True
        self.app_state[ON_ENDING]()
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(_LINGER_SECONDS, super().shutdown)
        else:
            self.cycle.keep_alive = False

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + _OF_A_HEADER for name, value in self.headers)

    def _taken(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _came(self) -> None:
        self._has_begun = False
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _let_go(self) -> None:
        """Ends a connection on which nothing comes, or too slowly."""
        self._limit = None
        if self._has_begun:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Ends the connection; says why, unless an answer is on its way."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.close()
            return
        self.transport.write(_refusal(status))
        # TRICKY: closed at once, while more comes, it would be reset, and the client might never read the answer.
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)


def _refusal(status: HTTPStatus) -> bytes:
    body = orjson.dumps(
        {
            "type": f"urn:problem-type:deskgraph:{status.name.lower().replace('_', '-')}",
            "title": status.phrase,
            "status": status.value,
            "detail": _DETAILS[status],
            "code": "BAD_USER_INPUT",
        }
    )
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
