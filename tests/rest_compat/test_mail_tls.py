"""Mail over TLS: a real mail server with a certificate of an authority of its own; what does not hold is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from rest_compat.export.mailing import Mailbox, MailRefused, Message
from schema.destinations import MailTls
from tests.conftest import free_port
from tests.rest_compat.test_schedules import DUE, Scene, dsn, scene

__all__ = ["dsn", "scene"]

NAME: Final = "localhost"
USER: Final = "desk"
PASSWORD: Final = "open sesame"
MESSAGE: Final = Message("1", ("boss@example.test",), "Report", "Text", "a.csv", "text/csv", b"a,b\r\n")
ENCRYPTED: Final = (MailTls.STARTTLS, MailTls.TLS)


@dataclass
class Post:
    """A mail server that takes a mail of who has logged in, over TLS alone."""

    port: int
    got: list[bytes] = field(default_factory=list)
    tried: list[tuple[str, bool]] = field(default_factory=list)
    """The passwords that came, and whether over TLS."""

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        """Takes a mail."""
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        return "250 OK"

    def authenticated(self, _: SMTP, session: Session, __: Envelope, ___: str, given: Any) -> AuthResult:
        """Whether it is the desk."""
        assert isinstance(given, LoginPassword)
        self.tried.append((given.password.decode(), session.ssl is not None))
        return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def mailbox(self, tls: MailTls, password: str = PASSWORD) -> Mailbox:
        """The desk's way to it."""
        return Mailbox(NAME, self.port, tls, "desk@example.test", USER, password)


@asynccontextmanager
async def listening(tls: MailTls, certificate: ssl.SSLContext) -> AsyncIterator[Post]:
    """The server, which speaks TLS from the start, after STARTTLS, or never."""
    post, loop = Post(free_port()), asyncio.get_running_loop()

    def session() -> SMTP:
        context = certificate if tls is MailTls.STARTTLS else None
        return SMTP(
            post,
            loop=loop,
            hostname=NAME,
            tls_context=context,
            require_starttls=context is not None,
            authenticator=post.authenticated,
            auth_require_tls=tls is MailTls.STARTTLS,
        )

    server = await loop.create_server(session, "127.0.0.1", post.port, ssl=certificate if tls is MailTls.TLS else None)
    yield post
    server.close()


async def at_once() -> None:
    """Nothing is to be done before a mail is handed over."""


def context_of(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """What a server of a name shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this process trusts, as SSL_CERT_FILE says."""
    found = trustme.CA()
    found.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return found


@pytest.mark.parametrize("tls", ENCRYPTED)
async def test_a_mail_goes_over_tls_with_a_login(tls: MailTls, authority: trustme.CA) -> None:
    async with listening(tls, context_of(authority, NAME)) as post:
        await post.mailbox(tls).send(MESSAGE, at_once)

    assert len(post.got) == 1
    assert b"Subject: Report" in post.got[0]
    assert [password for password, _ in post.tried] == [PASSWORD]


@pytest.mark.parametrize("tls", ENCRYPTED)
@pytest.mark.parametrize("wrong", ["another name", "another authority"])
async def test_a_wrong_certificate_is_refused_before_the_password_goes_out(
    wrong: str, tls: MailTls, authority: trustme.CA
) -> None:
    shown = context_of(authority, "other.test") if wrong == "another name" else context_of(trustme.CA(), NAME)
    async with listening(tls, shown) as post:
        with pytest.raises(MailRefused) as refusal:
            await post.mailbox(tls).send(MESSAGE, at_once)

    assert "Its certificate does not hold: " in str(refusal.value)
    said = "Hostname mismatch" if wrong == "another name" else "unable to get local issuer certificate"
    assert said in str(refusal.value)
    assert (post.got, post.tried) == ([], [])


async def test_a_server_without_tls_gets_neither_mail_nor_password(authority: trustme.CA) -> None:
    async with listening(MailTls.NONE, context_of(authority, NAME)) as post:
        with pytest.raises(MailRefused, match="STARTTLS"):
            await post.mailbox(MailTls.STARTTLS).send(MESSAGE, at_once)

    assert (post.got, post.tried) == ([], [])


async def test_a_wrong_password_is_told_without_it(authority: trustme.CA) -> None:
    async with listening(MailTls.STARTTLS, context_of(authority, NAME)) as post:
        with pytest.raises(MailRefused) as refusal:
            await post.mailbox(MailTls.STARTTLS, "not it").send(MESSAGE, at_once)

    assert "It refuses the user or the password (535)." in str(refusal.value)
    assert "not it" not in str(refusal.value)
    assert post.got == []


async def test_a_delivery_records_that_the_certificate_does_not_hold_and_arrives_once_it_does(
    scene: Scene, authority: trustme.CA
) -> None:
    await scene.scheduled()
    async with listening(MailTls.STARTTLS, context_of(authority, "other.test")) as post:
        await scene.work(DUE, mailbox=post.mailbox(MailTls.STARTTLS))
    (failed,) = (await scene.one())["deliveries"]
    async with listening(MailTls.STARTTLS, context_of(authority, NAME)) as post:
        await scene.work(DUE.replace(hour=6), mailbox=post.mailbox(MailTls.STARTTLS))
    (delivered,) = (await scene.one())["deliveries"]

    assert (failed["state"], failed["error"]["code"]) == ("WAITING", "UNAVAILABLE")
    assert "Its certificate does not hold: Hostname mismatch" in failed["error"]["message"]
    assert (delivered["state"], delivered["attempts"], delivered["error"]) == ("DELIVERED", 2, None)
    assert len(post.got) == 1
