"""A made-up Zammad: its tables, filled as Zammad fills them, quirks included; the same for the same seed.

What Zammad leaves in its tables is followed, not what it could have: owner 1 is nobody, a merge moves articles and
keeps their instants, a deleted user's rows fall to user 1 while `histories` keeps the number, states are renamed
while old history has the old words, calendars and SLA conditions are YAML of Ruby hashes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

SCHEMA: Final = (Path(__file__).parent / "schema.sql").read_text()
START: Final = datetime(2026, 5, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)

NOBODY: Final = 1
AGENTS: Final = (2, 3, 4, 5, 6)
INACTIVE, DELETED = 6, 7
"""An agent who is switched off, and one whose row is gone; it fell to user 1."""
NEW, OPEN, REMINDER, CLOSED, MERGED, REMOVED, PENDING_CLOSE, WORKING, SUPPLIER, DONE = range(1, 11)
STATES: Final = {
    NEW: ("new", 1), OPEN: ("open", 2), REMINDER: ("pending reminder", 3), CLOSED: ("geschlossen", 5),
    MERGED: ("merged", 6), REMOVED: ("removed", 7), PENDING_CLOSE: ("pending close", 4),
    WORKING: ("in Bearbeitung", 2), SUPPLIER: ("wartet auf Lieferant", 3), DONE: ("erledigt", 5),
}  # fmt: skip
TYPES: Final = ("new", "open", "pending reminder", "pending action", "closed", "merged", "removed")
RENAMED: Final = datetime(2026, 7, 1, tzinfo=UTC)
"""Before it state 4 was called `closed`, and history says so."""
EMAIL, PHONE, NOTE, WEB, CHAT, TWITTER = 1, 5, 10, 11, 3, 6
ARTICLE_TYPES: Final = {
    EMAIL: ("email", True), 2: ("sms", True), CHAT: ("chat", True), PHONE: ("phone", True),
    TWITTER: ("twitter status", True), NOTE: ("note", False), WEB: ("web", True),
}  # fmt: skip
AGENT, CUSTOMER, SYSTEM = 1, 2, 3
ATTRIBUTES: Final = {"state": 1, "owner": 2, "group": 3, "priority": 4, "title": 5, "pending_time": 6}
PRIORITIES: Final = {1: "1 low", 2: "2 normal", 3: "3 high", 4: "4 urgent"}
GROUPS: Final = {1: "Users", 2: "Billing", 3: "Second level"}


def _bare(at: datetime | None) -> datetime | None:
    """The instant as the column keeps it: no zone, milliseconds."""
    return None if at is None else at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=None)


@dataclass
class Ticket:
    """A ticket as it goes on."""

    id: int
    created_at: datetime
    at: datetime
    customer: int
    organization: int | None
    group: int
    priority: int
    owner: int
    state: int = NEW
    opened_as: tuple[int, int] = (EMAIL, CUSTOMER)
    first_response_at: datetime | None = None
    close_at: datetime | None = None
    last_close_at: datetime | None = None


@dataclass
class Desk:
    """The tables' rows as they grow."""

    rng: random.Random
    tickets: list[Ticket] = field(default_factory=list)
    articles: list[list[Any]] = field(default_factory=list)
    histories: list[tuple[Any, ...]] = field(default_factory=list)

    def article(
        self, ticket: Ticket, kind: int, sender: int, author: int, *, internal: bool = False, origin: int | None = None
    ) -> None:
        """Adds an article at the ticket's instant."""
        at = _bare(ticket.at)
        number = len(self.articles) + 1
        self.articles.append(
            [number, ticket.id, kind, sender, f"words {number}", internal, author, author, origin, at, at]
        )
        # Article history has the article's number where ticket history has the ticket's.
        self.histories.append((1, 2, None, number, ticket.id, 1, None, None, None, None, author, at, at))
        public = sender == AGENT and ARTICLE_TYPES[kind][1] and not internal
        if public and ticket.first_response_at is None:
            ticket.first_response_at = ticket.at

    def change(self, ticket: Ticket, by: int, **values: int) -> None:
        """Changes columns in one save, with a history row each."""
        at = _bare(ticket.at)
        for name, value in values.items():
            old = getattr(ticket, name)
            if old == value:
                continue
            setattr(ticket, name, value)
            words = (_word(name, old, ticket.at), _word(name, value, ticket.at))
            attribute = ATTRIBUTES[name]
            self.histories.append((2, 1, attribute, ticket.id, None, None, value, old, *words, by, at, at))
        if values.get("state") in (CLOSED, DONE):
            ticket.last_close_at = ticket.at
            ticket.close_at = ticket.close_at or ticket.at

    def go(self, ticket: Ticket, low: float, high: float) -> bool:
        """Lets hours pass; whether it is still before now."""
        ticket.at += timedelta(hours=self.rng.uniform(low, high))
        return ticket.at < NOW - timedelta(hours=1)


