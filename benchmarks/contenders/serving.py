"""Servers in processes of their own, and clients that keep their connection."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).parents[2]
_START_SECONDS: Final = 180
_MAX_CLIENTS: Final = 64


class HttpServer:
    """A GraphQL server over HTTP, asked by any number of clients."""

    def __init__(self, port: int, process: asyncio.subprocess.Process, path: str) -> None:
        self.headers = {"Content-Type": "application/json"}
        self._port, self._process, self._path = port, process, path
        self._connections: dict[int, http.client.HTTPConnection] = {}
        self._threads = ThreadPoolExecutor(_MAX_CLIENTS)

    async def post(self, document: str, client: int) -> bytes:
        """The body of the answer to a document."""
        body = json.dumps({"query": document}).encode()
        if client == 0:
            return self._post(body, 0)  # nobody else is waiting: no thread in between
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._post, body, client)

    def _post(self, body: bytes, client: int) -> bytes:
        connection = self._connections.get(client)
        if connection is None:
            connection = self._connections[client] = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
        try:
            connection.request("POST", self._path, body, self.headers)
            return connection.getresponse().read()
        except ConnectionError:  # the server has ended what was idle for some seconds
            connection.close()
            connection.request("POST", self._path, body, self.headers)
            return connection.getresponse().read()

    @property
    def process_id(self) -> int:
        """Of the server's process."""
        return self._process.pid

    def resident_bytes(self) -> int:
        """The memory of the process that answers. Its worker of exports is another: benchmarks/exports.py."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def cpu_seconds(self) -> float:
        """The CPU time that the process has taken; its children's aside."""
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    def close(self) -> None:
        """Ends the clients."""
        self._threads.shutdown()
        for connection in self._connections.values():
            connection.close()


def data_of(came: bytes) -> dict[str, Any]:
    """The data of a GraphQL answer.

    Raises: ValueError, where there are errors.
    """
    told = json.loads(came)
    if told.get("errors") or not told.get("data"):
        raise ValueError(came[:500].decode())
    return dict(told["data"])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(
    command: Sequence[str], port: int, path: str, environment: Mapping[str, str]
) -> AsyncIterator[HttpServer]:
    """A Python command that serves on a port, until the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env={**os.environ, **environment}, cwd=ROOT, stdout=sys.stderr
    )
    server = HttpServer(port, process, path)
    try:
        await _wait_for(process, port)
        yield server
    finally:
        server.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _wait_for(process: asyncio.subprocess.Process, port: int) -> None:
    for _ in range(_START_SECONDS * 10):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.returncode is not None:
                break
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the server does not answer; what it said stands above")
