"""A made-up Chatwoot: its tables, filled as Chatwoot fills them, quirks included; the same for the same seed.

Two accounts share users, tags and the database. Account 2 starts later, so equal display ids are different tickets.
What Chatwoot leaves in its tables is followed, not what it could have: a deleted user leaves messages without sender,
reopenings are recorded from an upgrade on, `content_attributes` is JSON inside a JSON string, working hours stand
there for every inbox whether they are switched on or not.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

SCHEMA: Final = (Path(__file__).parent / "schema.sql").read_text()
START: Final = datetime(2026, 5, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)
UPGRADE: Final = datetime(2026, 7, 15, tzinfo=UTC)
"""From here on reopenings are recorded as reporting events."""

OPEN, RESOLVED, PENDING, SNOOZED = range(4)
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
REMOVED, DELETED = 7, 8
"""A user who left account 1, and one whose row is gone."""

AGENTS: Final = {1: (1, 2, 3, 4, REMOVED, DELETED), 2: (3, 5, 6)}
TEAMS: Final = {1: (1, 2), 2: (3,)}
LABELS: Final = {1: ("billing", "bug", "vip"), 2: ("billing", "shipping")}
POLICIES: Final = {1: (1, 2, 3), 2: (4,)}
INBOXES: Final = {
    1: (("Shop", "Channel::WebWidget", True, "Europe/Berlin"), ("Mail", "Channel::Email", True, "America/New_York"),
        ("WhatsApp", "Channel::Whatsapp", False, "UTC"), ("Hook", "Channel::Api", False, "UTC")),
    2: (("Desk", "Channel::Email", True, "Asia/Tokyo"), ("Page", "Channel::FacebookPage", False, "UTC")),
}  # fmt: skip


def _bare(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=None)


@dataclass
class Conversation:
    """A conversation as it goes on."""

    id: int
    account: int
    inbox: int
    contact: int
    created_at: datetime
    at: datetime
    status: int = OPEN
    assignee: int | None = None
    team: int | None = None
    campaign: int | None = None
    policy: int | None = None
    priority: int | None = None
    labels: tuple[str, ...] = ()
    first_reply_at: datetime | None = None
    resolved_at: datetime | None = None
    has_first_reply: bool = False


@dataclass
class Desk:
    """The tables' rows as they grow."""

    rng: random.Random
    conversations: list[Conversation] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    ratings: list[tuple[Any, ...]] = field(default_factory=list)

    def message(
        self,
        talk: Conversation,
        kind: int,
        sender: tuple[str, int] | None,
        *,
        private: bool = False,
        attributes: dict[str, Any] | None = None,
        campaign: int | None = None,
        content_type: int = 0,
    ) -> int:
        """Adds a message at the conversation's instant; its id."""
        number = len(self.messages) + 1
        said = json.dumps(attributes or {})
        # TRICKY: Chatwoot writes JSON into a json column as a string, so it is encoded twice; older rows are not.
        content_attributes = json.dumps(said) if talk.created_at >= datetime(2026, 5, 20, tzinfo=UTC) else said
        self.messages.append((
            number, f"words {number}", talk.account, talk.inbox, talk.id, kind, _bare(talk.at), _bare(talk.at), private,
            content_type, content_attributes, *(sender or (None, None)),
            json.dumps({"campaign_id": campaign} if campaign else {}),
        ))  # fmt: skip
        return number

    def event(self, talk: Conversation, name: str, start: datetime, end: datetime, user: int | None) -> None:
        """Adds a reporting event, written by a job a little after."""
        written = _bare(end + timedelta(seconds=self.rng.uniform(0.2, 4)))
        self.events.append((
            name, 0.0 if start == talk.created_at and name == "conversation_opened" else (end - start).total_seconds(),
            talk.account, talk.inbox, user, talk.id, written, written,
            _bare(start), _bare(end),
        ))  # fmt: skip

    def human(self, talk: Conversation, author: int) -> None:
        """A public reply of a person, with what Chatwoot records of the first one."""
        self.message(talk, OUTGOING, ("User", author))
        if not talk.has_first_reply:
            talk.has_first_reply = True
            self.event(talk, "first_response", talk.created_at, talk.at, author)
            # Older versions forgot the column now and then.
            talk.first_reply_at = talk.at if self.rng.random() < 0.94 else None

    def resolve(self, talk: Conversation) -> None:
        """Resolves, by hand or automatically, with the activity and sometimes the survey that follow."""
        talk.status, talk.resolved_at = RESOLVED, talk.at
        self.event(talk, "conversation_resolved", talk.created_at, talk.at, talk.assignee)
        if not talk.has_first_reply:
            self.event(talk, "conversation_bot_resolved", talk.created_at, talk.at, talk.assignee)
        self.go(talk, 0, 0.001)
        self.message(talk, ACTIVITY, None)
        if self.rng.random() < 0.5:
            survey = self.message(talk, TEMPLATE, None, content_type=9)
            if self.rng.random() < 0.6:
                self.rate(talk, survey)

    def rate(self, talk: Conversation, survey: int) -> None:
        """The answer to a survey, which is no message of its own."""
        answered = _bare(talk.at + timedelta(hours=self.rng.uniform(0.01, 30)))
        assert answered is not None
        if answered < NOW.replace(tzinfo=None):
            self.ratings.append((
                talk.account, talk.id, survey, self.rng.choices((1, 2, 3, 4, 5), (2, 1, 2, 4, 6))[0],
                self.rng.choice((None, "thanks", "too slow")), talk.contact, talk.assignee, answered, answered,
            ))  # fmt: skip

    def reopen(self, talk: Conversation) -> None:
        """Opens again what was resolved."""
        assert talk.resolved_at is not None
        talk.status = OPEN
        if talk.at >= UPGRADE:
            self.event(talk, "conversation_opened", talk.resolved_at, talk.at, talk.assignee)
        self.message(talk, ACTIVITY, None)

    def go(self, talk: Conversation, low: float, high: float) -> bool:
        """Lets hours pass; whether it is still before now."""
        talk.at += timedelta(hours=self.rng.uniform(low, high))
        return talk.at < NOW - timedelta(hours=1)


