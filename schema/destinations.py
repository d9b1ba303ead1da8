"""Where schedules may deliver to, by the settings: addresses of some domains, folders below one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from db.errors import Forbidden

_EMAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)", re.ASCII)
_FOLDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class MailTls(Enum):
    """How the way to a mail server is kept secret."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class Destinations:
    """What is allowed. Nothing is, where nothing is set."""

    mail_domains: frozenset[str] = frozenset()
    """In lower case."""
    folder: Path | None = None

    def check_email(self, address: str) -> None:
        """Raises: Forbidden, for an address of another domain, and for what is no address."""
        found = _EMAIL.fullmatch(address)
        if found is None or found[1].lower() not in self.mail_domains:
            domains = ", ".join(sorted(self.mail_domains))
            allowed = f"Give addresses of {domains}." if domains else "E-mail is off (DESKGRAPH_MAIL_DOMAINS)."
            raise Forbidden(f"Nothing is sent to {address[:80]!r}. {allowed}", parameter="emails")

    def check_folder(self, name: str) -> Path:
        """The folder of that name, below the one that the settings allow.

        Raises: Forbidden, where there may be none, and for a name that leads elsewhere.
        """
        if self.folder is None:
            raise Forbidden("Folders are off (DESKGRAPH_DELIVERY_FOLDER).", parameter="folder")
        base = self.folder.resolve()
        if not _FOLDER.fullmatch(name) or not (base / name).resolve().is_relative_to(base):
            raise Forbidden(
                f"Nothing is put into {name[:80]!r}. Give a folder's name of letters, digits and . _ - without a path.",
                parameter="folder",
            )
        return base / name


NOWHERE: Final = Destinations()
