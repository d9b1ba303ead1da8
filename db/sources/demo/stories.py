"""How the demo's tickets end: the usual story, and the others."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from db.domain import ActorKind, Channel, Priority, Status
from db.sources.demo.days import Day
from db.sources.demo.desk import DAY, HOUR, MINUTE, Desk
from db.sources.demo.dice import Dice, Weighted
from db.sources.demo.life import BOT, Life
from db.sources.demo.openings import Opening
from db.sources.demo.subjects import SPAM
from db.sources.demo.words import comments_on

_RESPONSE: Final = {
    Priority.LOW: 8.0 * HOUR,
    Priority.NORMAL: 2.8 * HOUR,
    Priority.HIGH: 1.25 * HOUR,
    Priority.URGENT: 17 * MINUTE,
}
"""Median working time until the first reply."""
_EFFORT: Final = {
    Priority.LOW: 95.0 * HOUR,
    Priority.NORMAL: 12.0 * HOUR,
    Priority.HIGH: 12.0 * HOUR,
    Priority.URGENT: 2.2 * HOUR,
}
"""Median working time from there to the resolution."""
_TEAM_PACE: Final = {"technical": 1.15, "billing": 0.9, "accounts": 0.85, "devices": 1.2, "enterprise": 0.8}
_LIVE_PACE: Final = {Channel.CHAT: 0.25, Channel.PHONE: 0.15}
_ONE_TOUCH: Final = {Channel.CHAT: 0.5, Channel.PHONE: 0.55}
_ACKNOWLEDGED: Final = frozenset({Channel.EMAIL, Channel.WEB, Channel.CHAT})
_REOPENED: Final = 0.064
_SURVEYED, _ANSWERED, _COMMENTED = 0.7, 0.48, 0.35


def _slowness(life: Life) -> float:
    return _TEAM_PACE.get(life.team, 1.0) * life.day.strain


def _first_reply(life: Life) -> None:
    """From arrival to the first reply; one in thirty tickets is answered without ever being assigned."""
    dice, opening = life.dice, life.opening
    chance = life.worker.pace * _slowness(life) * dice.spread(0.95)
    seconds = _RESPONSE[life.priority] * opening.topic.slowness * chance * _LIVE_PACE.get(opening.channel, 1.0)
    before = seconds * dice.share() * 0.5
    life.annoyance += 0.28 * math.log(chance)
    life.work(before)
    if dice.chance(0.97):
        life.assign()
    if life.category != opening.topic.id and dice.chance(0.6):
        life.file_under(opening.topic.id)
    if dice.chance(0.07):
        life.note()
    if dice.chance(0.04):
        life.customer_writes()
        life.raise_priority()
    life.work(seconds - before)
    if dice.chance(0.04):
        life.reply_of(dice.draw(life.day.roster[life.team]))
    else:
        life.reply()


def _await_customer(life: Life) -> bool:
    """Whether the customer answered; if not, the bot resolves the ticket weeks later."""
    life.turn(Status.PENDING)
    if life.dice.chance(0.15):
        life.wait(life.dice.between(20 * DAY, 70 * DAY))
        life.turn_by(Status.RESOLVED, BOT, ActorKind.BOT)
        return False
    life.wait(min(22 * HOUR * life.dice.spread(1.3), 18 * DAY))
    life.customer_writes()
    life.turn_by(Status.OPEN, life.opening.requester, ActorKind.CUSTOMER)
    return True


def _go_on(life: Life) -> None:
    life.work(MINUTE)


def _correspond(life: Life) -> None:
    life.customer_writes()
    life.work(2 * HOUR * life.dice.spread(0.9))
    life.reply()


def _hold(life: Life) -> None:
    """Wait for a supplier."""
    life.turn(Status.ON_HOLD)
    life.wait(min(18 * DAY * life.dice.spread(0.9), 60 * DAY))
    life.turn(Status.OPEN)


def _hand_over(life: Life) -> None:
    """Pass the ticket on; it starts anew there."""
    others = [team for team in ("technical", "enterprise", "integrations", "accounts") if team != life.team]
    life.note()
    life.hand_over(life.dice.pick(others))
    life.annoyance += 0.25
    life.work(5 * HOUR * _slowness(life) * life.dice.spread(0.8))
    life.reply()


_MIDDLES: Final[Weighted[Callable[[Life], None]]] = Weighted(
    [(_go_on, 48.0), (_correspond, 28.0), (_hold, 15.0), (_hand_over, 9.0)]
)


def _solve(life: Life) -> None:
    """From the first reply to the first resolution."""
    dice = life.dice
    if dice.chance(_ONE_TOUCH.get(life.opening.channel, 0.27)):
        life.wait(dice.between(MINUTE, 15 * MINUTE))
        life.turn(Status.RESOLVED)
        return
    chance = math.pow(life.worker.pace, 0.7) * _slowness(life) * dice.spread(1.3)
    seconds = _EFFORT[life.priority] * life.opening.topic.effort * chance
    life.annoyance += 0.22 * math.log(chance)
    if dice.chance(0.36):
        if not _await_customer(life):
            return
    else:
        life.turn(Status.OPEN)
    early = dice.share()
    life.work(seconds * early)
    dice.draw(_MIDDLES)(life)
    life.work(seconds * (1 - early))
    life.turn(Status.RESOLVED)


def _reopen(life: Life) -> None:
    """The customer is back before the ticket is closed."""
    life.wait(min(20 * HOUR * life.dice.spread(1.1), 4.9 * DAY))
    life.customer_writes()
    life.turn_by(Status.OPEN, life.opening.requester, ActorKind.CUSTOMER)
    life.annoyance += 0.9
    life.work(0.4 * _EFFORT[life.priority] * _slowness(life) * life.dice.spread(0.9))
    life.reply()
    life.turn(Status.RESOLVED)


def _ask_for_rating(life: Life) -> None:
    dice = life.dice
    life.wait(dice.between(MINUTE, HOUR))
    life.send_survey()
    if dice.chance(_ANSWERED):
        grudge = 2.4 if dice.chance(0.06) else 0.0
        feeling = 4.75 - grudge + life.worker.charm + life.day.mood - life.annoyance + 1.05 * dice.normal()
        score = max(1, min(5, round(feeling)))
        comment = dice.pick(comments_on(score)) if dice.chance(_COMMENTED) else None
        life.rate(min(7 * HOUR * dice.spread(1.2), 4 * DAY), score, comment)


def _close(life: Life) -> None:
    """Nobody came back for five to seven days."""
    life.rest(life.dice.between(5 * DAY, 7 * DAY))
    life.turn_by(Status.CLOSED, BOT, ActorKind.BOT)


def _usual(life: Life) -> None:
    if life.opening.channel in _ACKNOWLEDGED and life.dice.chance(0.22):
        life.wait(life.dice.between(5, MINUTE))
        life.bot_writes()
    _first_reply(life)
    _solve(life)
    while life.dice.chance(_REOPENED):
        _reopen(life)
    if life.dice.chance(_SURVEYED):
        _ask_for_rating(life)
    _close(life)


def _answered_by_bot(life: Life) -> None:
    """The bot's article was enough: resolved without a human reply."""
    life.wait(life.dice.between(5, MINUTE))
    life.bot_writes()
    life.wait(6 * HOUR * life.dice.spread(1.0))
    life.turn_by(Status.RESOLVED, BOT, ActorKind.BOT)
    _close(life)


