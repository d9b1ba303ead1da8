"""What the commands that make tokens and keys share: who is to hold them, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import click

from db.access import Role, Viewer
from db.errors import DeskgraphError

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MAX_TTL: Final = timedelta(days=3650)


class Duration(click.ParamType[timedelta]):
    """A number with its unit, such as 30m or 7d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration."""
        text = str(value)
        number, unit = text[:-1], _UNITS.get(text[-1:])
        if unit and number.isascii() and number.isdecimal() and 0 < len(number) < 10:
            found = timedelta(**{unit: int(number)})
            if timedelta() < found <= MAX_TTL:
                return found
        raise click.BadParameter(
            f"{text!r} is no duration. Give a number with s, m, h or d, such as 30m or 7d; at most {MAX_TTL.days}d.",
            ctx,
            param,
        )


def ttl_option(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option that says how long something holds."""
    told = "How long it holds, such as 30m, 12h or 7d."
    return click.option("--ttl", type=Duration(), default=default, show_default=True, help=told)


def holder_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a holder is; `viewer_of` reads them."""
    options = [
        click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="The role."),
        click.option("--agent", help="The agent's id; needed for the role agent."),
        click.option("--team", "teams", multiple=True, help="A team's id; repeatable; needed for the role team_lead."),
        click.option("--organization", help="The organization's id; needed for the role client."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def operator_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say as whom something is read, a manager by default; filters have the plainer names."""
    options = [
        click.option(
            "--role",
            type=click.Choice([role.value for role in Role]),
            default=Role.MANAGER.value,
            show_default=True,
            help="The role to read as.",
        ),
        click.option("--as-agent", help="The agent to read as; needed for the role agent."),
        click.option("--as-team", "as_teams", multiple=True, help="A team; repeatable; needed for the role team_lead."),
        click.option("--as-organization", help="The organization to read as; needed for the role client."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def viewer_of(subject: str, role: str, agent: str | None, teams: tuple[str, ...], organization: str | None) -> Viewer:
    """The viewer that the options describe.

    Raises: UsageError, where the role needs an option that is not given.
    """
    if not all(teams):
        raise click.UsageError("--team is empty. Give a team's id, or leave it out.")
    try:
        return Viewer(subject, Role(role), agent, teams, organization)
    except DeskgraphError:
        raise click.UsageError(
            f"The role {role} does not say whose tickets. team_lead needs --team, agent --agent, client --organization."
        ) from None