def _word(name: str, value: int, at: datetime) -> str:
    if name == "state":
        return "closed" if value == CLOSED and at < RENAMED else STATES[value][0]
    if name == "owner":
        return "-" if value == NOBODY else f"Agent {value}"
    return PRIORITIES[value] if name == "priority" else GROUPS[value]


def _begin(desk: Desk, ticket: Ticket) -> None:
    """How a ticket begins: by mail or form mostly, else by an agent on the phone or on an agent's own account."""
    rng, start, writer = desk.rng, desk.rng.random(), desk.rng.choice(AGENTS)
    desk.histories.append((1, 1, None, ticket.id, None, None, None, None, None, None, ticket.customer,
                           _bare(ticket.at), _bare(ticket.at)))  # fmt: skip
    ticket.at += timedelta(milliseconds=rng.choice((0, 3, 25)))
    if start < 0.6:
        ticket.opened_as = (EMAIL, CUSTOMER)
    elif start < 0.75:
        ticket.opened_as = (rng.choice((WEB, CHAT, TWITTER)), CUSTOMER)
    elif start < 0.87:
        ticket.opened_as = (PHONE, CUSTOMER)
    else:
        ticket.opened_as = (rng.choice((EMAIL, PHONE)), AGENT)
        ticket.owner = rng.choice((NOBODY, writer))
    kind, sender = ticket.opened_as
    by_agent = sender == AGENT or kind == PHONE
    origin = ticket.customer if by_agent and sender == CUSTOMER else None
    desk.article(ticket, kind, sender, writer if by_agent else ticket.customer, origin=origin)
    if rng.random() < 0.5:
        desk.article(ticket, EMAIL, SYSTEM, NOBODY)


def _round(desk: Desk, ticket: Ticket) -> bool:
    """One to and fro; whether it goes on."""
    rng = desk.rng
    if not desk.go(ticket, 0.05, rng.choice((1, 6, 50))):
        return False
    writer = rng.choice((*AGENTS, DELETED))
    if rng.random() < 0.8:
        desk.change(ticket, writer, owner=writer)
    if rng.random() < 0.3:
        desk.article(ticket, rng.choice((NOTE, EMAIL)), AGENT, writer, internal=True)
    if rng.random() < 0.85:
        desk.article(ticket, rng.choice((EMAIL, EMAIL, PHONE, NOTE)), AGENT, writer)
        if ticket.state == NEW:
            desk.change(ticket, writer, state=rng.choice((OPEN, WORKING)))
    if rng.random() < 0.2:
        desk.change(ticket, writer, group=rng.choice(tuple(GROUPS)))
    if rng.random() < 0.12:
        desk.change(ticket, writer, priority=rng.choice(tuple(PRIORITIES)))
    if rng.random() < 0.25:
        desk.change(ticket, writer, state=rng.choice((REMINDER, SUPPLIER)))
        if not desk.go(ticket, 1, 50):
            return False
        desk.article(ticket, EMAIL, CUSTOMER, ticket.customer)
        desk.change(ticket, ticket.customer, state=OPEN)
    return _end(desk, ticket, writer)


