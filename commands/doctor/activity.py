"""What is to be said of what clients do in the database now: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from commands.doctor.findings import SEE_ALL, Finding, fine, unknown, warning
from db.activity import Activity, Busy, Client, Doing

LONG: Final[Mapping[Doing, timedelta]] = {
    Doing.RUNS: timedelta(seconds=30),
    Doing.WAITS: timedelta(seconds=5),
    Doing.IDLES: timedelta(minutes=10),
}
"""What lasts longer is told."""
_NAMED: Final = 5
_OURS: Final = "deskgraph"
"""What the product's own sessions are called, or begin with; another name may be a person's or a machine's."""


@dataclass(frozen=True)
class _Words:
    """What is said of what lasts long."""

    subject: str
    one: str
    several: str
    meanwhile: str
    remedy: str
    """With {pid}, of the client to begin with."""


_SAID: Final[Mapping[Doing, _Words]] = {
    Doing.RUNS: _Words(
        "long statements",
        "1 statement has run",
        "{} statements have run",
        "",
        "`SELECT query FROM pg_stat_activity WHERE pid = {pid}` says what it is, `SELECT pg_cancel_backend({pid})` ends"
        " it; an import or `deskgraph rollups` may take so long.",
    ),
    Doing.WAITS: _Words(
        "locks",
        "1 statement has waited for a lock",
        "{} statements have waited for a lock",
        "",
        "Let what is in front end, or end it: `SELECT pg_cancel_backend({pid})` if it is at a statement, else `SELECT"
        " pg_terminate_backend({pid})`.",
    ),
    Doing.IDLES: _Words(
        "idle transactions",
        "1 transaction is open and has asked nothing",
        "{} transactions are open and have asked nothing",
        " Meanwhile VACUUM may not take away what has died since they began, and their locks are kept.",
        "`SELECT pg_terminate_backend({pid})` ends it; its client is to commit, and"
        " idle_in_transaction_session_timeout sees to it.",
    ),
}
_PREPARED: Final = "Look in pg_prepared_xacts for the transaction that was prepared and left, and ROLLBACK PREPARED it."


def of_activity(found: Activity, long: Mapping[Doing, timedelta] = LONG) -> Iterator[Finding]:
    """What lasts longer than it may, who does it, and for whom it waits; and what could not be seen."""
    lasting = [one for one in found.busy if one.lasting > long[one.doing]]
    for doing, words in _SAID.items():
        some = [one for one in lasting if one.doing is doing]
        if some:
            yield _of(some, found, words, long[doing])
    if found.unseen:
        told = f"{found.unseen} sessions are of other logins, and this one may not see what they do."
        yield unknown("activity", told, SEE_ALL)
    elif not lasting:
        told = (
            f"No statement has run for {_span(long[Doing.RUNS])} or waited for a lock for {_span(long[Doing.WAITS])},"
            f" no open transaction has asked nothing for {_span(long[Doing.IDLES])}."
        )
        yield fine("activity", told)


def _of(some: Sequence[Busy], found: Activity, words: _Words, bound: timedelta) -> Finding:
    how_many = words.one if len(some) == 1 else words.several.format(len(some))
    named = [_named(one) for one in some[:_NAMED]]
    if len(some) > _NAMED:
        named.append(f"and {len(some) - _NAMED} more")
    told = (
        f"{how_many} for more than {_span(bound)}, the longest for {_span(some[0].lasting)}: {', '.join(named)}."
        f"{words.meanwhile}"
    )
    first = _in_front(some, found)
    remedy = words.remedy.format(pid=first.pid) if first.pid else _PREPARED
    shown = [client for one in some for client in (one.client, *one.waits_for)]
    return warning(words.subject, told, remedy, *_private(shown))


def _in_front(some: Sequence[Busy], found: Activity) -> Client:
    """The one that others wait for and that waits for nobody itself; where nobody waits, the longest."""
    waiting = {one.client for one in found.busy if one.waits_for}
    holders = [client for one in some for client in one.waits_for]
    return next((one for one in holders if one not in waiting), holders[0] if holders else some[0].client)


def _named(one: Busy) -> str:
    behind = f", which waits for {' and '.join(map(_client, one.waits_for))}" if one.waits_for else ""
    return f"{_client(one.client)}{behind}"


def _client(one: Client) -> str:
    if not one.pid:
        return "a prepared transaction"
    return f"process {one.pid} ({one.application or 'without a name'})"


def _private(clients: Sequence[Client]) -> list[str]:
    return [one.application for one in clients if not one.application.startswith(_OURS)]


def _span(lasting: timedelta) -> str:
    seconds = lasting.total_seconds()
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.3g} s"
