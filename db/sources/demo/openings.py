"""How the demo's tickets begin: who writes, about what, by which way, how urgent."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from db.domain import Channel, Priority
from db.sources.demo.days import Arrival, Day
from db.sources.demo.desk import CATEGORIES, INCIDENT_CATEGORY, URGENCY, Category, instant
from db.sources.demo.dice import Dice, Weighted
from db.sources.demo.people import CLIENTS, Organization
from db.sources.demo.subjects import SUBJECTS
from db.sources.demo.words import COMMON_TAGS

_CHANNELS: Final = Weighted(
    [
        (Channel.EMAIL, 41.0),
        (Channel.WEB, 25.0),
        (Channel.CHAT, 14.0),
        (Channel.PHONE, 10.0),
        (Channel.API, 6.0),
        (Channel.SOCIAL, 3.0),
        (Channel.OTHER, 1.0),
    ]
)
_WITHOUT_ORGANIZATION: Final = 0.03
_WITHOUT_CATEGORY: Final = 0.03
_MISFILED: Final = 0.03
_ENTERPRISE_SHARE: Final = 0.3
_TAGGED: Final = 0.3


class Opening(NamedTuple):
    """A ticket on arrival. `topic` is what it is about, `category` what it was filed under."""

    id: str
    at: int
    created_at: datetime
    subject: str
    organization: Organization | None
    requester: str
    topic: Category
    category: str | None
    priority: Priority
    channel: Channel
    team: str | None
    tags: tuple[str, ...]
    of_incident: bool


def _filed_under(topic: Category, dice: Dice) -> str | None:
    lot = dice.share()
    if lot < _WITHOUT_CATEGORY:
        return None
    if lot < _WITHOUT_CATEGORY + _MISFILED:
        return dice.pick(CATEGORIES).id
    return topic.id


def _tags(topic: Category, organization: Organization | None, arrival: Arrival, dice: Dice) -> tuple[str, ...]:
    tags = {dice.pick(COMMON_TAGS)} if dice.chance(_TAGGED) else set()
    if arrival.of_incident:
        tags.add("incident")
    if organization is not None and organization.key_account:
        tags.add("key-account")
    if dice.chance(_TAGGED):
        tags.add(topic.team)
    return tuple(sorted(tags))


def opening(day: Day, number: int, arrival: Arrival, dice: Dice) -> Opening:
    """The day's ticket of that number."""
    topic = INCIDENT_CATEGORY if arrival.of_incident else dice.draw(day.categories)
    client = dice.draw(CLIENTS)
    requester = dice.pick(client.requesters)
    organization = None if dice.chance(_WITHOUT_ORGANIZATION) else client
    enterprise = client.key_account and dice.chance(_ENTERPRISE_SHARE)
    detail = f"{topic.id[:2].upper()}-{dice.between(1000, 100000)}"
    return Opening(
        id=f"{day.ticket_prefix}{number:04d}",
        at=arrival.at,
        created_at=instant(arrival.at),
        subject=dice.pick(SUBJECTS[topic.id]).replace("{}", detail),
        organization=organization,
        requester=requester,
        topic=topic,
        category=_filed_under(topic, dice),
        priority=dice.draw(URGENCY[topic.id]),
        channel=dice.draw(_CHANNELS),
        team="enterprise" if enterprise else topic.team,
        tags=_tags(topic, organization, arrival, dice),
        of_incident=arrival.of_incident,
    )
