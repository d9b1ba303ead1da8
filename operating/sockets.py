"""WebSockets as the server keeps them: how they end when it does, and that nobody holds one by not reading.

Whoever takes nothing of what was sent for long is cut off: what waits for it would stay in memory.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

ON_ENDING: Final = "on_ending"
"""In the application's state: what is called once the server is told to end, for what would go on."""
STALLED_SECONDS: Final = 60.0
"""How long nobody need take what was sent."""
_GOING_AWAY: Final = 1001


class Socket(WebSocketsSansIOProtocol):
    """A WebSocket; the server goes away with 1001, after which clients connect again."""

    _stalled: asyncio.TimerHandle | None = None

    def shutdown(self) -> None:
        """Called once the server is told to end."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": _GOING_AWAY})
        self.conn.send_close(_GOING_AWAY, "The server ends")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def pause_writing(self) -> None:
        """The other side takes nothing at present."""
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)
