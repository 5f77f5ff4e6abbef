"""Requests in words: the finding, the headline numbers, the queue as a table, and each figure of a what-if."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.subjects.teams.words import present
from dashboard.words import numbers
from dashboard.words.text import counted
from data_access.questions.frames import records
from data_access.questions.requests.what_if import COUNT, FINE, KM, MONEY, RATIO, SHARE, STOP, UNKNOWN, WATCH
from data_access.recorded import amount_words

# Told apart by shape and word, not by colour alone.
SIGNS = {FINE: "✓", WATCH: "▲", STOP: "✕", UNKNOWN: "?"}
OVER, EXACT, NEAR, UNDER, NO_CEILING = "Over: the board’s", "Exactly full", "Near", "Within", "Not known"


def finding(queue: pd.DataFrame) -> str:
    """How many wait, and for how long the oldest does."""
    if queue.empty:
        return "No request waits for a decision."
    oldest = queue.iloc[0]
    waits = "waits" if len(queue) == 1 else "wait"
    return (
        f"{counted(len(queue), 'request')} {waits} for a decision; the oldest since "
        f"{numbers.day(oldest['requested_on'])} ({counted(int(oldest['age_days']), 'day')})."
    )


def more(queue: pd.DataFrame) -> str:
    """What only the board may approve, and what comes too late soon."""
    over = int(queue["over"].fillna(False).sum())
    past = int((queue["days_to_event"] < 0).fillna(False).sum())
    said = []
    if over:
        said.append(f"{over} would go over the ceiling: only the board can approve {'it' if over == 1 else 'them'}.")
    if past:
        said.append(f"For {past} the event is over already.")
    return " ".join(said)


def headlines(queue: pd.DataFrame, unpaid: pd.DataFrame, currency: str) -> list[Headline]:
    """Waiting, the oldest, what they ask for, over the ceiling, approved and not paid."""
    oldest = int(queue["age_days"].max()) if len(queue) else 0
    return [
        Headline("Wait for a decision", numbers.number(len(queue))),
        Headline("Oldest", f"{numbers.number(oldest)} days" if len(queue) else "–"),
        Headline("They ask for", *_total(queue, currency)),
        Headline(
            "Over the ceiling", numbers.number(int(queue["over"].fillna(False).sum())), note="the board’s to approve"
        ),
        Headline("Approved, not paid", numbers.number(len(unpaid)), note=_total(unpaid, currency)[0]),
    ]


def _total(queue: pd.DataFrame, currency: str) -> tuple[str, str]:
    known = [amount for amount in queue["amount"] if present(amount) is not None]
    words = numbers.money(sum(known, Decimal(0)), currency) if currency else "–"
    missing = len(queue) - len(known)
    return (words, "") if not missing else (f"{words} + {missing} without a rate", "")


def listed(queue: pd.DataFrame) -> pd.DataFrame:
    """The queue as people read it, one row a request."""
    rows = [
        {
            "request_key": row["request_key"],
            "name": row["name"] or row["person_key"],
            "age_days": row["age_days"],
            "requested": amount_words(_asked(row), row["currency"]),
            "category": row["category"],
            "title": row["title"],
            "days_to_event": row["days_to_event"],
            "ceiling": _ceiling(row),
            "share_after": row["share_after"],
        }
        for row in records(queue)
    ]
    columns = ["request_key", "name", "age_days", "requested", "share_after", "ceiling", "title", "days_to_event"]
    return pd.DataFrame(rows, columns=[*columns, "category"])


def _asked(row: dict[str, Any]) -> Decimal:
    approved = present(row["approved_amount"])
    return Decimal(row["requested_amount"] if approved is None else approved)


def _ceiling(row: dict[str, Any]) -> str:
    share = present(row["share_after"])
    if share is None:
        return NO_CEILING
    if row["over"]:
        return OVER
    return EXACT if share == 1 else NEAR if share >= 0.9 else UNDER


def value_words(row: dict[str, Any], currency: str) -> str:
    """A figure's value with its unit: `87%`, `$1,020`, `1,240 km`; a dash for what is not known."""
    value = present(row["value"])
    if value is None:
        return "–"
    if row["unit"] == MONEY:
        return numbers.money(value, currency)
    if row["unit"] == SHARE:
        # Rounded to 100% it would look as if it were not over.
        return f"{value * 100:.1f}%" if 0.99 < value < 1.01 and value != 1 else numbers.percent(value)
    if row["unit"] == KM:
        return f"{numbers.number(round(value))} km"
    if row["unit"] == RATIO:
        return f"{value:.2f} ×"
    return numbers.number(value) if row["unit"] == COUNT else str(value)


def title(row: dict[str, Any]) -> str:
    """The request in a line: who asks for what, for which event."""
    what = f"{row['name'] or row['person_key']} asks for {amount_words(_asked(row), row['currency'])}"
    kind = f" for {row['category']}" if present(row["category"]) else ""
    event = f", “{row['title']}”" if present(row["title"]) else ""
    return f"{what}{kind}{event}."


def verdict(figures: pd.DataFrame) -> str:
    """What the figures come to, in one sentence."""
    over = [str(label).lower() for label in figures.loc[figures["verdict"] == STOP, "label"]]
    close = [str(label).lower() for label in figures.loc[figures["verdict"] == WATCH, "label"]]
    if over:
        return f"More than there is: {', '.join(over)}."
    return f"Look closer at: {', '.join(close)}." if close else "Nothing stands out."