def _begin(desk: Desk, talk: Conversation) -> None:
    """How a conversation begins: by the customer mostly, else by a campaign, an agent, or at a bot."""
    rng, start = desk.rng, desk.rng.random()
    talk.at += timedelta(milliseconds=rng.choice((0, 7, 40)))
    if start < 0.06:
        talk.campaign = 1 + rng.randrange(3)
        desk.message(talk, OUTGOING, ("User", rng.choice(AGENTS[talk.account])), campaign=talk.campaign)
    elif start < 0.14:
        desk.human(talk, rng.choice(AGENTS[talk.account]))
    elif start < 0.3:
        talk.status = PENDING
        desk.message(talk, INCOMING, ("Contact", talk.contact))
        desk.go(talk, 0.0005, 0.002)
        desk.message(talk, OUTGOING, ("AgentBot", 1))
        if rng.random() < 0.8 and desk.go(talk, 0.01, 1):
            talk.status = OPEN
            desk.event(talk, "conversation_bot_handoff", talk.created_at, talk.at, talk.assignee)
            if talk.at >= UPGRADE:
                desk.event(talk, "conversation_opened", talk.created_at, talk.at, talk.assignee)
    else:
        desk.message(talk, INCOMING, ("Contact", talk.contact))
        desk.message(talk, TEMPLATE, None)
    if rng.random() < 0.25:
        desk.message(talk, OUTGOING, rng.choice((None, ("User", 1))), attributes={"automation_rule_id": 4})


def _round(desk: Desk, talk: Conversation) -> bool:
    """One to and fro; whether it goes on."""
    rng = desk.rng
    if rng.random() < 0.85:
        talk.assignee = rng.choice(AGENTS[talk.account])
    if rng.random() < 0.3:
        desk.message(talk, OUTGOING, ("User", rng.choice(AGENTS[talk.account])), private=True)
    if not desk.go(talk, 0.02, rng.choice((1, 4, 40))):
        return False
    if rng.random() < 0.85:
        desk.human(talk, talk.assignee or rng.choice(AGENTS[talk.account]))
    if rng.random() < 0.4 and desk.go(talk, 0.05, 10):
        desk.message(talk, INCOMING, ("Contact", talk.contact))
    if rng.random() < 0.1:
        talk.status = SNOOZED
    if not desk.go(talk, 0.05, 60):
        return False
    if rng.random() < 0.2:
        talk.team = rng.choice(TEAMS[talk.account])
    if rng.random() < 0.8:
        desk.resolve(talk)
        if rng.random() < 0.3 and desk.go(talk, 0.2, 90):
            if rng.random() < 0.7:
                desk.message(talk, INCOMING, ("Contact", talk.contact))
            desk.reopen(talk)
            return rng.random() < 0.8
        return False
    return rng.random() < 0.5


def _talk(desk: Desk, created_at: datetime, number: int) -> None:
    rng = desk.rng
    account = 1 if number < 40 or rng.random() < 0.7 else 2
    first = 0 if account == 1 else len(INBOXES[1])
    talk = Conversation(
        number, account, first + 1 + rng.randrange(len(INBOXES[account])),
        20 * (account - 1) + 1 + rng.randrange(20), created_at, created_at,
    )  # fmt: skip
    desk.conversations.append(talk)
    talk.team = rng.choice((None, *TEAMS[account]))
    talk.policy = rng.choice((None, *POLICIES[account]))
    talk.priority = rng.choice((None, None, 0, 1, 2, 3))
    talk.labels = tuple(sorted(rng.sample(LABELS[account], rng.randrange(3))))
    if rng.random() < 0.01:
        talk.status = RESOLVED  # the contact is blocked: it arrives resolved, and nothing records when
        desk.message(talk, INCOMING, ("Contact", talk.contact))
        return
    _begin(desk, talk)
    while _round(desk, talk):
        pass


