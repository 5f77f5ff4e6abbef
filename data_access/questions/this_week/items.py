"""A thing that is due: its kinds, from when on each is listed and why then, and which of them comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

from data_access.answers import AS_IT_IS, Amount, Code, Count, Day, Key, Number, Text

KINDS = (
    REQUEST, BOARD_REQUEST, AT_RISK, MISSED, UNMARKED, DISPUTE, APPLICATION, BUDGET, TARGET, PILOT, READY, STALLED,
    STALE, SOURCE, REFUSED,
) = (
    "request", "board_request", "at_risk", "missed", "unmarked", "dispute", "application", "budget", "target", "pilot",
    "ready", "stalled", "stale", "source", "refused",
)  # fmt: skip
FOR_THE_BOARD = frozenset({BOARD_REQUEST, DISPUTE, BUDGET, TARGET, PILOT})
OVER = "over"

MOST = 10
# So many of a kind, before another kind would be left out for them.
OF_A_KIND = 2
# An event and the journey to it are made ready in four weeks.
AHEAD = 28
# Half a quarter: before, everybody who has not begun yet would be named.
FLOOR_DAYS = 45
# What came of an event is remembered for two weeks; after a quarter nobody asks any more.
MARKED_WITHIN, ASKED_FOR = 14, 90
# A dispute is told of before its sixty days are over.
DISPUTE_AHEAD = 14
# Two misses in a row are no bad quarter any more.
MISSES = 2
# What was not imported for two weeks is older than what is decided by it.
STALE_AFTER = 14
# A pilot's verdict is made within two weeks of its end, and missed for a quarter.
VERDICT_WITHIN, VERDICT_FOR = 14, 90
BUDGET_AHEAD = 60
# Who has waited for a year is not coming any more: the Members page still lists them.
WAITED_FOR = 365
# An event is made ready in two weeks: so much before the quarter's end it is too late for one more.
LEAD = {AT_RISK: 14, MISSED: 14}

_THIS_WEEK, _NO_DAY, _TOO_LATE = 7, 14, 21


class DueItem(NamedTuple):
    kind: Annotated[
        str,
        Code(
            "What",
            help="request, board_request (only the board can approve it), at_risk, missed, unmarked (an event), "
            "dispute, application, budget, target, pilot, ready or stalled (a team), stale (data), source (a live "
            "one), refused (an import)",
        ),
    ]
    key: Annotated[str, Key("Key", help="Of the request, person, event, dispute, application, year, space or team")]
    person: Annotated[str | None, Key("Person’s key", help="Whom it is about")]
    name: Annotated[str | None, Text("Person")]
    team: Annotated[str, Key("Team key", help="Empty: about no single team")]
    event_key: Annotated[str | None, Key("Event’s key", help="Empty: about no single event")]
    title: Annotated[str | None, Text("About", help="The event, team, space, target or cohort")]
    due_on: Annotated[date | None, Day("Too late after", help="Empty: no day, only a loss with each week")]
    days: Annotated[int | None, Number("Days left", help="Negative: so many days late")]
    age: Annotated[int | None, Count("Age in days", "days", help="For how long it waits, lasts or stands")]
    amount: Annotated[Decimal | None, Amount("Amount", help="In its own currency")]
    currency: Annotated[str | None, Code("Currency")]
    done: Annotated[float | None, Number("So far", decimals=AS_IT_IS, help="Events, or of the target’s measure")]
    needed: Annotated[float | None, Number("Needed", decimals=AS_IT_IS, help="Of the same")]
    more: Annotated[
        int | None,
        Number(
            "And",
            help="At risk: past events not marked; missed: quarters in a row; unmarked: who waits for it; "
            "refused: errors",
        ),
    ]
    state: Annotated[str | None, Code("State", help="Its stage, step, measure or state")]
    in_all: Annotated[int, Count("Of its kind", "things", help="That are due, listed or not")]


def item(kind: str, key: str, **about: object) -> DueItem:
    """A thing of which the rest is not known, or means nothing."""
    unknown: dict[str, object] = dict.fromkeys(DueItem._fields) | {"team": "", "in_all": 1}
    return DueItem(**(unknown | {"kind": kind, "key": key} | about))  # type: ignore[arg-type]  # named as its fields


def days_left(due_on: date, as_of: date) -> int:
    """How many days it is not too late yet; negative: it is, for so many."""
    return (due_on - as_of).days


def _soon(thing: DueItem) -> tuple[int, int, int, str]:
    """What has a day comes by it, what has waited too long is of this week, what cannot be saved comes last."""
    if thing.days is None:
        days = _NO_DAY
    elif thing.days >= 0:
        days = max(thing.days - LEAD.get(thing.kind, 0), 0)
    else:
        days = _TOO_LATE if thing.state == OVER else _THIS_WEEK
    return days, KINDS.index(thing.kind), thing.days or 0, thing.key


def ranked(things: Iterable[DueItem]) -> list[DueItem]:
    """The sooner too late the earlier."""
    return sorted(things, key=_soon)


def most_urgent(things: Sequence[DueItem], most: int = MOST) -> list[DueItem]:
    """So many of them, ranked: of each kind the first two, then whatever comes first."""
    first: list[DueItem] = []
    later: list[DueItem] = []
    taken: dict[str, int] = {}
    for thing in ranked(things):
        taken[thing.kind] = taken.get(thing.kind, 0) + 1
        (first if taken[thing.kind] <= OF_A_KIND else later).append(thing)
    return ranked((first + later)[:most])
