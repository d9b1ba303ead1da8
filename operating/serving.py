"""How the server begins and ends: sockets, processes, and what becomes of requests when it is told to end.

Requests on a connection that it has taken are answered, and the connection closed after; for the others there is
either a successor, who was given the same socket, or a refusal (`operating.refusing`) until the last answer has left.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from db.errors import SetupFault
from operating.connections import Connection
from operating.logs import LogFormat, log_config
from operating.memory import start_unsearched
from operating.refusing import refusing
from operating.sharing import shared_metrics
from operating.sockets import Socket
from rest_compat.graphql_view import MAX_BODY_BYTES

_DESCRIPTORS: Final = 65_536
"""Open files and connections of a process, at most."""
_WORKER_SECONDS: Final = 120
"""How long a server process may take to be there, and one that is there to show that it does not hang."""
_TAKEN_AT_ONCE: Final = 16
"""Connections that are taken in one round of the loop.

TRICKY: uvloop takes one of a listening socket a round, however many wait: under load, the last waited for minutes. It
takes one of each handle, and several may be of the same socket.
"""


@dataclass(frozen=True)
class Wanted:
    """How the server is to be."""

    host: str
    port: int
    processes: int
    log_level: str
    log_format: LogFormat
    grace_seconds: int
    descriptor: int | None = None
    """Of a listening socket that this process was given, instead of host and port."""


@dataclass(frozen=True)
class Listening:
    """The socket that the server takes connections from."""

    socket: socket.socket
    is_inherited: bool
    """Whether somebody else holds it, too, and gives it to a successor."""

    def refusing(self) -> AbstractContextManager[None]:
        """Refuses what comes, while this lasts; not where a successor takes it."""
        return nullcontext() if self.is_inherited else refusing(self.socket.dup())


def _handles(listening: Listening) -> list[socket.socket]:
    """Of its socket, as many as connections are taken at once."""
    return [listening.socket.dup() for _ in range(_TAKEN_AT_ONCE)]


class Server(uvicorn.Server):
    """The only server process."""

    def __init__(self, config: uvicorn.Config, listening: Listening) -> None:
        super().__init__(config)
        self._listening = listening

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Lets what was taken end, and refuses what comes meanwhile."""
        refusal = self._listening.refusing()
        await asyncio.to_thread(refusal.__enter__)
        try:
            await super().shutdown(sockets)
        finally:
            await asyncio.to_thread(refusal.__exit__, None, None, None)


class Supervisor(Multiprocess):
    """The parent of several server processes. SIGHUP replaces them one by one, each once its successor answers."""

    def __init__(self, config: uvicorn.Config, listening: Listening) -> None:
        super().__init__(config, _handles(listening))
        self._listening = listening

    def join_all(self) -> None:
        """Waits for all to end, and refuses what comes meanwhile."""
        with self._listening.refusing():
            super().join_all()


def serve(worker: str, wanted: Wanted) -> None:
    """Serves until told to end. `worker`: what makes the application of a process.

    Raises: SetupFault, for a descriptor that is no listening socket.
    """
    _take_descriptors()
    config = uvicorn.Config(
        worker,
        factory=True,
        http=Connection,
        ws=Socket,
        ws_max_size=MAX_BODY_BYTES,
        ws_per_message_deflate=False,  # it would take more memory than all else of a connection that is idle
        host=wanted.host,
        port=wanted.port,
        workers=wanted.processes,
        log_config=log_config(wanted.log_level, wanted.log_format),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=wanted.grace_seconds,
        timeout_worker_healthcheck=_WORKER_SECONDS,
    )
    given = wanted.descriptor
    listening = Listening(config.bind_socket(), is_inherited=False) if given is None else handed_over(given)
    if wanted.processes > 1:
        with shared_metrics():
            Supervisor(config, listening).run()
        return
    server = Server(config, listening)
    start_unsearched()  # a tenth of the time that it takes to be there
    with _ending_well():
        server.run(sockets=_handles(listening))
    if not server.started:
        sys.exit(STARTUP_FAILURE)


@contextmanager
def _ending_well() -> Iterator[None]:
    """Told to end, a server that has answered what it took has done well: the signal, raised again, means no more."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _take_descriptors() -> None:
    """Lets this process and those below it have as many connections as the system allows, which is often far more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def handed_over(descriptor: int) -> Listening:
    """The listening socket that a descriptor of this process is.

    Raises: SetupFault, where it is none.
    """
    try:
        found = socket.socket(fileno=os.dup(descriptor))
        listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as fault:
        raise SetupFault(f"--fd {descriptor} is no socket of this process ({fault.strerror}).") from fault
    if not listens:
        found.close()
        raise SetupFault(f"--fd {descriptor} is a socket that does not listen. Give one that does.")
    found.set_inheritable(True)
    return Listening(found, is_inherited=True)
