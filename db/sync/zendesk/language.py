"""What a source file of a Zendesk may say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from db.domain import Channel
from db.sync.http.language import INTERVAL_SECONDS, WHOLE_SECONDS, Form, load_api
from db.sync.zendesk.reading import AI_TICKETS, POLICIES, RATINGS, SCHEDULES, ZendeskSource

FORM: Final = Form(
    kind="zendesk",
    token_env="ZENDESK_TOKEN",
    names_user=True,
    category=re.compile(r"none|type|group_id|brand_id|ticket_form_id|[0-9]{1,18}"),
    categories="none, type, group_id, brand_id, ticket_form_id, or the number of a custom field of tickets, in quotes",
    may_lack=(RATINGS, POLICIES, SCHEDULES, AI_TICKETS),
    numbers={
        "interval_seconds": INTERVAL_SECONDS,
        "whole_seconds": (600.0, *WHOLE_SECONDS),
    },
    words={"channels": frozenset(channel.word for channel in Channel), "zones": None},
)


def load(path: Path) -> ZendeskSource:
    """The source that a source file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    return ZendeskSource(load_api(path, FORM))
