"""A made-up Freshdesk: tickets that live as tickets do there, quirks included; the same for the same seed.

It goes on in rounds, in each of which a ticket changes its status once at most. What happened is written down as the
truth (`statuses`, `reply`, `rated`); what a ticket of Freshdesk remembers of it is less (`remembered`): the last of
each kind, and a reopening wipes out when it was resolved and closed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.portals.http.server import told

START: Final = datetime(2026, 5, 4, tzinfo=UTC)
NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)
ROUND: Final = timedelta(days=12)
ROUNDS: Final = 12

ANN, BOB, CYD, GONE = 301, 302, 303, 399
"""Agents; the last was deleted, and is in no list."""
GROUPS: Final = {21: "First level", 22: "Billing"}
AGENTS: Final = {ANN: [21], BOB: [22], CYD: [21, 22]}
COMPANIES: Final = {601: "Initech", 602: "Hooli"}
OPEN, PENDING, RESOLVED, CLOSED, WAITING, THIRD_PARTY, OWN, UNKNOWN = 2, 3, 4, 5, 6, 7, 8, 99
"""The last two are of the account's own; the source file names the first of them."""
WORDS: Final = {OPEN: "open", PENDING: "pending", RESOLVED: "resolved", CLOSED: "closed", WAITING: "pending",
                THIRD_PARTY: "on_hold", OWN: "on_hold"}  # fmt: skip
SOURCES: Final = {1: "email", 2: "web", 3: "phone", 7: "chat", 9: "web", 10: "email", 13: "social", 11: "other"}
PRIORITIES: Final = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
SCORES: Final = {103: 5, 102: 5, 101: 4, 100: 3, -101: 2, -102: 1, -103: 1}


@dataclass
class Case:
    """A ticket, and what happened to it."""

    ticket: dict[str, Any]
    created_at: datetime
    channel: str
    stats: dict[str, datetime | None] = field(default_factory=dict)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[tuple[datetime, str]] = field(default_factory=list)
    remembered: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    reply: tuple[datetime, str | None] | None = None
    """The first response: when, and by whom."""

    @property
    def is_in(self) -> bool:
        """Whether it is in any report."""
        return not (self.ticket["deleted"] or self.ticket["spam"] or self.ticket["status"] == UNKNOWN)


