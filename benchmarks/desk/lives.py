"""What befalls a ticket: its row, its events and its rating, as the store keeps them.

Who has a ticket changes before it is first resolved and never after, and it arrives without an assignee: so a
number credited to an agent can be asked of `tickets` by hand, too. Due instants stand in its columns, as most help
desks tell them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from benchmarks.desk import UNTIL
from benchmarks.desk.days import arrivals, counts, midnight
from benchmarks.desk.people import CHANNELS, Agent, People, Team
from db.domain import ActorKind, EventKind, Priority, Status
from db.importing.records import EventRecord, RatingRecord, TicketRecord
from db.sources.demo.dice import Dice, Weighted

_END: Final = midnight(UNTIL)
MINUTE, HOUR, DAY = 60, 3600, 86400


class Wait:
    """How long something takes, by its quantiles; between two of them all are alike. Unit: seconds."""

    __slots__ = ("_seconds", "_shares")

    def __init__(self, *quantiles: tuple[float, int]) -> None:
        self._shares = [share for share, _ in quantiles]
        self._seconds = [seconds for _, seconds in quantiles]

    def draw(self, dice: Dice) -> int:
        """One of them."""
        share = dice.share()
        place = bisect_right(self._shares, share) - 1
        low, high = self._seconds[place], self._seconds[place + 1]
        return low + int((high - low) * (share - self._shares[place]) / (self._shares[place + 1] - self._shares[place]))


_ASSIGNING: Final = Wait((0, MINUTE), (0.6, 20 * MINUTE), (0.9, 2 * HOUR), (1, 20 * HOUR))
_HANDING_ON: Final = Wait((0, 5 * MINUTE), (0.8, 3 * HOUR), (1, 2 * DAY))
_ANSWERING: Final = {
    Priority.URGENT: Wait((0, MINUTE), (0.5, 20 * MINUTE), (0.9, 2 * HOUR), (1, 9 * HOUR)),
    Priority.HIGH: Wait((0, 2 * MINUTE), (0.5, 2 * HOUR), (0.9, 10 * HOUR), (1, 2 * DAY)),
    Priority.NORMAL: Wait((0, 3 * MINUTE), (0.5, 5 * HOUR), (0.9, 26 * HOUR), (1, 5 * DAY)),
    Priority.LOW: Wait((0, 5 * MINUTE), (0.5, 9 * HOUR), (0.9, 50 * HOUR), (1, 9 * DAY)),
}
_SOLVING: Final = {
    Priority.URGENT: Wait((0, 5 * MINUTE), (0.5, 3 * HOUR), (0.9, 20 * HOUR), (1, 6 * DAY)),
    Priority.HIGH: Wait((0, 9 * MINUTE), (0.5, 16 * HOUR), (0.9, 4 * DAY), (1, 20 * DAY)),
    Priority.NORMAL: Wait((0, 9 * MINUTE), (0.5, 30 * HOUR), (0.9, 8 * DAY), (1, 40 * DAY)),
    Priority.LOW: Wait((0, 9 * MINUTE), (0.5, 3 * DAY), (0.9, 15 * DAY), (1, 60 * DAY)),
}
_ASKING_BACK: Final = Wait((0, HOUR), (0.7, 2 * DAY), (1, 9 * DAY))
_COMING_BACK: Final = Wait((0, HOUR), (0.7, 2 * DAY), (1, 5 * DAY))
_RATING: Final = Wait((0, 10 * MINUTE), (0.8, DAY), (1, 4 * DAY))
_CLOSING: Final = 6 * DAY

_SCORES: Final = Weighted([(1, 8), (2, 9), (3, 15), (4, 28), (5, 40)])
_OUT: Final = Weighted([(None, 97.0), (Status.SPAM, 1.8), (Status.MERGED, 1.2)])
_HANDED_ON, _UNANSWERED, _ASKED_BACK, _FORGOTTEN, _REOPENED = 0.08, 0.05, 0.25, 0.006, 0.07
_ENTERPRISE, _RATED, _TAGGED, _WITHOUT_ORGANIZATION, _WITHOUT_CATEGORY = 0.12, 0.22, 0.3, 0.02, 0.02
_WORDS: Final = {status: status.word for status in Status}
# Python 3.11 looks a member up through a descriptor: once here, not at every event.
_CHANGED, _ASSIGNED, _REPLY = EventKind.STATUS_CHANGED, EventKind.ASSIGNED, EventKind.PUBLIC_REPLY
_BY_AGENT, _BY_BOT, _BY_CUSTOMER = ActorKind.AGENT, ActorKind.BOT, ActorKind.CUSTOMER
_NEW, _OPEN, _PENDING, _RESOLVED, _CLOSED = Status.NEW, Status.OPEN, Status.PENDING, Status.RESOLVED, Status.CLOSED


class Life(NamedTuple):
    """A ticket with all that belongs to it."""

    ticket: TicketRecord
    events: list[EventRecord]
    rating: RatingRecord | None


def lives(tickets: int, known: People) -> Iterator[Life]:
    """All tickets, in order of creation."""
    number = 0
    for day, count in counts(tickets):
        dice = Dice(f"desk {day.isoformat()} {tickets}")
        for at in arrivals(day, count, dice):
            number += 1
            yield _live(number, at, dice, known)


def instant(seconds: int) -> datetime:
    """The aware instant of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def _live(number: int, at: int, dice: Dice, known: People) -> Life:
    topic = dice.draw(known.topics)
    team = known.enterprise if dice.chance(_ENTERPRISE) else topic.team
    priority = dice.draw(topic.priorities)
    organization = 0 if dice.chance(_WITHOUT_ORGANIZATION) else dice.draw(known.organizations)
    category = None if dice.chance(_WITHOUT_CATEGORY) else topic.id
    tags = dice.pick(known.tags) if dice.chance(_TAGGED) else None
    channel = dice.draw(CHANNELS)
    story = _Story(at, priority, dice)
    story.tell(team)
    created_at = instant(at)
    terms = known.context.policies.terms_for(priority, category or 0, organization)
    policy, clock = terms.policy, [(created_at, None)]
    ticket = TicketRecord(
        organization, number, f"T-{number:08}", created_at, f"Ticket {number}", f"c-{number % 9973}@client.example",
        category, priority, channel, story.status, team.id, story.agent.id if story.agent else None, tags,
        story.answered, story.responder, story.resolved, story.closed, story.reopens,
        terms.due_at(policy.first_response_seconds if policy else None, clock),
        terms.due_at(policy.resolution_seconds if policy else None, clock),
        story.events[-1].at if story.events else created_at,
        import_run_id=1,
    )  # fmt: skip
    return Life(ticket, story.events, story.rating)


