"""One client of the load: a connection that is kept, and requests on it, each of whose answers is read whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

TIMEOUT_SECONDS: Final = 90.0


@dataclass(frozen=True)
class Answer:
    """What came of a request."""

    status: int
    headers: dict[str, str]
    body: bytes


class Broken(Exception):
    """The connection ended before the answer did."""


@dataclass
class Client:
    """A connection, opened when it is needed."""

    host: str
    port: int
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    opened: int = field(default=0)

    async def ask(self, sent: bytes) -> Answer:
        """The whole answer.

        Raises: Broken; TimeoutError.
        """
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._asked(sent)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as fault:
            self.close()
            if isinstance(fault, TimeoutError):
                raise
            raise Broken(repr(fault)) from fault

    async def _asked(self, sent: bytes) -> Answer:
        if self._open is None or self._open[0].at_eof():
            self.close()
            self._open = await asyncio.open_connection(self.host, self.port)
            self.opened += 1
        reader, writer = self._open
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await self._body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split()[1]), headers, body)

    async def _body(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if "chunked" not in headers.get("transfer-encoding", ""):
            return await reader.readexactly(int(headers.get("content-length", "0")))
        parts = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)

    def close(self) -> None:
        """Ends it."""
        if self._open is not None:
            self._open[1].transport.abort()
            self._open = None
