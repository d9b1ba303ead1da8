"""A mail arrives once, or its owner is asked, whatever ends before it is noted what became of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from db.access import Role
from db.delivery_queue import LEASE
from rest_compat.export import delivering
from rest_compat.export.mailing import Mailbox
from schema.destinations import MailTls
from tests.conftest import free_port
from tests.rest_compat.desk import VIEWERS
from tests.rest_compat.test_schedules import BOSS, DAY, DUE, MIA, Post, Scene, dsn, scene

__all__ = ["dsn", "scene"]

AGAIN: Final = "mutation Again($id: ID!) { deliverAgain(id: $id) { state attempts error { code } } }"
DELIVERIES: Final = "{ schedules { deliveries { id state attempts error { code message } } } }"
HOUR: Final = timedelta(hours=1)


@dataclass
class Fickle(Post):
    """A mail server that keeps what it gets, and then does something before it answers."""

    answer: Callable[[SMTP], Awaitable[str]] | None = None
    has_it: asyncio.Event = field(default_factory=asyncio.Event)
    ends_rudely: bool = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Has the mail; what it says of it is its own affair."""
        await super().handle_DATA(server, session, envelope)
        self.has_it.set()
        return await self.answer(server) if self.answer else "250 OK"

    async def handle_QUIT(self, server: SMTP, _: Session, __: Envelope) -> str:
        """Says farewell, or does not."""
        if self.ends_rudely:
            hang_up(server)
        return "221 Bye"


def hang_up(server: SMTP) -> None:
    """Ends the connection."""
    assert server.transport is not None
    server.transport.abort()


@asynccontextmanager
async def answering(answer: Callable[[SMTP], Awaitable[str]] | None, **further: Any) -> AsyncIterator[Fickle]:
    """A mail server."""
    post, loop = Fickle(free_port(), answer=answer, **further), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="test"), "127.0.0.1", post.port)
    yield post
    server.close()


def mailbox_of(post: Post) -> Mailbox:
    """How it is reached."""
    return Mailbox("127.0.0.1", post.port, MailTls.NONE, "desk@example.test")


async def delivery_of(scene: Scene) -> dict[str, Any]:
    """The one delivery there is."""
    ((delivery,),) = [one["deliveries"] for one in (await scene.ask(DELIVERIES))["schedules"]]
    found: dict[str, Any] = delivery
    return found


async def a_worker(scene: Scene, post: Post) -> Process:
    """`deskgraph work`, to which all that is due is due now."""
    connection = await asyncpg.connect(scene.dsn)
    await connection.execute("UPDATE deskgraph.holders SET seen_at = now()")
    await connection.close()
    given = {
        "DATABASE_URL": scene.dsn,
        "JWT_SECRET": "w" * 32,
        "MAIL_DOMAINS": "example.test",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(post.port),
        "SMTP_TLS": "none",
        "SMTP_SENDER": "desk@example.test",
    }
    environment = {**os.environ, **{f"DESKGRAPH_{name}": value for name, value in given.items()}}
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "cli", "work", env=environment)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_worker_that_ends_while_the_server_takes_a_mail_has_its_owner_asked(
    how: signal.Signals, scene: Scene
) -> None:
    released = asyncio.Event()

    async def once_released(_: SMTP) -> str:
        await released.wait()
        return "250 OK"

    await scene.scheduled()
    async with answering(once_released) as post:
        worker = await a_worker(scene, post)
        async with asyncio.timeout(60):
            await post.has_it.wait()
        during = await delivery_of(scene)
        worker.send_signal(how)
        await worker.wait()
        released.set()
        connection = await asyncpg.connect(scene.dsn)
        now = await connection.fetchval("SELECT now()")
        await connection.execute("UPDATE deskgraph.schedules SET next_due_at = now() + interval '1 year'")
        await connection.close()
        for later in (LEASE + HOUR, DAY / 4):
            scene.now = now + later
            await scene.work(now + later, mailbox=mailbox_of(post))
        after = await delivery_of(scene)
        sent = len(post.got)
        again = await scene.ask(AGAIN, id=after["id"])
        await scene.work(now + DAY / 4, mailbox=mailbox_of(post))
        at_last = await delivery_of(scene)

    assert during["state"] == "SENDING"
    assert (after["state"], sent) == ("UNCERTAIN", 1)
    assert "not sent again unless you say so" in after["error"]["message"]
    assert (again["deliverAgain"]["state"], again["deliverAgain"]["attempts"]) == ("WAITING", 0)
    assert (at_last["state"], at_last["error"], len(post.got)) == ("DELIVERED", None, 2)
    assert len({mail["Message-ID"] for mail in post.got}) == 1