def _users_go(desk: Desk) -> None:
    """What is left when user REMOVED has left the account and user DELETED has been deleted."""
    for talk in desk.conversations:
        if talk.assignee in (REMOVED, DELETED):
            talk.assignee = None
    gone = ("User", DELETED)
    desk.messages = [(*m[:11], None, None, m[13]) if m[11:13] == gone else m for m in desk.messages]
    desk.ratings = [(*r[:6], None if r[6] == DELETED else r[6], *r[7:]) for r in desk.ratings]


def generate(count: int, seed: int = 1) -> Desk:
    """The rows of so many conversations."""
    rng = random.Random(seed)
    desk = Desk(rng)
    span = (NOW - START).total_seconds() - 7200
    starts = sorted(START + timedelta(seconds=rng.uniform(0, span)) for _ in range(count))
    for number, created_at in enumerate(starts, 1):
        _talk(desk, created_at, number)
    _users_go(desk)
    return desk


async def fill(connection: asyncpg.Connection, count: int, seed: int = 1) -> None:
    """Makes the tables and puts the rows of so many conversations in."""
    desk = generate(count, seed)
    await connection.execute(SCHEMA)
    await connection.execute(_FRAME)
    await connection.executemany(
        "INSERT INTO inboxes VALUES ($1, $1, $2, $3, now(), now(), $4, true, $5, $6, true)", _inboxes()
    )
    await connection.executemany(_WORKING_HOURS, [(inbox, account) for inbox, account, *_ in _inboxes()])
    await _copy(connection, "conversations", _CONVERSATION, [_row(desk, talk) for talk in desk.conversations])
    await _copy(connection, "messages", _MESSAGE, desk.messages)
    await _copy(connection, "reporting_events", _EVENT, desk.events)
    await _copy(connection, "csat_survey_responses", _RATING, desk.ratings)
    await connection.execute(_TAGS)
    await connection.execute(_SLAS)
    for table in ("conversations", "messages", "users", "inboxes", "accounts", "teams", "sla_policies"):
        await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    await connection.execute("ANALYZE")


def _inboxes() -> list[tuple[int, int, str, str, bool, str]]:
    every = [(account, inbox) for account, inboxes in INBOXES.items() for inbox in inboxes]
    return [(number, account, *inbox) for number, (account, inbox) in enumerate(every, 1)]


def _row(desk: Desk, talk: Conversation) -> tuple[Any, ...]:
    touched = _bare(min(talk.at, NOW - timedelta(minutes=30)))
    return (
        talk.id, talk.account, talk.inbox, talk.status, talk.assignee, _bare(talk.created_at), touched, talk.contact, 0,
        touched, talk.team, talk.campaign, _bare(talk.first_reply_at), talk.priority, talk.policy,
        ", ".join(talk.labels),
    )  # fmt: skip