class World:
    """An account."""

    def __init__(self, a_round: int, seed: int = 11) -> None:
        self.dice = random.Random(seed)
        self.cases: dict[int, Case] = {}
        self.ratings: list[dict[str, Any]] = []
        self.rated: dict[int, tuple[datetime, int, str]] = {}
        self.agents = [
            {"id": id_, "group_ids": groups, "contact": {"name": f"Agent {id_}", "email": f"{id_}@desk.example"}}
            for id_, groups in AGENTS.items()
        ]  # fmt: skip
        self._a_round = a_round
        self._ids = iter(range(1_000_000, 9_000_000))
        self.at = START

    def goes_on(self, rounds: int = 1) -> None:
        """So many rounds pass."""
        for _ in range(rounds):
            for case in list(self.cases.values()):
                self._acts(case)
            for _ in range(self._a_round):
                self._opens(self._some_time())
            self.at += ROUND

    def bulk(self, count: int) -> None:
        """So many tickets get a tag in one second, as a bulk action gives it."""
        at = self.at
        for case in list(self.cases.values())[:count]:
            case.ticket["tags"] = [*case.ticket["tags"], "bulk"]
            case.ticket["updated_at"] = told(at)
        self.at += timedelta(seconds=1)

    def _some_time(self) -> datetime:
        return self.at + timedelta(seconds=self.dice.randint(1, int(ROUND.total_seconds()) - 7_200))

    def _opens(self, at: datetime) -> None:
        dice, id_ = self.dice, len(self.cases) + 1
        source = dice.choice(list(SOURCES))
        ticket: dict[str, Any] = {
            "id": id_, "created_at": told(at), "updated_at": told(at), "subject": f"Ticket {id_}", "status": OPEN,
            "priority": dice.choice(list(PRIORITIES)), "source": source, "requester_id": 9_000 + dice.randint(0, 40),
            "responder_id": dice.choice((None, ANN, BOB, CYD, GONE)), "group_id": dice.choice((None, *GROUPS)),
            "company_id": dice.choice((None, *COMPANIES)), "type": dice.choice((None, "Question", "Incident")),
            "tags": dice.sample(("vip", "eu", "trial"), dice.randint(0, 2)), "spam": False, "deleted": False,
            "fr_due_by": told(at + timedelta(hours=4)), "due_by": told(at + timedelta(hours=48)), "custom_fields": {},
        }  # fmt: skip
        case = Case(ticket, at, SOURCES[source], {"status_updated_at": at})
        self.cases[id_] = case
        if dice.random() < 0.04:
            ticket["status"], case.stats["resolved_at"] = RESOLVED, at
        elif dice.random() < 0.02:
            ticket["status"] = UNKNOWN
        if id_ == 5:
            for _ in range(120):
                self._says(case, at + timedelta(minutes=1), ANN, private=True, source=2)

    def _acts(self, case: Case) -> None:
        dice, status, at = self.dice, case.ticket["status"], self._some_time()
        if case.ticket["deleted"] or case.ticket["spam"]:
            if case.ticket["deleted"] and dice.random() < 0.3:
                self._touch(case, at, deleted=False)
            return
        if status in (CLOSED, UNKNOWN) or dice.random() < 0.25:
            return
        if dice.random() < 0.02:
            self._touch(case, at, **dice.choice(({"deleted": True}, {"spam": True})))
            return
        if status == RESOLVED:
            dice.choice((self._reopens, self._closes, self._rates, self._rates))(case, at)
            return
        self._speaks(case, at)
        move = dice.randint(0, 9)
        if move < 3:
            self._becomes(case, at + timedelta(hours=1), dice.choice((PENDING, WAITING, THIRD_PARTY, OWN)))
        elif move < 7:
            self._becomes(case, at + timedelta(hours=1), RESOLVED)
        else:
            due = told(at + timedelta(hours=dice.randint(1, 90)))
            self._touch(case, at, responder_id=dice.choice((ANN, BOB, CYD)), due_by=due)

    def _speaks(self, case: Case, at: datetime) -> None:
        """Somebody says something, of which some is an answer and most is not."""
        agent = case.ticket["responder_id"] or self.dice.choice((ANN, BOB, CYD))
        kind = self.dice.randint(0, 6)
        if kind == 0:
            self._says(case, at, case.ticket["requester_id"], incoming=True)
        elif kind == 1:
            self._says(case, at, agent, private=True, source=2)
        elif kind == 2:
            self._says(case, at, agent, source=8)  # forwarded to somebody else
        elif kind == 3:
            self._says(case, at, agent, auto_response=True)
        else:
            author: str | None = str(agent)
            if self.dice.random() < 0.1:
                author = None if case.reply is None else author  # it was removed from the conversation later
            if author is not None:
                self._says(case, at, agent)
            if case.reply is None:
                case.reply = (at, author)
                case.stats["first_responded_at"] = at
                self._touch(case, at)
                if author is None:
                    case.ticket["removed"] = True

    def _says(self, case: Case, at: datetime, who: int, **about: Any) -> None:
        if case.ticket.get("removed"):
            about["private"] = True  # so that the first answer stays the one that was removed
        said = {"id": next(self._ids), "ticket_id": case.ticket["id"], "user_id": who, "created_at": told(at),
                "source": 0, "incoming": False, "private": False, "auto_response": False}  # fmt: skip
        case.conversations.append(said | about)
        self._touch(case, at)

    def _becomes(self, case: Case, at: datetime, status: int) -> None:
        if status == case.ticket["status"]:
            return
        word = WORDS[status]
        case.statuses.append((at, word))
        case.stats["status_updated_at"] = at
        case.remembered["last"] = (at, word)
        if status in (RESOLVED, CLOSED):
            case.stats["resolved_at" if status == RESOLVED else "closed_at"] = at
            case.remembered[word] = (at, word)
        self._touch(case, at, status=status)

    def _closes(self, case: Case, at: datetime) -> None:
        self._becomes(case, at, CLOSED)

    def _reopens(self, case: Case, at: datetime) -> None:
        self._says(case, at, case.ticket["requester_id"], incoming=True)
        self._becomes(case, at, OPEN)
        case.stats |= {"resolved_at": None, "closed_at": None, "reopened_at": at}
        for word in ("resolved", "closed"):
            case.remembered.pop(word, None)
        case.remembered["reopened"] = (at, "open")

    def _rates(self, case: Case, at: datetime) -> None:
        value, agent = self.dice.choice(list(SCORES)), case.ticket["responder_id"] or ANN
        self.ratings.append(
            {"id": next(self._ids), "ticket_id": case.ticket["id"], "agent_id": agent, "created_at": told(at),
             "updated_at": told(at), "feedback": None, "ratings": {"default_question": value, "question_7": -103}}
        )  # fmt: skip
        self.rated[case.ticket["id"]] = (at, SCORES[value], str(agent))

    def _touch(self, case: Case, at: datetime, **changes: Any) -> None:
        latest = max(at, datetime.fromisoformat(case.ticket["updated_at"]))
        case.ticket |= {"updated_at": told(latest), **changes}
