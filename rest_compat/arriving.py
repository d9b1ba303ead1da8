"""What has come of a request's body, for who looks at it before the application does."""

from __future__ import annotations

from starlette.types import Message, Receive


async def received_all(receive: Receive, came: list[Message], most_bytes: int) -> bool:
    """Whether a body came whole, and is of so many bytes at most; what came of it is appended."""
    size = 0
    while size <= most_bytes:
        message = await receive()
        came.append(message)
        if message["type"] != "http.request":
            return False
        message.setdefault("body", b"")
        size += len(message["body"])
        if not message.get("more_body", False):
            return True
    return False


def replaying(came: list[Message], receive: Receive) -> Receive:
    """What came already, once more, then what is still to come."""

    async def receive_again() -> Message:
        return came.pop(0) if came else await receive()

    return receive_again
