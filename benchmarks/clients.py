"""Clients that ask one request again and again over connections that stay open, and look at each whole answer.

They share one thread and its epoll, send bytes that were made once, and read exactly what an answer says it has: so
they take a fraction of what the barest server takes for it, and no server waits for them.
"""

from __future__ import annotations

import asyncio
import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CLIENTS: Final = 16
_TIMEOUT_SECONDS: Final = 60.0
_LARGEST_PART: Final = 2**20


@dataclass(frozen=True)
class Request:
    """A request to a port of this machine, and the status that it must get."""

    port: int
    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def sent(self) -> bytes:
        """Its bytes."""
        headers = {"Host": f"127.0.0.1:{self.port}", **self.headers, "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Asked:
    """What came of it."""

    answers: int
    rate: float
    """Answers a second."""
    cpu_us: float
    """The clients' own CPU time an answer: what the rate may be bound by. Unit: microseconds."""
    body: bytes
    """The last answer's; all were as long."""


class _Client:
    """One connection: asks, and takes in what comes."""

    def __init__(self, request: Request) -> None:
        self._request, self._sent = request, request.sent
        self._status = f"HTTP/1.1 {request.status} ".encode()
        self.socket = socket.create_connection(("127.0.0.1", request.port), timeout=_TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._came = bytearray(_LARGEST_PART)
        self._view = memoryview(self._came)
        self._have = self._head = 0
        self._wanted: int | None = None

    def ask(self) -> None:
        """Sends the request."""
        self._have, self._wanted = 0, None
        self.socket.sendall(self._sent)

    def take_in(self) -> bool:
        """Whether the answer is whole now.

        Raises: RuntimeError, for an answer of another status, and where the connection is lost.
        """
        got = self.socket.recv_into(self._view[self._have :])
        if not got:
            raise RuntimeError(f"{self._request.method} {self._request.path}: the connection was lost")
        self._have += got
        if self._wanted is None:
            end = self._came.find(b"\r\n\r\n", 0, self._have)
            if end < 0:
                return False
            self._head = end + 4
            self._wanted = self._head + self._length()
        return self._have >= self._wanted

    def _length(self) -> int:
        """The bytes of the body that the head says there are."""
        if not self._came.startswith(self._status):
            told = bytes(self._came[: min(self._have, 500)])
            raise RuntimeError(f"{self._request.method} {self._request.path}: {told!r}")
        at = self._came.find(b"content-length: ", 0, self._head)
        if at < 0 or self._request.status == 304:
            return 0
        return int(self._came[at + 16 : self._came.find(b"\r", at)])

    @property
    def size(self) -> int:
        """The bytes of the last answer's body."""
        return (self._wanted or 0) - self._head

    def last(self) -> bytes:
        """The last answer's body."""
        return bytes(self._came[self._head : self._wanted])


async def ask(request: Request, seconds: float, clients: int = CLIENTS) -> Asked:
    """How many answers a second some clients get.

    Raises: RuntimeError, for an answer of another status, or of another length.
    """
    return await asyncio.to_thread(_ask, request, seconds, clients)


def _ask(request: Request, seconds: float, clients: int) -> Asked:
    asking = {one.socket.fileno(): one for one in (_Client(request) for _ in range(clients))}
    poll = select.epoll()
    for number in asking:
        poll.register(number, select.EPOLLIN)
    started, busy, answers, sizes = time.perf_counter(), time.thread_time(), 0, set()
    for one in asking.values():
        one.ask()
    waiting = len(asking)
    while waiting:
        ready = poll.poll(_TIMEOUT_SECONDS)
        if not ready:
            raise RuntimeError(f"{request.method} {request.path}: no answer in {_TIMEOUT_SECONDS:.0f} s")
        more = time.perf_counter() - started < seconds
        for number, _ in ready:
            one = asking[number]
            if one.take_in():
                answers += 1
                sizes.add(one.size)
                if more:
                    one.ask()
                else:
                    waiting -= 1
    took, busy = time.perf_counter() - started, time.thread_time() - busy
    poll.close()
    for one in asking.values():
        one.socket.close()
    if len(sizes) != 1:
        raise RuntimeError(f"{request.method} {request.path}: answers of {sorted(sizes)} bytes")
    return Asked(answers, answers / took, busy / answers * 1e6, one.last())
