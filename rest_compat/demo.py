"""The demo's tokens over HTTP, for the web UI's switch between roles: only where `deskgraph serve --demo` adds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat.accept import JSON
from schema.demo import DemoToken, demo_tokens
from schema.identity import Identity

PATH: Final = "/demo/tokens"


def demo_routes(identity: Identity, clock: Callable[[], datetime]) -> list[Route]:
    """The route that gives anybody a token of each role."""

    def tokens(_: Request) -> Response:
        body = {"tokens": [_told(one) for one in demo_tokens(identity, clock)]}
        return Response(orjson.dumps(body), headers={"Cache-Control": "no-store"}, media_type=JSON)

    return [Route(PATH, tokens)]


def _told(one: DemoToken) -> dict[str, object]:
    return {
        "role": one.viewer.role.value,
        "sub": one.viewer.subject,
        "scope": one.scope,
        "token": one.token,
        "expiresAt": one.expires_at,
    }
