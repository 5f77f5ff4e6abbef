"""What would staff have cost? The program next to some hires, by assumptions that the reader may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.subjects.budget import words
from dashboard.subjects.budget.tables import Alternative
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, Counted, say
from data_access.questions.budget.costs import OutcomeCost

HIRES = Counted("{n} hire", "{n} hires")


@dataclass(frozen=True, slots=True)
class Hires:
    """The assumptions of “what would staff have cost?”: all of them in view, all of them the reader's to change."""

    hires: int
    yearly_cost: float
    events_a_week: float
    weeks: float
    attendance: float

    @property
    def cost(self) -> float:
        return self.hires * self.yearly_cost

    @property
    def events(self) -> float:
        return self.hires * self.events_a_week * self.weeks

    @property
    def attendees(self) -> float:
        return self.events * self.attendance


def alternatives(hires: Hires, costs: Mapping[str, OutcomeCost], share_gone: float) -> tuple[Alternative, Alternative]:
    """The program up to now, and so many hires over the same part of a year; missing where the program's is."""
    paid, events, attendees = costs["event"].paid, costs["event"].count, costs["attendee"].count
    return (
        _alternative("The program", None if paid is None else float(paid), events, attendees),
        _alternative(
            HIRES(hires.hires), hires.cost * share_gone, hires.events * share_gone, hires.attendees * share_gone
        ),
    )


def _alternative(who: str, cost: float | None, events: float | None, attendees: float | None) -> Alternative:
    def each(number: float | None) -> float | None:
        return cost / number if cost is not None and number else None

    return Alternative(who, cost, events, attendees, each(events), each(attendees))


def sentence(program: Alternative, hires: Alternative, currency: str) -> str:
    """Whether the hires' events would have cost more each than the program's."""
    ours, theirs = program.cost_per_event, hires.cost_per_event
    if not ours or theirs is None or hires.events is None:
        return "There is nothing to compare with yet."
    ratio = theirs / ours
    if ratio >= 1.05:
        template = "{hires} would have held {events} at {theirs} each, {ratio} times as much as the program’s {ours}."
    elif ratio > 0.95:
        template = "{hires} would have held {events} at {theirs} each, about as much as the program’s {ours}."
    else:
        template = "{hires} would have held {events} at {theirs} each, less than the program’s {ours}."
    return say(
        template,
        hires=hires.who,
        events=EVENTS(round(hires.events)),
        theirs=words.money_words(theirs, currency),
        ratio=numbers.number(ratio),
        ours=words.money_words(ours, currency),
    )