def _overlooked(life: Life) -> None:
    """Nobody takes it for weeks, often for want of a team; a tidy-up finds it, and half still get an answer."""
    if life.dice.chance(0.6):
        life.opening = life.opening._replace(team=None)
    life.wait(life.dice.between(12 * DAY, 85 * DAY))
    if life.dice.chance(0.5):
        life.reply()
    else:
        life.note()
    life.turn(Status.RESOLVED)
    _close(life)


def _merged(life: Life) -> None:
    life.work(HOUR * life.dice.spread(1.0))
    life.note()
    life.turn(Status.MERGED)


def _spam(life: Life) -> None:
    life.opening = life.opening._replace(subject=life.dice.pick(SPAM), organization=None, tags=())
    life.wait(life.dice.between(MINUTE, 10 * HOUR))
    life.turn_by(Status.SPAM, BOT, ActorKind.BOT)


Story = Callable[[Life], None]

_STORIES: Final[Weighted[Story]] = Weighted(
    [(_usual, 90.4), (_answered_by_bot, 2.0), (_overlooked, 5.0), (_merged, 1.4), (_spam, 1.2)]
)
_INCIDENT_STORIES: Final[Weighted[Story]] = Weighted([(_usual, 90.0), (_merged, 10.0)])


def live(opening: Opening, day: Day, desk: Desk, dice: Dice) -> Life:
    """The ticket's whole life."""
    life = Life(opening, day, desk, dice)
    dice.draw(_INCIDENT_STORIES if opening.of_incident else _STORIES)(life)
    return life
