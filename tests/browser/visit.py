"""One visit of a browser to the gateway, with everything asked for and everything that went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Locator, Page, Request, TimeoutError, WebSocket

# What the Content-Security-Policy blocked, by the browser's own word, where the console listener hears it.
REPORT_VIOLATIONS = """
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`blocked by ${event.effectiveDirective}: ${event.blockedURI}`));
"""


MAX_PRESSES = 6
PRESS_MS = 3_000


def _is_operation(request: Request) -> bool:
    return request.method == "POST" and "IntrospectionQuery" not in (request.post_data or "")


class Gateway(Protocol):
    """The running gateway, as tests/conftest.py provides it."""

    url: str

    def token(self, role: str, lasting: timedelta = ...) -> str:
        """A bearer token of that role."""


@dataclass
class Visit:
    """A page of its own profile, which records requests and faults from the first byte on."""

    page: Page
    gateway: Gateway
    requested: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        """Starts to record; before the first navigation."""
        await self.page.add_init_script(REPORT_VIOLATIONS)
        self.page.on("request", self._note_request)
        self.page.on("websocket", self._note_socket)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("crash", lambda _: self.faults.append("the page crashed"))

    async def open(self, path: str, token: str | None = None) -> None:
        """Opens an address of the gateway, with the token in the fragment as a printed link has it."""
        fragment = f"#token={token}" if token else ""
        await self.page.goto(f"{self.gateway.url}{path}{fragment}")

    @property
    def foreign(self) -> list[str]:
        """What was asked of anyone but the gateway."""
        own = urlsplit(self.gateway.url).netloc
        return [
            url
            for url in self.requested
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
        ]

    @property
    def explorer(self) -> Locator:
        return self.page.locator(".graphiql-plugin")

    @property
    def query(self) -> Locator:
        """The lines of the query editor."""
        return self.page.locator(".graphiql-query-editor .view-lines")

    @property
    def answer(self) -> Locator:
        """The lines of the answer."""
        return self.page.locator(".result-window .view-lines")

    @property
    def word(self) -> Locator:
        """What the page says about the token."""
        return self.page.locator(".token-bar p")

    async def run(self) -> None:
        """Presses the run button, until the editor asks.

        TRICKY: while it takes in the schema it makes its button anew, and a click on the old one is lost; a reader
        presses again.
        """
        for _ in range(MAX_PRESSES):
            try:
                async with self.page.expect_request(_is_operation, timeout=PRESS_MS):
                    await self.page.get_by_role("button", name="Execute query").click()
            except TimeoutError:
                continue
            return
        raise AssertionError(f"the editor asked nothing after {MAX_PRESSES} presses of its button")

    async def type_query(self, query: str) -> None:
        """Replaces what the editor holds by what a reader types: one operation, named Typed."""
        await self.query.click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.type(" ".join(query.split()))
        # TRICKY: the editor learns the operation's name a moment after the last key, and runs the old one until then.
        await self.page.get_by_role("tab", name="Typed").wait_for()

    def _note_request(self, request: Request) -> None:
        self.requested.append(request.url)

    def _note_socket(self, socket: WebSocket) -> None:
        self.requested.append(socket.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)
