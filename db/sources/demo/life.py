"""One ticket's life while it is written: a clock that only moves on, and an event for every change."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final

from db.domain import ActorKind, EventKind, Status
from db.sources.demo.days import Day
from db.sources.demo.desk import DAY, Desk, instant
from db.sources.demo.dice import Dice
from db.sources.demo.openings import Opening
from db.sources.demo.people import Agent, successor
from db.sources.rows import EventRow, RatingRow

BOT: Final = "helpdesk-bot"
_LAST_ACTION: Final = 88 * DAY
"""Later steps follow at once, so that with the week until closing everything ends within 100 days."""

_WAITING: Final = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
_WORDS: Final = {status: status.word for status in Status}
# Python 3.11 looks a member up through a descriptor, at a third of a microsecond: once here, not at every event.
_ASSIGNED: Final = EventKind.ASSIGNED
_CATEGORY_CHANGED: Final = EventKind.CATEGORY_CHANGED
_PRIORITY_CHANGED: Final = EventKind.PRIORITY_CHANGED
_PRIVATE_NOTE: Final = EventKind.PRIVATE_NOTE
_PUBLIC_REPLY: Final = EventKind.PUBLIC_REPLY
_STATUS_CHANGED: Final = EventKind.STATUS_CHANGED
_SURVEY_SENT: Final = EventKind.SURVEY_SENT
_TEAM_CHANGED: Final = EventKind.TEAM_CHANGED
_BY_AGENT: Final = ActorKind.AGENT
_BY_CUSTOMER: Final = ActorKind.CUSTOMER
_BY_BOT: Final = ActorKind.BOT


class Life:
    """What has happened to a ticket so far, and who works on it.

    `annoyance` is what the score of a rating loses. `now` is in epoch seconds; no two events share an instant.
    """

    __slots__ = (
        *("annoyance", "assigned", "category", "day", "desk", "dice", "events", "now", "opening", "priority"),
        *("rating", "status", "team", "worker"),
    )

    def __init__(self, opening: Opening, day: Day, desk: Desk, dice: Dice) -> None:
        self.opening, self.day, self.desk, self.dice = opening, day, desk, dice
        self.now = opening.at
        self.status = Status.NEW
        self.team: str = opening.team or opening.topic.team
        self.category = opening.category
        self.priority = opening.priority
        self.worker: Agent = dice.draw(day.roster[self.team])
        self.assigned = False
        self.annoyance = 0.0
        self.events: list[EventRow] = []
        self.rating: RatingRow | None = None

    def _record(self, kind: EventKind, actor: str, by: ActorKind, before: str | None, after: str | None) -> None:
        self.events.append(EventRow(self.opening.id, instant(self.now), kind, actor, by, before, after))
        self.now += 1

    def wait(self, seconds: float) -> None:
        """Let time pass; who leaves meanwhile hands an open ticket to the seat's next holder."""
        deadline = self.opening.at + _LAST_ACTION
        until = max(self.now + 1, min(self.now + int(seconds), deadline))
        leaves = self.worker.left
        if leaves is not None and self.status in _WAITING:
            left_at = int(datetime.combine(leaves, time(), UTC).timestamp())
            if left_at <= until:
                self.now = max(self.now + 1, left_at)
                self._succeed()
        self.now = max(self.now + 1, until)

    def rest(self, seconds: int) -> None:
        """Let time pass in which nobody has anything to do."""
        self.now += seconds

    def _succeed(self) -> None:
        heir = successor(self.worker)
        if self.assigned:
            self._record(_ASSIGNED, BOT, _BY_BOT, self.worker.id, heir.id)
        self.worker = heir

    def work(self, seconds: float) -> None:
        """Let so much working time of those in charge pass."""
        self.wait(self.desk.shifts(self.priority).after(self.now, seconds) - self.now)

    def turn(self, status: Status) -> None:
        """Change the status, by whoever works on the ticket."""
        self._record(_STATUS_CHANGED, self.worker.id, _BY_AGENT, _WORDS[self.status], _WORDS[status])
        self.status = status

    def turn_by(self, status: Status, actor: str, by: ActorKind) -> None:
        """Change the status, by a bot or a customer."""
        self._record(_STATUS_CHANGED, actor, by, _WORDS[self.status], _WORDS[status])
        self.status = status

    def assign(self) -> None:
        """Give the ticket to whoever works on it."""
        self._record(_ASSIGNED, BOT, _BY_BOT, None, self.worker.id)
        self.assigned = True

    def hand_over(self, team: str) -> None:
        """Give the ticket to another team and one of its agents."""
        former = self.worker
        self._record(_TEAM_CHANGED, former.id, _BY_AGENT, self.team, team)
        self.team = team
        self.worker = self.dice.draw(self.day.roster[team])
        if self.assigned:
            self._record(_ASSIGNED, former.id, _BY_AGENT, former.id, self.worker.id)

    def file_under(self, category: str) -> None:
        """Correct the category."""
        self._record(_CATEGORY_CHANGED, self.worker.id, _BY_AGENT, self.category, category)
        self.category = category

    def raise_priority(self) -> None:
        """Make the ticket one step more urgent."""
        higher = type(self.priority)(min(self.priority + 1, 4))
        if higher != self.priority:
            self._record(_PRIORITY_CHANGED, self.worker.id, _BY_AGENT, self.priority.word, higher.word)
            self.priority = higher

    def reply(self) -> None:
        """A public reply of whoever works on the ticket."""
        self._record(_PUBLIC_REPLY, self.worker.id, _BY_AGENT, None, None)

    def reply_of(self, colleague: Agent) -> None:
        """A public reply of somebody else, or of the worker where that one has left."""
        here = colleague.active_on(instant(self.now).date())
        self._record(_PUBLIC_REPLY, colleague.id if here else self.worker.id, _BY_AGENT, None, None)

    def customer_writes(self) -> None:
        """A public reply of the requester."""
        self._record(_PUBLIC_REPLY, self.opening.requester, _BY_CUSTOMER, None, None)

    def bot_writes(self) -> None:
        """A public reply of the bot, which is never a first response."""
        self._record(_PUBLIC_REPLY, BOT, _BY_BOT, None, None)

    def note(self) -> None:
        """A private note, which is never a first response either."""
        self._record(_PRIVATE_NOTE, self.worker.id, _BY_AGENT, None, None)

    def send_survey(self) -> None:
        """Ask the requester for a rating."""
        self._record(_SURVEY_SENT, BOT, _BY_BOT, None, None)

    def rate(self, seconds: float, score: int, comment: str | None) -> None:
        """The answer to the survey, so much later. Whom it is for follows from the resolution before it."""
        at = instant(self.now + int(seconds))
        self.rating = RatingRow(self.opening.id, at, score, None, comment)