def _end(desk: Desk, ticket: Ticket, writer: int) -> bool:
    """Closes perhaps; whether the ticket goes on, reopened or not yet closed."""
    rng = desk.rng
    if not desk.go(ticket, 0.1, 60):
        return False
    way = rng.random()
    if way < 0.15:
        desk.change(ticket, writer, state=PENDING_CLOSE)
        if not desk.go(ticket, 24, 72):
            return False
        desk.change(ticket, NOBODY, state=CLOSED)
    elif way < 0.75:
        desk.change(ticket, writer, owner=writer, state=rng.choice((CLOSED, CLOSED, DONE)))
    else:
        return rng.random() < 0.6
    if rng.random() < 0.05:
        desk.go(ticket, 0.1, 1)
        desk.change(ticket, writer, state=DONE)  # from one closed state to another: no second resolution
    if rng.random() < 0.25 and desk.go(ticket, 1, 200):
        desk.article(ticket, EMAIL, CUSTOMER, ticket.customer)
        desk.change(ticket, ticket.customer, state=OPEN)
        return True
    return False


def _ticket(desk: Desk, number: int, created_at: datetime) -> None:
    rng = desk.rng
    customer = 10 + rng.randrange(30)
    ticket = Ticket(
        number, created_at, created_at, customer, _organization(customer),
        rng.choice(tuple(GROUPS)), rng.choices((1, 2, 3, 4), (1, 5, 2, 1))[0], NOBODY,
    )  # fmt: skip
    desk.tickets.append(ticket)
    _begin(desk, ticket)
    while _round(desk, ticket):
        pass
    end = rng.random()
    if end < 0.06 and number > 20:
        pair = [ticket, desk.tickets[rng.randrange(number - 15, number - 1)]]
        rng.shuffle(pair)
        _merge(desk, *pair)
    elif end < 0.08 and desk.go(ticket, 1, 5):
        desk.change(ticket, NOBODY, state=REMOVED)


def _merge(desk: Desk, ticket: Ticket, target: Ticket) -> None:
    """Merges a ticket into a newer or an older one: its articles move with their instants, its owner is reset."""
    ticket.at = max(ticket.at, target.at) + timedelta(minutes=7)
    if ticket.at > NOW - timedelta(hours=1) or target.state in (MERGED, REMOVED) or ticket.state in (MERGED, REMOVED):
        return
    for article in desk.articles:
        if article[1] == ticket.id:
            article[1], article[10] = target.id, _bare(ticket.at)
    desk.article(ticket, NOTE, AGENT, 2)
    desk.change(ticket, 2, state=MERGED, owner=NOBODY)
    target.at = max(target.at, ticket.at)


def _organization(customer: int) -> int | None:
    return None if customer % 4 == 0 else 1 + customer % 3


def generate(count: int, seed: int = 1) -> Desk:
    """The rows of so many tickets."""
    desk = Desk(random.Random(seed))
    span = (NOW - START).total_seconds() - 7200
    starts = sorted(START + timedelta(seconds=desk.rng.uniform(0, span)) for _ in range(count))
    for number, created_at in enumerate(starts, 1):
        _ticket(desk, number, created_at)
    _user_goes(desk)
    return desk


def _user_goes(desk: Desk) -> None:
    """What is left when user DELETED has been deleted: everything but numbers and words in history is user 1's."""
    for ticket in desk.tickets:
        ticket.owner = NOBODY if ticket.owner == DELETED else ticket.owner
    for article in desk.articles:
        article[6:8] = [NOBODY if user == DELETED else user for user in article[6:8]]
    desk.histories = [(*row[:10], NOBODY if row[10] == DELETED else row[10], *row[11:]) for row in desk.histories]


