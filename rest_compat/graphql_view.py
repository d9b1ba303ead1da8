"""GraphQL over HTTP at /graphql: strawberry's view, with our identity, errors and editor.

Source: the GraphQL-over-HTTP specification; strawberry.http.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter, StarletteRequestAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.types import ExecutionResult

from rest_compat import etag, sent
from rest_compat.accept import EVENTS, GRAPHQL, JSON, graphql_type, require_accepted
from rest_compat.headers import all_headers, first_header
from rest_compat.live.events import EventStream, wants_events
from rest_compat.live.operation import begin
from rest_compat.pages import graphiql_page
from rest_compat.patience import watch
from rest_compat.posed import Posed, posed
from rest_compat.problems import Kind, Problem
from rest_compat.recording import context_of, drafted, entry_of, give_again, name_question, recording, viewer_of
from rest_compat.refusals import CONTENT_TYPES, accepted_type, refusal
from rest_compat.stored import document_of
from schema.answers import Abandon, Answer, Draft, Question, viewer_key
from schema.context import RequestContext
from schema.executor import SCHEMA, Gateway
from schema.live import Live
from schema.operations import OperationType, kind_of
from schema.public import Door

MAX_BODY_BYTES: Final = 1_000_000
METHODS: Final = ("GET", "POST")


class _Adapter(StarletteRequestAdapter):
    """A request as strawberry sees it: what it asks has been read."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.asked: Posed = request.scope["state"]["posed"]


