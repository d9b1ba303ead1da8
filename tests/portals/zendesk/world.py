"""A made-up Zendesk: tickets that live as tickets do there, quirks included; the same for the same seed.

Each ticket's story is written down twice as it happens: as Zendesk would tell it (tickets, audits, ratings), and as the
truth (`Truth`), from which the oracle's tables are made. Neither is made from the other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.portals.http.server import told

START: Final = datetime(2026, 5, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)

ANN, BOB, CYD, DAN, EVE, FAY, GIL, HAL = 101, 102, 103, 104, 105, 106, 107, 108
"""Agents; Eve was one and is an end user now, Fay was one and is nobody any more, nor are Gil, whose tickets went to
others long ago, and Hal, whom nobody gave the one that is still his."""
CURRENT: Final = (ANN, BOB, CYD, DAN)
GROUPS: Final = {11: "First level", 12: "Billing", 13: "Back office"}
HOME: Final = {ANN: 11, BOB: 12, CYD: 11, DAN: None}
ORGANIZATIONS: Final = {501: "Initech", 502: "Hooli", 503: "Umbrella"}
TOPIC: Final = 9001
"""The custom field that stands for a category."""
TOPICS: Final = ("billing", "bug", None)
VIAS: Final = {
    "email": "email", "web": "web", "chat": "chat", "native_messaging": "chat", "voice": "phone", "api": "api",
    "twitter": "social", "mobile_sdk": "web", "any_channel": "other",
}  # fmt: skip
WORDS: Final = {"new": "new", "open": "open", "pending": "pending", "hold": "on_hold", "solved": "resolved",
                "closed": "closed"}  # fmt: skip
STATUS, ASSIGNEE, GROUP, PRIORITY, REPLY = 1, 2, 3, 5, 6
"""The kinds of the oracle's events."""
_FIELDS: Final = {"status": STATUS, "assignee_id": ASSIGNEE, "group_id": GROUP, "priority": PRIORITY}
SYSTEM: Final = -1


@dataclass
class Truth:
    """What happened, for the oracle."""

    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: list[tuple[int, int, datetime, str | None, str | None, str | None]] = field(default_factory=list)
    """Ticket, kind, instant, actor, from, to; in order of a ticket's time."""
    ratings: dict[int, tuple[datetime, int, str | None]] = field(default_factory=dict)
    """The last answer of each ticket: instant, score, agent."""


class World:
    """An account."""

    def __init__(self, count: int, until: datetime = NOW, seed: int = 7) -> None:
        self.dice = random.Random(seed)
        self.until = until
        self.stories: list[Story] = []
        self.tickets: dict[int, dict[str, Any]] = {}
        self.audits: list[dict[str, Any]] = []
        self.ratings: dict[int, dict[str, Any]] = {}
        self.truth = Truth()
        self.users = [
            {"id": id_, "name": name, "email": f"{name}@desk.example", "role": "admin" if id_ == ANN else "agent",
             "active": True, "suspended": False, "default_group_id": HOME[id_]}
            for id_, name in zip(CURRENT, ("Ann", "Bob", "Cyd", "Dan"), strict=True)
        ]  # fmt: skip
        self.users.append({"id": EVE, "name": "Eve", "role": "end-user", "active": True, "default_group_id": None})
        self.organizations = [
            {"id": id_, "name": name, "updated_at": told(START + timedelta(seconds=id_))}
            for id_, name in ORGANIZATIONS.items()
        ]
        self._ids = iter(range(1_000_000, 9_000_000))
        self._open(count, START)
        for who in (GIL, HAL):
            self.stories.append(Story(self, len(self.stories) + 1, START + timedelta(days=who - 100)))
            self.stories[-1].of_a_former(who)

    def _open(self, count: int, since: datetime) -> None:
        """So many tickets more, and what happens to them."""
        span = int((self.until - since).total_seconds()) - 7 * 86_400
        for number in range(len(self.stories) + 1, len(self.stories) + count + 1):
            self.stories.append(Story(self, number, since + timedelta(seconds=self.dice.randint(0, span))))
            self.stories[-1].live()

    def goes_on(self, until: datetime, count: int) -> None:
        """Time passes: much happens to the tickets that are there, and there are so many more."""
        since, self.until = self.until, until
        for story in list(self.stories):
            story.lives_on(since)
        self._open(count, since)

    def audit(self, **said: Any) -> dict[str, Any]:
        """An audit, as the export tells it."""
        made = {"id": next(self._ids), "event_type": "Audit", **said}
        self.audits.append(made)
        return made

    def child(self, **said: Any) -> dict[str, Any]:
        """A child event of one."""
        return {"id": next(self._ids), "via": "Web form", "via_reference_id": None, **said}


