"""GraphQL over HTTP at /graphql: strawberry's view, with our identity, errors and editor.

Source: the GraphQL-over-HTTP specification; strawberry.http.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from rest_compat import etag, sent
from rest_compat.headers import first_header
from rest_compat.pages import graphiql_page
from rest_compat.posed import posed
from rest_compat.problems import Kind, challenge, kind_of
from rest_compat.recording import context_of, drafted, give_again, recording, viewer_of
from rest_compat.sent import JSON
from rest_compat.stored import document_of
from schema.answers import Abandon, Answer, Draft, Question, viewer_key
from schema.context import RequestContext
from schema.errors import refusal_of
from schema.executor import SCHEMA, Gateway
from schema.public import Door

MAX_BODY_BYTES = 1_000_000


class GraphQLView(GraphQL[RequestContext, None]):
    """The GraphQL door. Nothing is executed for a request without a valid token."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(SCHEMA, multipart_uploads_enabled=False, subscription_protocols=())
        self.gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; a browser that asks for a page gets the editor."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        response = await self._answer(Request(scope, _bounded(receive)))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if _wants_page(request):
            return graphiql_page(request)
        try:
            if request.method == "POST" and not _is_json(first_header(request, b"content-type") or ""):
                return _refused(415, "Send the request as Content-Type: application/json.", "BAD_USER_INPUT")
            async with recording(self.gateway, Door.GRAPHQL, "", request):
                return await self._answered(request)
        except HTTPException as fault:
            if isinstance(fault.__cause__, InvalidOperationTypeError):
                return _refused(405, "A mutation is sent by POST.", "BAD_USER_INPUT", {"Allow": "POST"})
            return _refused(fault.status_code, fault.reason, "BAD_USER_INPUT")
        except Exception as fault:
            refusal = refusal_of(fault)
            if refusal is None:
                raise
            kind = kind_of(refusal.code)
            further = challenge(request) if kind is Kind.UNAUTHENTICATED else kind.headers
            return _refused(kind.status, refusal.message, refusal.code, further)

    async def _answered(self, request: Request) -> Response:
        """An answer that was kept, or one worked out; a GET request's conditions hold for both.

        Raises: Unauthenticated, Unavailable; Forbidden, NotStored, BadInput; HTTPException.
        """
        viewer = await viewer_of(self.gateway, request)
        asked = await posed(request) if self.gateway.answers is not None else None
        document = document_of(asked.query, asked.extensions, viewer) if asked is not None else None
        if self.gateway.answers is None or asked is None or document is None:
            return self._sent(request, await self.run(request))
        question = Question(viewer_key(viewer), Door.GRAPHQL.value, document, asked.further)

        async def make(abandon: Abandon) -> tuple[Response, Draft | None]:
            request.scope["state"]["abandon"] = abandon
            response = await self.run(request)
            sound = response.status_code == 200 and type(response) is Response
            return response, drafted(
                self.gateway, request, bytes(response.body), self._tag(response)
            ) if sound else None

        found = await self.gateway.answers.get(question, make)
        if not isinstance(found, Answer):
            return self._sent(request, found)
        return give_again(request, found).response

    def _tag(self, response: Response) -> str:
        return etag.content_tag(self.gateway.pseudonym_key, response.body)

    def _sent(self, request: Request, response: Response) -> Response:
        """A response as a cache of the viewer's own may keep it."""
        if response.status_code != 200 or type(response) is not Response:
            return response
        return sent.by_graphql(request, self._tag(response), bytes(response.body)).response

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Never here: who wants a page has got it."""
        return False

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        """The operation's context.

        Raises: Unauthenticated, Unavailable.
        """
        viewer = await viewer_of(self.gateway, request)
        return context_of(self.gateway, viewer, request, request.scope["state"].get("abandon"))

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: RequestContext,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """The result of the document that the request sends, or names.

        Raises: Forbidden, for a role that may only run stored documents; NotStored, BadInput.
        """
        document = document_of(request_data.query, request_data.extensions, context.viewer)
        asked = replace(request_data, query=document)
        return await super().execute_single(request, request_adapter, sub_response, context, root_value, asked)

    def encode_json(self, data: object) -> bytes:
        """JSON."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> Any:
        """A body as values."""
        return orjson.loads(data)


def _is_json(content_type: str) -> bool:
    return content_type == JSON or content_type.split(";")[0].strip().lower() == JSON


def _wants_page(request: Request) -> bool:
    """Whether a browser asks for a page: `text/html` by name. A link with a query opens it in the editor."""
    return request.method == "GET" and "text/html" in (first_header(request, b"accept") or "")


def _bounded(receive: Receive) -> Receive:
    """What is received, up to the limit, whether or not the sender told a length."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise HTTPException(413, f"The body is over {MAX_BODY_BYTES} bytes.")
        return message

    return receive_some


def _refused(status: int, message: str, code: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]}
    return Response(orjson.dumps(body), status, headers, "application/json")