async def fill(connection: asyncpg.Connection, count: int, seed: int = 1) -> None:
    """Makes the tables and puts the rows of so many tickets in."""
    desk = generate(count, seed)
    await connection.execute(SCHEMA)
    await connection.execute(_FRAME)
    put = connection.executemany
    await put("INSERT INTO ticket_state_types (id, name) VALUES ($1, $2)", list(enumerate(TYPES, 1)))
    await put(
        "INSERT INTO ticket_states (id, name, state_type_id, ignore_escalation, active) VALUES ($1, $2, $3, $4, $5)",
        [(state, *said, said[1] in (3, 4, 5, 6, 7), state != REMOVED) for state, said in STATES.items()],
    )
    await put("INSERT INTO ticket_priorities (id, name) VALUES ($1, $2)", list(PRIORITIES.items()))
    await put("INSERT INTO groups VALUES ($1, $2, true, NULL, now(), now())", list(GROUPS.items()))
    await put(
        "INSERT INTO ticket_article_types VALUES ($1, $2, $3)",
        [(number, *said) for number, said in ARTICLE_TYPES.items()],
    )
    await put("INSERT INTO history_attributes (name, id) VALUES ($1, $2)", list(ATTRIBUTES.items()))
    await connection.copy_records_to_table(
        "tickets", records=[_row(ticket) for ticket in desk.tickets], columns=_TICKET.split()
    )
    await connection.copy_records_to_table(
        "ticket_articles", records=[tuple(article) for article in desk.articles], columns=_ARTICLE.split()
    )
    await connection.copy_records_to_table("histories", records=desk.histories, columns=_HISTORY.split())
    await connection.execute(_AFTER)
    for table in ("tickets", "ticket_articles", "users", "histories", "organizations"):
        await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    await connection.execute("ANALYZE")


def _row(ticket: Ticket) -> tuple[Any, ...]:
    touched = _bare(min(ticket.at, NOW - timedelta(minutes=30)))
    return (
        ticket.id, ticket.group, ticket.priority, ticket.state, ticket.organization, f"61{ticket.id:05}",
        f"Ticket {ticket.id}", ticket.owner, ticket.customer, _bare(ticket.first_response_at), _bare(ticket.close_at),
        _bare(ticket.last_close_at), *ticket.opened_as, 1, ticket.customer, _bare(ticket.created_at), touched,
    )  # fmt: skip


_TICKET: Final = """id group_id priority_id state_id organization_id number title owner_id customer_id first_response_at
    close_at last_close_at create_article_type_id create_article_sender_id updated_by_id created_by_id created_at
    updated_at"""
_ARTICLE: Final = """id ticket_id type_id sender_id body internal updated_by_id created_by_id origin_by_id created_at
    updated_at"""
_HISTORY: Final = """history_type_id history_object_id history_attribute_id o_id related_o_id related_history_object_id
    id_to id_from value_from value_to created_by_id created_at updated_at"""

_HASH: Final = "!ruby/hash:ActiveSupport::HashWithIndifferentAccess"


def _hours(spans: dict[str, list[tuple[str, str]]]) -> str:
    """Business hours as Rails stores them: every day is there, also the closed ones with their hours."""
    lines = [f"--- {_HASH}"]
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        lines += [f"{day}: {_HASH}", f"  active: {str(day in spans).lower()}", "  timeframes:"]
        for since, until in spans.get(day, [("10:00", "14:00")]):
            lines += [f"  - - '{since}'", f"    - '{until}'"]
    return "\n".join(lines) + "\n"