class GraphQLView(GraphQL[RequestContext, None]):
    """The GraphQL door. Nothing is executed for a request without a valid token."""

    request_adapter_class = _Adapter

    def __init__(self, gateway: Gateway, live: Live | None = None) -> None:
        """`live`: the subscriptions; None, and nothing is answered as events."""
        super().__init__(SCHEMA, multipart_uploads_enabled=False, subscription_protocols=())
        self.gateway, self.live = gateway, live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; a browser that asks for a page gets the editor."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        response = await self._answer(Request(scope, _bounded(receive)))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if wants_page(request):
            return graphiql_page(request)
        try:
            _check(request)
            async with recording(self.gateway, Door.GRAPHQL, "", request):
                return await self._answered(request)
        except Exception as fault:
            return refusal(request, fault)

    async def _answered(self, request: Request) -> Response:
        """An answer that was kept, or one worked out; a GET request's conditions hold for both.

        Raises: Problem; Unauthenticated, Unavailable, RateLimited; Forbidden, NotStored, BadInput, TooComplex.
        """
        viewer = await viewer_of(self.gateway, request)
        accept = ", ".join(all_headers(request, b"accept"))
        require_accepted(accept, (JSON, GRAPHQL) if self.live is None else (JSON, GRAPHQL, EVENTS))
        media_type = accepted_type(request)
        asked = await posed(request)
        document = document_of(asked.query, asked.extensions, viewer)
        kind = None if document is None else kind_of(document, asked.operation_name)
        if wants_events(request, kind, graphql_type(accept) is not None):
            return await self._stream(request, kind, asked)
        request.scope["state"]["posed"] = replace(asked, query=document)
        if self.gateway.answers is None or document is None:
            return self._sent(request, media_type, await self.run(request))
        further = asked.further if media_type == JSON else media_type.encode() + asked.further
        question = name_question(request, Question(viewer_key(viewer), Door.GRAPHQL.value, document, further))

        async def make(abandon: Abandon) -> tuple[Response, Draft | None]:
            request.scope["state"]["abandon"] = abandon
            response = await self.run(request)
            if not _is_whole(response):
                return response, None
            return response, drafted(self.gateway, request, bytes(response.body), self._tag(media_type, response))

        found = await self.gateway.answers.get(question, make)
        if not isinstance(found, Answer):
            return self._sent(request, media_type, found)
        return give_again(request, found).response

    async def _stream(self, request: Request, kind: OperationType | None, asked: Posed) -> Response:
        """The answers as events.

        Raises: Problem; as `begin`.
        """
        entry = entry_of(request)
        assert entry is not None
        if self.live is None:
            raise Problem(Kind.NOT_ACCEPTABLE, "Nothing is answered as events here.")
        if kind is OperationType.MUTATION and request.method == "GET":
            raise Problem(Kind.METHOD_NOT_ALLOWED, "A mutation is sent by POST.", headers={"Allow": "POST"})
        watch(request)
        return EventStream(request, self.live, await begin(self.gateway, self.live, entry, asked))

    def _tag(self, media_type: str, response: Response) -> str:
        """The tag of a response: of its bytes, and of what they are sent as where that is not JSON."""
        body = bytes(response.body)
        return etag.content_tag(self.gateway.pseudonym_key, body if media_type == JSON else media_type.encode() + body)

    def _sent(self, request: Request, media_type: str, response: Response) -> Response:
        """A response as a cache of the viewer's own may keep it."""
        if not _is_whole(response):
            return response
        return sent.by_graphql(request, self._tag(media_type, response), bytes(response.body)).response

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Never here: who wants a page has got it."""
        return False

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        """The operation's context.

        Raises: Unauthenticated, Unavailable, RateLimited.
        """
        viewer = await viewer_of(self.gateway, request)
        return context_of(self.gateway, viewer, request, request.scope["state"].get("abandon"))

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Where strawberry gathers what the response is to be: here, its media type."""
        response = await super().get_sub_response(request)
        if isinstance(request, Request):
            response.media_type = accepted_type(request)
        return response

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """The operation, which has been read already."""
        assert isinstance(request, _Adapter)
        asked = request.asked
        return GraphQLRequestData(asked.query, dict(asked.variables), asked.operation_name, None)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """What is sent of a result. Source: the GraphQL specification, section 7.1: a request error has no data."""
        processed = await super().process_result(request, result)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            del processed["data"]
        return processed

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """A result as a response; what was never executed is no success for who takes the newer media type."""
        media_type = sub_response.media_type or JSON
        status = 400 if media_type == GRAPHQL and "data" not in response_data else 200
        headers = {"Cache-Control": "private, no-store", "Vary": "Authorization, Accept"}
        return Response(self.encode_json(response_data), status, headers, CONTENT_TYPES[media_type])

    def encode_json(self, data: object) -> bytes:
        """JSON."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> Any:
        """A body as values."""
        return orjson.loads(data)


def _is_whole(response: Response) -> bool:
    return response.status_code == 200 and type(response) is Response


def _check(request: Request) -> None:
    """Only what a browser never sends by itself is taken: a body in JSON is preflighted, a token is not ambient.

    Raises: Problem.
    """
    if request.method not in METHODS:
        raise Problem(Kind.METHOD_NOT_ALLOWED, "Operations are sent by GET or POST.", headers={"Allow": "GET, POST"})
    if request.method == "POST" and not _is_json(request):
        raise Problem(
            Kind.UNSUPPORTED_MEDIA_TYPE,
            "Send the request as `Content-Type: application/json`, in UTF-8, not compressed.",
            headers={"Accept-Post": JSON},
        )


def _is_json(request: Request) -> bool:
    content_type = first_header(request, b"content-type") or ""
    if content_type != JSON:
        media_type, *further = (part.strip().lower() for part in content_type.split(";"))
        charset = next((part[8:].strip('"') for part in further if part.startswith("charset=")), "utf-8")
        if media_type != JSON or charset not in ("utf-8", "utf8"):
            return False
    return first_header(request, b"content-encoding") in (None, "identity")


def wants_page(request: Request) -> bool:
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
            raise Problem(Kind.CONTENT_TOO_LARGE, f"The body is over {MAX_BODY_BYTES} bytes. Send a smaller one.")
        return message

    return receive_some