@pytest.mark.parametrize(
    ("at", "state", "code"), [("handle_MAIL", "WAITING", "CANCELLED"), ("handle_DATA", "UNCERTAIN", "UNAVAILABLE")]
)
async def test_what_a_worker_was_told_to_leave_is_noted_before_it_ends(
    at: str, state: str, code: str, scene: Scene
) -> None:
    reached, released = asyncio.Event(), asyncio.Event()

    async def stalls(*_: Any) -> str:
        reached.set()
        await released.wait()
        return "250 OK"

    await scene.scheduled()
    async with answering(None) as post:
        setattr(post, at, stalls)
        working = asyncio.create_task(scene.work(DUE, mailbox=mailbox_of(post)))
        async with asyncio.timeout(30):
            await reached.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        left = await delivery_of(scene)
        released.set()

    assert (left["state"], left["error"]["code"]) == (state, code)
    assert "was told to end" in left["error"]["message"]


@pytest.mark.parametrize(
    ("at", "state", "told"),
    [("handle_MAIL", "WAITING", "It took longer than 1 seconds."), ("handle_DATA", "UNCERTAIN", "It may have arrived")],
)
async def test_a_server_that_answers_too_late_is_asked_again_unless_it_may_have_the_mail(
    at: str, state: str, told: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "ATTEMPT_SECONDS", 1.0)
    released = asyncio.Event()

    async def stalls(*_: Any) -> str:
        await released.wait()
        return "250 OK"

    await scene.scheduled()
    async with answering(None) as post:
        setattr(post, at, stalls)
        await scene.work(DUE, mailbox=mailbox_of(post))
        left = await delivery_of(scene)
        released.set()

    assert (left["state"], left["attempts"]) == (state, 1)
    assert told in left["error"]["message"]


async def test_a_connection_that_ends_without_an_answer_leaves_it_uncertain(scene: Scene) -> None:
    async def nothing(server: SMTP) -> str:
        hang_up(server)
        return "250 OK"

    await scene.scheduled()
    async with answering(nothing) as post:
        for hours in range(3):
            await scene.work(DUE + hours * HOUR, mailbox=mailbox_of(post))

    delivery = await delivery_of(scene)
    assert (delivery["state"], delivery["attempts"], len(post.got)) == ("UNCERTAIN", 1, 1)
    assert delivery["error"]["message"].startswith("The mail server did not say whether it took it.")


async def test_what_the_server_refuses_after_it_had_it_all_is_tried_again(scene: Scene) -> None:
    answers = iter(["451 not now", "250 OK"])

    async def one_after_the_other(_: SMTP) -> str:
        return next(answers)

    await scene.scheduled()
    async with answering(one_after_the_other) as post:
        await scene.work(DUE, mailbox=mailbox_of(post))
        refused = await delivery_of(scene)
        await scene.work(DUE + HOUR, mailbox=mailbox_of(post))

    assert (refused["state"], refused["error"]["message"]) == (
        "WAITING",
        "The mail server did not take it. It says 451 not now",
    )
    assert ((await delivery_of(scene))["state"], len(post.got)) == ("DELIVERED", 2)


async def test_a_server_that_goes_without_a_farewell_has_taken_it(scene: Scene) -> None:
    await scene.scheduled()
    async with answering(None, ends_rudely=True) as post:
        for hours in range(3):
            await scene.work(DUE + hours * HOUR, mailbox=mailbox_of(post))

    assert ((await delivery_of(scene))["state"], len(post.got)) == ("DELIVERED", 1)


async def test_a_worker_whose_time_ran_out_hands_nothing_over(scene: Scene) -> None:
    await scene.scheduled()
    connection = await asyncpg.connect(scene.dsn)

    async def taken_by_another(*_: Any) -> str:
        await connection.execute("UPDATE deskgraph.deliveries SET worker = gen_random_uuid()")
        return "250 OK"

    async with answering(None) as post:
        post.handle_MAIL = taken_by_another  # type: ignore[attr-defined]
        await scene.work(DUE, mailbox=mailbox_of(post))
    await connection.close()

    assert ((await delivery_of(scene))["state"], post.got) == ("RUNNING", [])


async def test_only_what_is_uncertain_is_sent_again_and_by_its_owner_alone(scene: Scene) -> None:
    await scene.scheduled(emails=BOSS)
    await scene.work(DUE)
    arrived = await delivery_of(scene)
    connection = await asyncpg.connect(scene.dsn)

    refused = [await scene.ask(AGAIN, id=id_) for id_ in (arrived["id"], str(uuid4()), "nonsense")]
    await connection.execute("UPDATE deskgraph.deliveries SET state = 'uncertain'")
    refused.append(await scene.ask(AGAIN, VIEWERS[Role.ADMIN], id=arrived["id"]))
    await connection.close()

    assert [one["error"] for one in refused] == [("NOT_FOUND", "id")] * 4
    assert (await scene.ask(AGAIN, MIA, id=arrived["id"]))["error"] is None
