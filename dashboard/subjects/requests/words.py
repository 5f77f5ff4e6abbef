"""Requests in words: the finding, the headline numbers, a request in a line, and each figure of a what-if."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.sentences import DAYS, Counted, listed, say
from data_access.geography.countries import country
from data_access.questions.requests.figures import (
    BOARD,
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
from data_access.questions.requests.totals import WaitingTotal
from data_access.selection import Role, Scope
from data_access.wording import amount_words

# Distinguished by shape and word, not by colour alone.
SIGNS = {FINE: "✓", WATCH: "▲", STOP: "✕", BOARD: "✕", UNKNOWN: "?"}
OVER, EXACT, NEAR, UNDER = "Over: for the board", "Exactly full", "Near", "Within"
EXCEPTION, NO_CEILING, NOT_KNOWN = "For the board", "No ceiling", "Not known"
WAITING = Counted("{n} request waits for a decision", "{n} requests wait for a decision")
OVER_THE_CEILING = Counted(
    "{n} would go over the ceiling: only the board can approve it.",
    "{n} would go over the ceiling: only the board can approve them.",
)


EXCEPTIONS = Counted(
    "{n} is by somebody who is not a graduated member: only the board can approve it.",
    "{n} are by people who are not graduated members: only the board can approve them.",
)


def finding(waiting: WaitingTotal, as_of: date) -> str:
    """How many wait, and for how long the oldest does."""
    if waiting.oldest_on is None:
        return "No request waits for a decision."
    return say(
        "{requests}; the oldest since {day} ({age}).",
        requests=WAITING(waiting.requests),
        day=waiting.oldest_on,
        age=DAYS((as_of - waiting.oldest_on).days),
    )


def more(waiting: WaitingTotal) -> str:
    """What only the board may approve, and what comes too late soon."""
    sentences = [
        OVER_THE_CEILING(waiting.over) if waiting.over else "",
        EXCEPTIONS(waiting.exceptions) if waiting.exceptions else "",
        say("For {n} the event is over already.", n=waiting.past) if waiting.past else "",
    ]
    return " ".join(filter(None, sentences))


def queue_words(scope: Scope) -> str:
    """What can be done with a row of the queue."""
    if scope.role is Role.BOARD:
        return "Select a row to see what it would do. What stays within a ceiling is decided by the program manager."
    return "Select a row to see what it would do, and to decide it."


def headlines(waiting: WaitingTotal, unpaid: WaitingTotal, currency: str, as_of: date) -> list[Headline]:
    """Waiting, the oldest, what they add up to, for the board, approved and not paid."""
    oldest = DAYS((as_of - waiting.oldest_on).days) if waiting.oldest_on else "–"
    return [
        Headline("Wait for a decision", numbers.number(waiting.requests)),
        Headline("Oldest", oldest),
        Headline("Requested", _total(waiting, currency)),
        Headline("For the board", numbers.number(waiting.over + waiting.exceptions), note="over a ceiling, or without"),
        Headline("Approved, not paid", numbers.number(unpaid.requests), note=_total(unpaid, currency)),
    ]


def _total(waiting: WaitingTotal, currency: str) -> str:
    total = numbers.money(waiting.amount, currency) if currency and waiting.amount is not None else "–"
    missing = waiting.without_rate
    return say("{total} + {n} without a rate", total=total, n=missing) if missing else total


def amount(row: QueuedRequest) -> Decimal:
    """What is approved, or else requested, in the request's own currency."""
    return row.requested_amount if row.approved_amount is None else row.approved_amount


def ceiling_words(row: QueuedRequest) -> str:
    """Where the request would leave the member's ceiling."""
    if row.over:
        return OVER
    if row.for_board:
        return EXCEPTION
    if row.ceiling is None:
        return NO_CEILING
    if row.over is None:
        return NOT_KNOWN
    if row.share_after is None:
        return EXACT
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


# By whether the city and the country are known.
_PLACES = {(True, True): "{city}, {country}", (True, False): "{city}", (False, True): "{country}"}
# By when it is and whether its place is known.
_EVENT = {
    ("ahead", True): "The event is on {day} in {place}: {days} from now.",
    ("ahead", False): "The event is on {day}: {days} from now.",
    ("today", True): "The event is today, in {place}.",
    ("today", False): "The event is today.",
    ("over", True): "The event is over: it was on {day} in {place}, {days} ago.",
    ("over", False): "The event is over: it was on {day}, {days} ago.",
}


def event(row: QueuedRequest) -> str:
    """When and where the event is, and whether it is over; says so where no event is known."""
    if row.starts_on is None or row.days_to_event is None:
        return "No event is recorded for this request."
    found = country(row.country) if row.country else None
    known = (bool(row.city), found is not None)
    place = say(_PLACES[known], city=row.city or "", country=found.name if found else "") if any(known) else ""
    when = "today" if row.days_to_event == 0 else "ahead" if row.days_to_event > 0 else "over"
    return say(_EVENT[when, bool(place)], day=row.starts_on, place=place, days=DAYS(abs(row.days_to_event)))


def is_over(row: QueuedRequest) -> bool:
    """Whether the event began before the day that is looked at."""
    return row.days_to_event is not None and row.days_to_event < 0


def place_in_queue(row: QueuedRequest, queue: Sequence[QueuedRequest], total: int) -> str:
    """`Request 3 of 14 that wait, oldest first`; nothing for one that is not in the list."""
    keys = [each.request_key for each in queue]
    if row.request_key not in keys:
        return ""
    return say("Request {at} of {n} that wait, oldest first", at=keys.index(row.request_key) + 1, n=total)


def verdict(figures: Sequence[WhatIfFigure]) -> str:
    """What the figures come to, in one sentence."""
    if any(figure.verdict == BOARD for figure in figures):
        return "This is for the board."
    over = [figure.label.lower() for figure in figures if figure.verdict == STOP]
    close = [figure.label.lower() for figure in figures if figure.verdict == WATCH]
    if over:
        return say("More than there is: {figures}.", figures=listed(over))
    return say("Look closer at: {figures}.", figures=listed(close)) if close else "Nothing stands out."


def decision_words(row: RequestDecision, note: str) -> str:
    """A decision in a line, with its reason where one is kept."""
    template = "{who}: {what} ({reason})" if note else "{who}: {what}"
    return say(template, who=row.name or row.request_key, what=row.words, reason=note)
