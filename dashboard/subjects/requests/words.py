"""Requests in words: the finding, the headline numbers, a request in a line, and each figure of a what-if."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.sentences import DAYS, Counted, listed, say
from data_access.questions.requests.figures import (
    COUNT,
    FINE,
    KM,
    MONEY,
    RATIO,
    SHARE,
    STOP,
    UNKNOWN,
    WATCH,
    WhatIfFigure,
)
from data_access.questions.requests.queue import QueuedRequest, RequestDecision
from data_access.wording import amount_words

# Distinguished by shape and word, not by colour alone.
SIGNS = {FINE: "✓", WATCH: "▲", STOP: "✕", UNKNOWN: "?"}
OVER, EXACT, NEAR, UNDER, NO_CEILING = "Over: for the board", "Exactly full", "Near", "Within", "Not known"
WAITING = Counted("{n} request waits for a decision", "{n} requests wait for a decision")
OVER_THE_CEILING = Counted(
    "{n} would go over the ceiling: only the board can approve it.",
    "{n} would go over the ceiling: only the board can approve them.",
)


def finding(queue: Sequence[QueuedRequest]) -> str:
    """How many wait, and for how long the oldest does."""
    if not queue:
        return "No request waits for a decision."
    oldest = queue[0]
    return say(
        "{requests}; the oldest since {day} ({age}).",
        requests=WAITING(len(queue)),
        day=oldest.requested_on,
        age=DAYS(oldest.age_days or 0),
    )


def more(queue: Sequence[QueuedRequest]) -> str:
    """What only the board may approve, and what comes too late soon."""
    over, past = _over(queue), sum(1 for row in queue if row.days_to_event is not None and row.days_to_event < 0)
    sentences = [
        OVER_THE_CEILING(over) if over else "",
        say("For {n} the event is over already.", n=past) if past else "",
    ]
    return " ".join(filter(None, sentences))


def _over(queue: Sequence[QueuedRequest]) -> int:
    return sum(1 for row in queue if row.over)


def headlines(queue: Sequence[QueuedRequest], unpaid: Sequence[QueuedRequest], currency: str) -> list[Headline]:
    """Waiting, the oldest, what they add up to, over the ceiling, approved and not paid."""
    oldest = DAYS(max(row.age_days or 0 for row in queue)) if queue else "–"
    return [
        Headline("Wait for a decision", numbers.number(len(queue))),
        Headline("Oldest", oldest),
        Headline("Requested", _total(queue, currency)),
        Headline("Over the ceiling", numbers.number(_over(queue)), note="for the board to approve"),
        Headline("Approved, not paid", numbers.number(len(unpaid)), note=_total(unpaid, currency)),
    ]


def _total(queue: Sequence[QueuedRequest], currency: str) -> str:
    known = [row.amount for row in queue if row.amount is not None]
    total = numbers.money(sum(known, Decimal(0)), currency) if currency else "–"
    missing = len(queue) - len(known)
    return say("{total} + {n} without a rate", total=total, n=missing) if missing else total


def amount(row: QueuedRequest) -> Decimal:
    """What is approved, or else requested, in the request's own currency."""
    return row.requested_amount if row.approved_amount is None else row.approved_amount


def ceiling_words(row: QueuedRequest) -> str:
    """Where the request would leave the member's ceiling."""
    if row.share_after is None:
        return NO_CEILING
    if row.over:
        return OVER
    return EXACT if row.share_after == 1 else NEAR if row.share_after >= 0.9 else UNDER


def value_words(figure: WhatIfFigure, currency: str) -> str:
    """A figure's value with its unit: `87%`, `$1,020`, `1,240 km`; a dash for what is not known."""
    value = figure.value
    if value is None:
        return "–"
    if figure.unit == MONEY:
        return numbers.money(value, currency)
    if figure.unit == SHARE:
        return numbers.percent(float(value))
    if figure.unit == KM:
        return say("{km} km", km=round(value))
    if figure.unit == RATIO:
        return say("{ratio} ×", ratio=numbers.ratio(value))
    return numbers.number(value) if figure.unit == COUNT else str(value)


# By whether the purpose and the event are recorded.
_TITLES = {
    (True, True): "{name} requests {amount} for {category}: “{event}”.",
    (True, False): "{name} requests {amount} for {category}.",
    (False, True): "{name} requests {amount}: “{event}”.",
    (False, False): "{name} requests {amount}.",
}


def title(row: QueuedRequest) -> str:
    """The request in a line: who requests what, for which event."""
    return say(
        _TITLES[bool(row.category), bool(row.title)],
        name=row.name or row.person_key,
        amount=amount_words(amount(row), row.currency),
        category=row.category or "",
        event=row.title or "",
    )


def verdict(figures: Sequence[WhatIfFigure]) -> str:
    """What the figures come to, in one sentence."""
    over = [figure.label.lower() for figure in figures if figure.verdict == STOP]
    close = [figure.label.lower() for figure in figures if figure.verdict == WATCH]
    if over:
        return say("More than there is: {figures}.", figures=listed(over))
    return say("Look closer at: {figures}.", figures=listed(close)) if close else "Nothing stands out."


def decision_words(row: RequestDecision, note: str) -> str:
    """A decision in a line, with its reason where one is kept."""
    template = "{who}: {what} ({reason})" if note else "{who}: {what}"
    return say(template, who=row.name or row.request_key, what=row.words, reason=note)