class Story:
    """A ticket as it goes on."""

    def __init__(self, world: World, id_: int, at: datetime) -> None:
        self.world, self.id, self.at = world, id_, at
        dice = world.dice
        via = dice.choice(list(VIAS))
        self.before = ""
        self.requester = dice.randint(7000, 7040)
        opener = dice.choice((self.requester,) * 4 + (ANN,))
        tags = [tag for tag in ("vip", "trial", "eu") if dice.random() < 0.3]
        self.ticket: dict[str, Any] = {
            "id": id_, "created_at": told(at), "subject": f"Ticket {id_}",
            "status": dice.choice(("new", "open", "open")),
            "priority": dice.choice((None, "low", "normal", "high", "urgent")), "type": dice.choice((None, "incident")),
            "assignee_id": dice.choice((None, None, ANN, BOB)), "group_id": dice.choice((None, *GROUPS)),
            "requester_id": self.requester, "submitter_id": opener, "tags": tags,
            "organization_id": dice.choice((None, *ORGANIZATIONS)), "via": {"channel": via, "source": {"rel": None}},
            "custom_fields": [{"id": 9000, "value": "x"}, {"id": TOPIC, "value": dice.choice(TOPICS)}],
            "satisfaction_rating": {"score": "unoffered"},
        }  # fmt: skip
        if self.ticket["assignee_id"] is not None and self.ticket["status"] == "new":
            self.ticket["status"] = "open"
        if dice.random() < 0.04:
            self.ticket["status"] = "solved"  # told on the phone, and done
        world.tickets[id_] = self.ticket
        world.truth.tickets[id_] = {"channel": VIAS[via], "out": False}
        written = at + timedelta(seconds=opener == ANN)  # in the same request, but in the next second
        world.audit(
            ticket_id=id_, created_at=told(written), timestamp=int(written.timestamp()), updater_id=opener, via="Mail",
            child_events=[
                world.child(event_type="Create", status=self.ticket["status"]),
                world.child(event_type="Create", subject=self.ticket["subject"]),
                world.child(event_type="Comment", author_id=opener, public=True, body="It does not work."),
            ],
        )  # fmt: skip
        self._touched()

    def live(self) -> None:
        """Everything that happens to it before the system's now."""
        dice = self.world.dice
        for _ in range(dice.randint(0, 9)):
            if not self.goes_on(dice.choice((0, 40, 4_000, 40_000, 400_000)) + dice.randint(1, 3_000)):
                return
            self.step()
        if self.ticket["status"] == "solved" and self.goes_on(4 * 86_400):
            self.change(SYSTEM, via="rule", status="closed")
        fate = dice.random()
        if fate < 0.03 and self.goes_on(3_600):
            self.deletes(says_so=dice.random() < 0.5)
        elif fate < 0.05 and self.ticket["status"] != "closed" and self.goes_on(3_600):
            self.ticket["tags"] = [*self.ticket["tags"], "closed_by_merge"]
            self.change(BOB, status="closed")
            self.world.truth.tickets[self.id]["out"] = True
        elif fate < 0.07 and self.goes_on(3_600):
            self.deletes(says_so=True)
            self.at += timedelta(hours=2)
            self.restores(self.before)

    def of_a_former(self, who: int) -> None:
        """One of those who are nobody any more answers it."""
        self.ticket["assignee_id"] = who if who == HAL else None
        self.at += timedelta(minutes=9)
        if who == GIL:
            self.change(BOB, assignee_id=GIL)
            self.at += timedelta(minutes=9)
        self.change(who, comment=who)
        if who == GIL:
            self.at += timedelta(minutes=9)
            self.change(BOB, assignee_id=BOB)
        self.at += timedelta(minutes=9)
        self.change(BOB, status="solved")

    def lives_on(self, since: datetime) -> None:
        """What happens to it later than that."""
        self.at = max(self.at, since + timedelta(seconds=self.world.dice.randint(1, 86_400)))
        if self.ticket["status"] == "deleted":
            self.restores(self.before)
        elif self.ticket["status"] == "solved":
            self.rates()
        elif self.world.dice.random() < 0.1:
            self.deletes(says_so=True)
        elif not self.world.truth.tickets[self.id]["out"]:
            self.live()

    def goes_on(self, seconds: int) -> bool:
        """Whether there is still so much time before now; then it passes."""
        later = self.at + timedelta(seconds=seconds)
        if later >= self.world.until - timedelta(hours=12):
            return False
        self.at = later
        return True

    def step(self) -> None:
        """What happens next."""
        dice, status = self.world.dice, self.ticket["status"]
        agent = self.ticket["assignee_id"] or dice.choice(CURRENT)
        if status == "closed":
            return
        if status == "solved":
            dice.choice((self.rates, self.reopens, self.notes))()
            return
        act = dice.randint(0, 9)
        if act <= 1:
            who = dice.choice((*CURRENT, EVE, FAY))
            self.change(agent, assignee_id=who, group_id=dice.choice((self.ticket["group_id"], 11, 12, 13)))
            if who in (EVE, FAY):
                self.at += timedelta(minutes=7)
                self.change(who, comment=who)
        elif act <= 3:
            self.change(agent, comment=agent, status=dice.choice(("open", "pending", "hold")))
        elif act == 4:
            self.change(self.requester, comment=self.requester, status="open")
        elif act == 5:
            self.change(agent, priority=dice.choice(("low", "normal", "high", "urgent")))
        elif act == 6:
            dice.choice((self.notes, self.answered_by_a_rule))()
        else:
            self.change(agent, comment=agent if dice.random() < 0.5 else None, status="solved", assignee_id=agent)

    def reopens(self) -> None:
        """The customer writes to what was solved."""
        self.change(self.requester, comment=self.requester, status="open")

    def notes(self) -> None:
        """A private note answers nobody."""
        self.change(CYD, comment=CYD, public=False)

    def answered_by_a_rule(self) -> None:
        """Neither does what a rule says in public, in whose name so ever."""
        self.change(SYSTEM, via="rule", comment=self.world.dice.choice((SYSTEM, ANN)), by_person=False)

    def rates(self) -> None:
        """The survey is offered, answered, and now and then answered again."""
        id_, dice = 500_000 + self.id, self.world.dice
        rating = self.world.ratings.setdefault(
            id_, {"id": id_, "ticket_id": self.id, "created_at": told(self.at), "group_id": self.ticket["group_id"]}
        )
        words = ("good", "good", "bad") if self.id in self.world.truth.ratings else ("good", "good", "bad", "offered")
        rating |= {"assignee_id": self.ticket["assignee_id"], "score": dice.choice(words)}
        rating |= {"updated_at": told(self.at), "comment": dice.choice((None, "Thanks"))}
        if rating["score"] != "offered":
            who = rating["assignee_id"]
            score = 5 if rating["score"] == "good" else 1
            self.world.truth.ratings[self.id] = (self.at, score, None if who is None else str(who))
        self.ticket["satisfaction_rating"] = {name: rating[name] for name in ("id", "score", "comment")}
        self._touched()

    def change(
        self, who: int, comment: int | None = None, *, via: str = "Web form", public: bool = True,
        by_person: bool = True, **changes: Any,
    ) -> None:  # fmt: skip
        """One audit: fields that change, and a comment."""
        world, truth, children = self.world, self.world.truth.events, []
        for name, value in changes.items():
            before = self.ticket[name]
            if before == value:
                continue
            children.append(world.child(event_type="Change", previous_value=_text(before), **{name: _text(value)}))
            words = (WORDS[before], WORDS[value]) if name == "status" else (_text(before), _text(value))
            truth.append((self.id, _FIELDS[name], self.at, None, *words))
            self.ticket[name] = value
        if comment is not None:
            children.append(world.child(event_type="Comment", author_id=comment, public=public, body="..."))
            if public and by_person and comment in (*CURRENT, EVE, FAY, GIL, HAL):
                truth.append((self.id, REPLY, self.at, str(comment), None, None))
        children.append(world.child(event_type="Notification", subject="mail"))
        world.dice.shuffle(children)
        self._audit(who, children, via)

    def deletes(self, *, says_so: bool) -> None:
        """It is put into the bin; whether there is a word of it among its audits, nobody promises."""
        self.before = self.ticket["status"]
        if says_so:
            children = [self.world.child(event_type="Change", status="deleted", previous_value=self.before)]
            self._audit(DAN, children, "Web form")
        self.ticket["status"] = "deleted"
        self.world.truth.tickets[self.id]["out"] = True
        self._touched()

    def restores(self, status: str) -> None:
        """It is taken out of the bin, as it was."""
        self.ticket["status"] = status
        self.world.truth.tickets[self.id]["out"] = False
        self._touched()

    def _audit(self, who: int, children: list[dict[str, Any]], via: str) -> None:
        self.world.audit(
            ticket_id=self.id, created_at=told(self.at), timestamp=int(self.at.timestamp()), updater_id=who, via=via,
            child_events=children, system={"client": "x"}, metadata={},
        )  # fmt: skip
        self._touched()

    def _touched(self) -> None:
        self.ticket |= {"updated_at": told(self.at), "generated_timestamp": int(self.at.timestamp())}


def _text(value: Any) -> str | None:
    """A value as child events tell it."""
    return None if value is None else str(value)
