"""Clients that ask one request again and again over connections that stay open, and look at each whole answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CLIENTS: Final = 16


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


@dataclass
class Asked:
    """What came of it."""

    answers: int
    rate: float
    """Answers a second."""
    body: bytes
    """The last answer's; all were as long."""


class _Client(asyncio.Protocol):
    """Asks until the end, one request at a time."""

    def __init__(self, request: Request, until: float) -> None:
        self.request, self.until = request, until
        self.answers, self.body = 0, b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sent, self._status = request.sent, f"HTTP/1.1 {request.status} ".encode()
        self._came, self._wanted, self._head = bytearray(), 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._sent)

    def data_received(self, data: bytes) -> None:
        self._came += data
        if not self._wanted:
            end = self._came.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._came[:end]).lower()
            if not self._came.startswith(self._status):
                self._fail(f"{bytes(self._came[:500])!r}")
                return
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._head = end + 4
            self._wanted = self._head + (int(length or 0) if self.request.status != 304 else 0)
        if len(self._came) >= self._wanted:
            self._answered()

    def _answered(self) -> None:
        if self.answers and self._wanted - self._head != len(self.body):
            self._fail("another answer than before")
            return
        self.body = bytes(self._came[self._head : self._wanted])
        self.answers += 1
        self._came, self._wanted = bytearray(), 0
        if time.perf_counter() < self.until:
            self.transport.write(self._sent)
        elif not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, _: Exception | None) -> None:
        self._fail("the connection was lost")

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"{self.request.method} {self.request.path}: {why}"))


async def ask(request: Request, seconds: float, clients: int = CLIENTS) -> Asked:
    """How many answers a second some clients get.

    Raises: RuntimeError, for an answer of another status, or of another length.
    """
    loop, started = asyncio.get_running_loop(), time.perf_counter()
    asking = [
        (await loop.create_connection(lambda: _Client(request, started + seconds), "127.0.0.1", request.port))[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(one.done for one in asking))
    took = time.perf_counter() - started
    for one in asking:
        one.transport.close()
    answers = sum(one.answers for one in asking)
    return Asked(answers, answers / took, asking[0].body)
