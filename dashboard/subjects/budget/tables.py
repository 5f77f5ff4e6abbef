"""The budget's tables: what a page shows of its answers, under which headings."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NamedTuple

from data_access.answers import Amount, AnswerColumn, Count, Number, Text, columns_of


class CeilingCount(NamedTuple):
    """A row of `burn_distribution` as people read it."""

    state: Annotated[str, Text("Ceiling")]
    people: Annotated[int | None, Count("Middle of the range", "members", help="Empty: fewer than the minimum")]
    at_least: Annotated[int, Count("At least", "members")]
    at_most: Annotated[int, Count("At most", "members")]
    shown: Annotated[str, Text("Members")]


class Alternative(NamedTuple):
    """What the program, or some hires, cost and held."""

    who: Annotated[str, Text("Organized by")]
    cost: Annotated[float | None, Amount("Cost")]
    events: Annotated[float | None, Number("Events")]
    attendees: Annotated[float | None, Number("Attendees")]
    cost_per_event: Annotated[float | None, Amount("For an event")]
    cost_per_attendee: Annotated[float | None, Amount("For an attendee")]


def under(row: type[NamedTuple], **headings: str) -> list[AnswerColumn]:
    """The declared columns, some under headings that name what this page has chosen, such as the currency."""
    return [replace(column, heading=headings.get(column.name, column.heading)) for column in columns_of(row)]
