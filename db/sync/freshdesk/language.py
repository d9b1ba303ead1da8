"""What a source file of a Freshdesk may say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from db.domain import Channel, Status
from db.sync.freshdesk.reading import CONVERSATIONS, RATINGS, FreshdeskSource
from db.sync.http.language import INTERVAL_SECONDS, OVERLAP_SECONDS, WHOLE_SECONDS, Form, load_api

FORM: Final = Form(
    kind="freshdesk",
    token_env="FRESHDESK_TOKEN",
    names_user=False,
    category=re.compile(r"none|type|group_id|product_id|cf_[a-z0-9_]+"),
    categories="none, type, group_id, product_id, or the key of a custom field of tickets, such as cf_topic",
    may_lack=(RATINGS, CONVERSATIONS),
    numbers={
        "interval_seconds": INTERVAL_SECONDS,
        "overlap_seconds": OVERLAP_SECONDS,
        "whole_seconds": (3_600.0, *WHOLE_SECONDS),
    },
    words={
        "channels": frozenset(channel.word for channel in Channel),
        "statuses": frozenset(status.word for status in Status),
    },
)


def load(path: Path) -> FreshdeskSource:
    """The source that a source file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    return FreshdeskSource(load_api(path, FORM))
