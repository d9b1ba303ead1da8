"""A file by e-mail. Source: RFC 5322, RFC 5321."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from schema.destinations import MailTls

_TIMEOUT_SECONDS: Final = 60.0


class MailRefused(Exception):
    """The mail server did not take it; it may later."""


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

    async def send(self, message: Message) -> None:
        """Returns when the server has taken it for everybody.

        Raises: MailRefused, MailPartlyTaken.
        """
        try:
            refused, _ = await aiosmtplib.send(
                self._written(message),
                sender=self.sender,
                recipients=list(message.to),
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls is MailTls.TLS,
                start_tls=self.tls is MailTls.STARTTLS,
                timeout=_TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as fault:
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