async def _copy(connection: asyncpg.Connection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    encode: Callable[[Any], str] = lambda said: said  # noqa: E731 the generator wrote the JSON itself
    for kind in ("json", "jsonb"):
        binary = b"\x01" if kind == "jsonb" else b""
        await connection.set_type_codec(
            kind, schema="pg_catalog", format="binary", encoder=lambda said, head=binary: head + encode(said).encode(),
            decoder=lambda raw: raw.decode(),
        )  # fmt: skip
    await connection.copy_records_to_table(table, records=rows, columns=columns.split())
    for kind in ("json", "jsonb"):
        await connection.reset_type_codec(kind, schema="pg_catalog")


_CONVERSATION: Final = """id account_id inbox_id status assignee_id created_at updated_at contact_id display_id
    last_activity_at team_id campaign_id first_reply_created_at priority sla_policy_id cached_label_list"""
_MESSAGE: Final = """id content account_id inbox_id conversation_id message_type created_at updated_at private
    content_type content_attributes sender_type sender_id additional_attributes"""
_EVENT: Final = """name value account_id inbox_id user_id conversation_id created_at updated_at event_start_time
    event_end_time"""
_RATING: Final = """account_id conversation_id message_id rating feedback_message contact_id assigned_agent_id
    created_at updated_at"""
_FRAME: Final = f"""
INSERT INTO accounts (id, name, created_at, updated_at)
    VALUES (1, 'Acme', '2026-01-01', '2026-01-01'), (2, 'Globex', '2026-01-01', '2026-01-01');
INSERT INTO users (id, uid, name, display_name, email, created_at, updated_at)
    SELECT n, 'u' || n, 'User ' || n, CASE n WHEN 2 THEN 'Bea' END, 'u' || n || '@example.test', '2026-01-01',
        '2026-01-01'
    FROM generate_series(1, {REMOVED}) n;
INSERT INTO account_users (account_id, user_id, created_at, updated_at)
    SELECT a, u, '2026-01-01', '2026-01-01'
    FROM (VALUES (1, 1), (1, 2), (1, 3), (1, 4), (2, 3), (2, 5), (2, 6)) v(a, u);
INSERT INTO teams (id, name, account_id, created_at, updated_at)
    VALUES (1, 'sales', 1, '2026-01-01', '2026-01-01'), (2, 'support', 1, '2026-01-01', '2026-01-01'),
        (3, 'support', 2, '2026-01-01', '2026-01-01');
INSERT INTO team_members (team_id, user_id, created_at, updated_at)
    VALUES (1, 1, '2026-01-01', '2026-01-01'), (2, 2, '2026-01-01', '2026-01-01'), (3, 3, '2026-01-01', '2026-01-01'),
        (2, 4, '2026-01-01', '2026-01-01'), (1, 4, '2026-02-01', '2026-02-01');
INSERT INTO contacts (id, name, email, account_id, created_at, updated_at, additional_attributes)
    SELECT n, 'Contact ' || n, 'c' || n || '@example.test', 1 + (n - 1) / 20, '2026-01-01', '2026-01-01',
        CASE n % 3 WHEN 0 THEN '{{}}'::jsonb ELSE jsonb_build_object('company_name', 'Client ' || n % 5) END
    FROM generate_series(1, 40) n;
INSERT INTO sla_policies (id, name, first_response_time_threshold, resolution_time_threshold,
        only_during_business_hours, account_id, created_at, updated_at)
    VALUES (1, 'Gold', 3600, 86400, false, 1, '2026-01-01', '2026-01-01'),
        (2, 'Office', 7200, 57600, true, 1, '2026-01-01', '2026-01-01'),
        (3, 'Answer only', 1800, NULL, false, 1, '2026-01-01', '2026-01-01'),
        (4, 'Gold', 14400, 172800, false, 2, '2026-01-01', '2026-01-01');
INSERT INTO labels (title, account_id, created_at, updated_at)
    VALUES ('billing', 1, now(), now()), ('bug', 1, now(), now()), ('vip', 1, now(), now()),
        ('billing', 2, now(), now()), ('shipping', 2, now(), now());
"""
_WORKING_HOURS: Final = """
INSERT INTO working_hours (inbox_id, account_id, day_of_week, closed_all_day, open_hour, open_minutes, close_hour,
        close_minutes, open_all_day, created_at, updated_at)
    SELECT $1, $2, d, d = 0, CASE d WHEN 0 THEN NULL WHEN 5 THEN 0 ELSE 9 END, CASE d WHEN 0 THEN NULL ELSE 0 END,
        CASE d WHEN 0 THEN NULL WHEN 5 THEN 23 WHEN 6 THEN 12 ELSE 17 END,
        CASE d WHEN 0 THEN NULL WHEN 5 THEN 59 WHEN 6 THEN 0 ELSE 30 END, d = 5, '2026-01-01', '2026-01-01'
    FROM generate_series(0, 6) d"""
_TAGS: Final = """
INSERT INTO tags (name) SELECT DISTINCT title FROM labels ORDER BY title;
INSERT INTO taggings (tag_id, taggable_type, taggable_id, context, created_at)
    SELECT t.id, 'Conversation', c.id, 'labels', c.updated_at
    FROM conversations c CROSS JOIN LATERAL unnest(string_to_array(c.cached_label_list, ', ')) l(name)
    JOIN tags t ON t.name = l.name WHERE l.name <> '';
-- Contacts have labels of the same kind, with the same ids beside those of conversations.
INSERT INTO taggings (tag_id, taggable_type, taggable_id, context, created_at)
    SELECT 1 + n % 3, 'Contact', n, 'labels', now() FROM generate_series(1, 20) n;
-- The cache is empty on old conversations; the taggings are not.
UPDATE conversations SET cached_label_list = NULL WHERE id % 5 = 0;
"""
_SLAS: Final = """
-- Chatwoot's own verdict: a conversation that is open, however late, counts as met until its job has seen it.
INSERT INTO applied_slas (account_id, sla_policy_id, conversation_id, created_at, updated_at, sla_status)
    SELECT account_id, sla_policy_id, id, created_at, created_at, CASE status WHEN 1 THEN 1 ELSE 0 END
    FROM conversations WHERE sla_policy_id IS NOT NULL;
"""