HOLIDAYS: Final = f"""--- {_HASH}
'2026-05-25': {_HASH}
  active: true
  summary: Pfingstmontag
  feed: 3c2a
'2026-08-15': {_HASH}
  active: false
  summary: Maria Himmelfahrt
  feed: 3c2a
'2026-06-04': {_HASH}
  active: true
  summary: Fronleichnam
  removed: true
"""
OFFICE: Final = _hours({day: [("08:30", "12:00"), ("13:00", "17:30")] for day in ("mon", "tue", "wed", "thu", "fri")})
ROUND_THE_CLOCK: Final = _hours({
    day: [("00:00", "23:59")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
})  # fmt: skip
URGENT: Final = f"""--- {_HASH}
ticket.priority_id: {_HASH}
  operator: is
  value:
  - '3'
  - '4'
"""
CLIENT: Final = f"""--- {_HASH}
ticket.organization_id: {_HASH}
  operator: is
  pre_condition: specific
  value: '2'
  value_completion: ''
"""

_FRAME: Final = f"""
INSERT INTO organizations (id, name, updated_by_id, created_by_id, created_at, updated_at)
    SELECT n, 'Client ' || n, 1, 1, '2026-01-01', '2026-01-01' FROM generate_series(1, 3) n;
INSERT INTO users (id, organization_id, login, firstname, lastname, email, active, updated_by_id, created_by_id,
        created_at, updated_at)
    SELECT n, CASE WHEN n >= 10 AND n % 4 <> 0 THEN 1 + n % 3 END, CASE n WHEN 1 THEN '-' ELSE 'u' || n END,
        CASE n WHEN 1 THEN '-' ELSE CASE WHEN n < 10 THEN 'Agent' ELSE 'Customer' END END,
        CASE n WHEN 1 THEN '' ELSE n::text END, CASE n WHEN 1 THEN '' ELSE 'u' || n || '@example.test' END,
        n NOT IN (1, {INACTIVE}), 1, 1, '2026-01-01', '2026-01-01'
    FROM generate_series(1, 39) n WHERE n NOT IN ({DELETED}, 8, 9);
INSERT INTO roles (id, name) VALUES (1, 'Admin'), (2, 'Agent'), (3, 'Customer');
INSERT INTO permissions (id, name) VALUES (1, 'admin'), (2, 'ticket.agent'), (3, 'ticket.customer');
INSERT INTO permissions_roles VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO roles_users SELECT id, CASE WHEN id < 10 THEN 2 ELSE 3 END FROM users WHERE id > 1;
INSERT INTO roles_users VALUES (2, 1);
INSERT INTO ticket_article_senders VALUES (1, 'Agent'), (2, 'Customer'), (3, 'System');
INSERT INTO history_types VALUES (1, 'created'), (2, 'updated'), (3, 'merged_into');
INSERT INTO history_objects VALUES (1, 'Ticket'), (2, 'Ticket::Article'), (3, 'User');
INSERT INTO calendars (id, name, timezone, business_hours, "default", public_holidays, created_at, updated_at)
    VALUES (1, 'Office', 'Europe/Berlin', $y${OFFICE}$y$, true, $y${HOLIDAYS}$y$, '2026-01-01', '2026-01-01'),
        (2, 'Always', 'America/New_York', $y${ROUND_THE_CLOCK}$y$, false, $y$--- {_HASH} {{}}
$y$, '2026-01-01', '2026-01-01');
INSERT INTO slas (id, calendar_id, name, first_response_time, solution_time, condition, created_at, updated_at)
    VALUES (1, 2, 'A urgent', 60, 1440, $y${URGENT}$y$, '2026-01-01', '2026-01-01'),
        (2, 1, 'B client', 120, 600, $y${CLIENT}$y$, '2026-01-01', '2026-01-01'),
        (3, 1, 'C all', 240, NULL, $y$--- {_HASH} {{}}
$y$, '2026-01-01', '2026-01-01');
"""
_AFTER: Final = """
INSERT INTO groups_users SELECT id, 1 + id % 3 FROM users WHERE id BETWEEN 2 AND 6;
INSERT INTO groups_users VALUES (3, 2, 'read');
-- Other objects have history under the same numbers.
INSERT INTO histories (history_type_id, history_object_id, history_attribute_id, o_id, id_to, id_from, value_from,
        value_to, created_by_id, created_at, updated_at)
    SELECT 2, 3, 2, n, 3, 2, 'Agent 2', 'Agent 3', 1, '2026-09-30', '2026-09-30' FROM generate_series(10, 39) n;
INSERT INTO tag_objects VALUES (1, 'Ticket'), (2, 'KnowledgeBase::Answer');
INSERT INTO tag_items VALUES (1, 'Rückgabe', 'rückgabe'), (2, 'vip', 'vip'), (3, 'kb', 'kb');
INSERT INTO tags (tag_item_id, tag_object_id, o_id, created_by_id, created_at, updated_at)
    SELECT 1 + id % 2, 1, id, 2, now(), now() FROM tickets WHERE id % 3 = 0;
INSERT INTO tags (tag_item_id, tag_object_id, o_id, created_by_id, created_at, updated_at)
    SELECT 3, 2, n, 2, now(), now() FROM generate_series(1, 50) n;
"""
