"""What is to be said of who writes what portals send."""

from __future__ import annotations

from commands.doctor.findings import Finding, fault, fine, warning
from db.errors import SetupFault, Unavailable
from db.sync.intake_login import look
from db.walls import INTAKE, Walls
from settings import Settings

_SUBJECT = "intake"


async def of_intake(settings: Settings) -> list[Finding]:
    """Whether the login that writes what portals send can, and can do nothing else; nothing where none is let in.

    The embedded database's is made at each start; where no other login is named, the owner's writes.
    """
    url = settings.intake_url.get_secret_value()
    if not settings.intake_writers or settings.embeds or settings.database_walls is Walls.STATEMENT:
        return []
    if not url and settings.reader_url.get_secret_value():
        remedy = f"Set DESKGRAPH_INTAKE_URL to a login that may take on {INTAKE} (docs/sources/push.md)."
        return [fault(_SUBJECT, "Portals are let in, and no login is named that writes what they send.", remedy)]
    try:
        found = await look(url or settings.database_url.get_secret_value())
        found.require()
    except (SetupFault, Unavailable) as error:
        return [fault(_SUBJECT, error.message, "The message says what to run.", error.message)]
    if found.may_more:
        told = f"What portals send is written by {found.name}, which may do more than that."
        remedy = f"Set DESKGRAPH_INTAKE_URL to a login that may take on {INTAKE} alone (docs/sources/push.md)."
        return [warning(_SUBJECT, told, remedy, found.name)]
    return [fine(_SUBJECT, "What portals send is written by a login that may write that, and do nothing else.")]
