"""A file by e-mail. Source: RFC 5322, RFC 5321."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

import aiosmtplib

from schema.destinations import MailTls

_TIMEOUT_SECONDS: Final = 60.0


class MailRefused(Exception):
    """The mail server did not take it; it may later."""


class MailInDoubt(Exception):
    """The mail server had the mail, or most of it, when the connection ended without an answer."""


class MailPartlyTaken(Exception):
    """The mail server took it for some; a second time they would get it twice."""


@dataclass(frozen=True)
class Message:
    """What is sent."""

    id: str
    """The same whenever it is tried again, so that a mailbox may know it came twice."""
    to: tuple[str, ...]
    subject: str
    text: str
    file_name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Mailbox:
    """From where, and by which server, mail is sent."""

    host: str
    port: int
    tls: MailTls
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, message: Message, before: Callable[[], Awaitable[None]]) -> None:
        """Returns when the server has taken it for everybody. What is `before` comes before it could have any of it.

        Raises: MailRefused, MailInDoubt, MailPartlyTaken; what `before` raises.
        """
        client = _Client(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.tls is MailTls.TLS,
            start_tls=self.tls is MailTls.STARTTLS,
            timeout=_TIMEOUT_SECONDS,
        )
        client.before = before
        refused: dict[str, Any] = {}
        try:
            async with client:
                refused = await client.sent(self._written(message), self.sender, message.to)
        except (aiosmtplib.SMTPException, OSError) as fault:
            if not client.is_taken:  # it may go away without a farewell
                raise MailRefused(f"The mail server did not take it. {_why(fault)}") from fault
        if refused:
            told = ", ".join(sorted(refused))
            raise MailPartlyTaken(f"The mail server took it for all but {told}; it is not tried again.")

    def _written(self, message: Message) -> EmailMessage:
        found = EmailMessage()
        found["From"] = self.sender
        found["To"] = ", ".join(message.to)
        found["Subject"] = message.subject
        found["Date"] = format_datetime(datetime.now(UTC))
        found["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        found["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
        found.set_content(message.text)
        kind, *further = (part.strip() for part in message.media_type.split(";"))
        main, _, sub = kind.partition("/")
        params = dict(part.split("=", 1) for part in further)
        found.add_attachment(message.body, maintype=main, subtype=sub, filename=message.file_name, params=params)
        return found


class _Client(aiosmtplib.SMTP):
    """Source: RFC 5321, section 4.2.5: a mail is the server's from its answer to the end of the data."""

    before: Callable[[], Awaitable[None]]
    is_taken = False

    async def sent(self, message: EmailMessage, sender: str, to: Sequence[str]) -> dict[str, Any]:
        """Whom the server did not take it for. Who is cancelled does not wait for a farewell."""
        try:
            refused, _ = await self.send_message(message, sender=sender, recipients=list(to))
        except asyncio.CancelledError:
            self.close()
            raise
        return refused

    async def data(self, message: str | bytes, /, **options: Any) -> aiosmtplib.SMTPResponse:
        """Hands the mail over. Raises: SMTPResponseException, where it is refused; MailInDoubt."""
        await self.before()
        try:
            answer = await super().data(message, **options)
        except aiosmtplib.SMTPResponseException:
            raise
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise MailInDoubt(f"The mail server did not say whether it took it. {_why(fault)}") from fault
        self.is_taken = True
        return answer


def _why(fault: BaseException) -> str:
    """What went wrong on the way, as far as it can be told. What the server says of a login is its own affair."""
    chain = list(_behind(fault))
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"Its certificate does not hold: {one.verify_message}"
        if isinstance(one, aiosmtplib.SMTPAuthenticationError):
            return f"It refuses the user or the password ({one.code})."
        if isinstance(one, aiosmtplib.SMTPResponseException):
            return f"It says {one.code} {' '.join(one.message.split())[:200]}"
    return f"{' '.join(str(chain[0]).split())[:200]} ({type(chain[-1]).__name__})."


def _behind(fault: BaseException) -> Iterator[BaseException]:
    """A fault, and those that led to it, the latest first."""
    found: BaseException | None = fault
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