class _Story:
    """What has happened so far; nothing happens at or after the end of all that is known."""

    __slots__ = (
        *("_at", "_dice", "_priority", "agent", "answered", "closed", "events", "rating", "reopens", "resolved"),
        *("responder", "status"),
    )

    def __init__(self, at: int, priority: Priority, dice: Dice) -> None:
        self._at, self._priority, self._dice = at, priority, dice
        self.status = _NEW
        self.agent: Agent | None = None
        self.responder: int | None = None
        self.answered: datetime | None = None
        self.resolved: datetime | None = None
        self.closed: datetime | None = None
        self.reopens = 0
        self.events: list[EventRecord] = []
        self.rating: RatingRecord | None = None

    def tell(self, team: Team) -> None:
        """Everything from the creation on."""
        out = self._dice.draw(_OUT)
        if out is not None:
            if self._reach(_ASSIGNING.draw(self._dice)):
                self._become(out, "helpdesk-bot", _BY_BOT)
            return
        first = self._dice.draw(team.agents)
        if not (self._take(first, _ASSIGNING) and self._become(_OPEN, first.external_id)):
            return
        if self._dice.chance(_HANDED_ON) and not self._take(self._dice.draw(team.agents), _HANDING_ON):
            return
        if not self._dice.chance(_UNANSWERED) and not self._answer():
            return
        if self._dice.chance(_ASKED_BACK) and not self._ask_back():
            return
        if not self._dice.chance(_FORGOTTEN):
            self._solve()

    def _reach(self, seconds: int) -> bool:
        """Lets time pass; whether what then happens is known."""
        self._at += seconds
        return self._at < _END

    def _become(self, status: Status, actor: str, by: ActorKind = _BY_AGENT) -> bool:
        before, self.status = self.status, status
        self.events.append(EventRecord(instant(self._at), _CHANGED, actor, by, _WORDS[before], _WORDS[status]))
        return True

    def _take(self, agent: Agent, wait: Wait) -> bool:
        if not self._reach(wait.draw(self._dice)):
            return False
        if agent is not self.agent:
            before, self.agent = self.agent.external_id if self.agent else None, agent
            at = instant(self._at)
            self.events.append(EventRecord(at, _ASSIGNED, agent.external_id, _BY_AGENT, before, agent.external_id))
        return True

    def _answer(self) -> bool:
        assert self.agent is not None
        if not self._reach(_ANSWERING[self._priority].draw(self._dice)):
            return False
        self.answered, self.responder = instant(self._at), self.agent.id
        self.events.append(EventRecord(self.answered, _REPLY, self.agent.external_id, _BY_AGENT))
        return True

    def _ask_back(self) -> bool:
        assert self.agent is not None
        return (
            self._reach(5 * MINUTE)
            and self._become(_PENDING, self.agent.external_id)
            and self._reach(_ASKING_BACK.draw(self._dice))
            and self._become(_OPEN, "customer", _BY_CUSTOMER)
        )

    def _solve(self) -> None:
        """Solves it, again for as long as it comes back, and closes it."""
        assert self.agent is not None
        while self._reach(_SOLVING[self._priority].draw(self._dice)):
            self._become(_RESOLVED, self.agent.external_id)
            self.resolved = instant(self._at)
            if not self._dice.chance(_REOPENED):
                self._end()
                return
            if not self._reach(_COMING_BACK.draw(self._dice)):
                return
            self._become(_OPEN, "customer", _BY_CUSTOMER)
            self.reopens, self.resolved = self.reopens + 1, None

    def _end(self) -> None:
        rated = self._at + _RATING.draw(self._dice)
        if self._dice.chance(_RATED) and rated < _END:
            self.rating = RatingRecord(instant(rated), self._dice.draw(_SCORES))
        if self._reach(_CLOSING):
            self._become(_CLOSED, "helpdesk-bot", _BY_BOT)
            self.closed = instant(self._at)
