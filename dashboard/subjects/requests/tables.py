"""The request desk's tables: the queue as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.subjects.requests import words
from data_access import answers
from data_access.answers import Code, Count, Key, Number, Share, Text
from data_access.questions.requests.queue import QueuedRequest
from data_access.wording import amount_words


class WaitingRequest(NamedTuple):
    """A request of the queue, its amount and ceiling in words."""

    request_key: Annotated[str, Key("Request")]
    name: Annotated[str, Text("Member")]
    age_days: Annotated[int | None, Count("Age in days", "days")]
    requested: Annotated[str, Text("Amount")]
    share_after: Annotated[float | None, Share("Of the ceiling")]
    ceiling: Annotated[str, Text("Ceiling after")]
    title: Annotated[str | None, Text("Event")]
    days_to_event: Annotated[int | None, Number("Days to event", help="Negative: it is over")]
    category: Annotated[str | None, Code("For")]
    person_key: Annotated[str, Key("Member’s key")]
    event_key: Annotated[str | None, Key("Event’s key")]


# What a page shows: keys say nothing to a reader; the download has them.
SHOWN = [name for name in WaitingRequest._fields if not name.endswith("_key")]
WIDTHS = {
    "name": 150,
    "age_days": 85,
    "requested": 120,
    "share_after": 100,
    "ceiling": 145,
    "title": 185,
    "days_to_event": 100,
}


def waiting(queue: Iterable[QueuedRequest]) -> pd.DataFrame:
    """The queue as people read it, one row a request."""
    rows = [
        WaitingRequest(
            row.request_key,
            row.name or row.person_key,
            row.age_days,
            amount_words(words.amount(row), row.currency),
            row.share_after,
            words.ceiling_words(row),
            row.title,
            row.days_to_event,
            row.category,
            row.person_key,
            row.event_key,
        )
        for row in queue
    ]
    return answers.table(WaitingRequest, rows)
