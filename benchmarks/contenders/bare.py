"""The floor of what an answer over HTTP costs: a Starlette route that returns bytes, served as ours is.

`python -m benchmarks.contenders.bare FILE PORT` answers POST /full with the file's bytes, GET /unchanged with 304.
With `known` instead of a file it serves our gateway, by the environment's settings, but for one thing: the store's
version is asked once and believed from then on, as if somebody told of every write in time. What the check costs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SERVED: Final[dict[str, Any]] = {"log_level": "warning", "access_log": False, "server_header": False}
"""What `deskgraph serve` says to uvicorn, too."""


def bare(body: bytes) -> Starlette:
    """The application."""

    async def full(_: Request) -> Response:
        return Response(body, media_type="application/json")

    async def unchanged(_: Request) -> Response:
        return Response(status_code=304, headers={"ETag": '"0123456789abcdef0123456789abcdef"'})

    return Starlette(routes=[Route("/full", full, methods=["POST"]), Route("/unchanged", unchanged)])


def believing() -> Any:
    """Our gateway, which asks for the store's version once."""
    import app
    from db.version import Version, Versions

    class Believed(Versions):
        known: Version | None = None

        async def current(self) -> Version:
            if self.known is None:
                self.known = await super().current()
            return self.known

    app.Versions = Believed  # type: ignore[misc]
    return app.create_worker()


def main(what: str, port: int) -> None:
    """Serves."""
    served = believing() if what == "known" else bare(Path(what).read_bytes())
    uvicorn.run(served, host="127.0.0.1", port=port, **SERVED)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
