"""Every fault the product tells of, as one tree.

DeskgraphError
├── CallerFault                    the request must change
│   ├── BadInput                   malformed or unknown input (400)
│   │   └── ImpossibleInput        well-formed, but cannot be answered (422)
│   ├── Unauthenticated            no token, or an invalid one (401)
│   ├── Forbidden                  the role or its scope does not allow it (403)
│   ├── TooManyWaiting             the viewer has asked for more than may wait (429)
│   ├── TooManyOpen                the viewer has as much open as may be (429)
│   ├── NotFound                   there is no such thing of the viewer's own (404)
│   ├── NotStored                  no stored document has the hash (404)
│   ├── TooComplex                 more work than one request may ask for (400)
│   └── RateLimited                more than one viewer may send, or has answered at once (429)
├── SetupFault                     the installation must change (settings, data folder, mapping file)
└── UpstreamFault                  the database, or the identity provider
    ├── Unavailable                away or refusing (503)
    │   ├── DiskFull               no space left for what is to be kept (503)
    │   ├── TooMuchAsked           the queue for it is too long (503)
    │   └── ReplicaLost            a replica alone is away: the primary is asked instead
    └── TimedOut                   over the time limit of a statement, or of the request (504)

A message says what was asked, what is allowed, what to do. `code` is stable: GraphQL calls it `extensions.code`.
"""

from __future__ import annotations

from typing import ClassVar


class DeskgraphError(Exception):
    """The root: everything below it has a message fit for the person who asked."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        """The input that is at fault, by its public name, where there is one."""


class CallerFault(DeskgraphError):
    """The request must change."""


class BadInput(CallerFault):
    """Malformed or unknown input."""

    code = "BAD_USER_INPUT"


class ImpossibleInput(BadInput):
    """Well-formed input that cannot be answered: since after until, a period too long."""


class Unauthenticated(CallerFault):
    """No token, or one that does not hold."""

    code = "UNAUTHENTICATED"


class Forbidden(CallerFault):
    """The viewer's role, or its scope, does not allow it."""

    code = "FORBIDDEN"


class TooManyOpen(CallerFault):
    """The viewer keeps as much open as one may."""

    code = "RATE_LIMITED"


class NotFound(CallerFault):
    """There is no such thing, or it is somebody else's."""

    code = "NOT_FOUND"


class TooManyWaiting(CallerFault):
    """More of one viewer waits to be made than may."""

    code = "RATE_LIMITED"


class NotStored(CallerFault):
    """No stored document has the hash that was sent."""

    code = "PERSISTED_QUERY_NOT_FOUND"


class TooComplex(CallerFault):
    """More work than one request may ask for."""

    code = "QUERY_TOO_COMPLEX"


class RateLimited(CallerFault):
    """More requests than one viewer may send, or than can be answered at once beside its others."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        """When the next one is answered."""


class SetupFault(DeskgraphError):
    """The installation must change: a setting, the data folder, a mapping file."""


class UpstreamFault(DeskgraphError):
    """The database or the identity provider did not do its part."""


class Unavailable(UpstreamFault):
    """It is away or refuses; asking again later may help."""

    code = "UNAVAILABLE"


class DiskFull(Unavailable):
    """There is no space left for what is to be kept."""


class TooMuchAsked(Unavailable):
    """More is asked of this process than it can answer in time; the database may be well."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        """When those are answered who wait now."""


class ReplicaLost(Unavailable):
    """A replica failed; the primary may not. `why` is for who operates the gateway."""

    def __init__(self, why: str) -> None:
        super().__init__("The database went away while it was read. Ask again in a few seconds.")
        self.why = why


class TimedOut(UpstreamFault):
    """A statement, or the request as a whole, took longer than the time limit."""

    code = "TIMEOUT"
