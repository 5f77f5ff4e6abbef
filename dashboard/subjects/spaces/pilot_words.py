"""Pilots, in words: the clock, the verdict against other spaces, and how far the roadmap is."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, SPACES, Counted, say
from data_access.questions.spaces.pilots import (
    ALIKE,
    FEWER,
    MORE,
    NO_OTHERS,
    OVER,
    PLANNED,
    RUNNING,
    TOO_EARLY,
    PilotNewcomers,
    SpaceNote,
    SpacePilot,
)

EVENT_VERDICTS = {
    MORE: "More events a week than the other spaces, beyond chance.",
    FEWER: "Fewer events a week than the other spaces, beyond chance.",
    ALIKE: "Whether it holds more or fewer events than the other spaces cannot be told yet.",
    TOO_EARLY: "Too early to compare it with other spaces.",
    NO_OTHERS: "No other space was open in these days.",
}
NEWCOMER_VERDICTS = {
    MORE: "It brings more newcomers an event than they do, beyond chance.",
    FEWER: "It brings fewer newcomers an event than they do, beyond chance.",
    ALIKE: "Whether it brings more or fewer newcomers an event cannot be told.",
    TOO_EARLY: "",
    NO_OTHERS: "",
}
# In the cells of a table.
VERDICT_WORDS = {
    MORE: "more",
    FEWER: "fewer",
    ALIKE: "cannot be told apart",
    TOO_EARLY: "too early",
    NO_OTHERS: "no others",
}
_CLOCK = {
    PLANNED: "The pilot begins on {first} and lasts {days}.",
    RUNNING: "Day {day} of {days}: {held} held, {due} due by now, {target} in all by {last}.",
    OVER: "Over since {last}: {held} held, {target} were the target.",
}
DAYS_LONG = Counted("{n} day", "{n} days")
LATE = Counted("{n} step is late", "{n} steps are late")


def running(pilots: Sequence[SpacePilot]) -> list[SpacePilot]:
    """Those whose clock runs."""
    return [row for row in pilots if row.state == RUNNING]


def clock(row: SpacePilot) -> str:
    """`Day 71 of 90: 6 events held, 10 due by now, 13 in all by 4 October 2026.`"""
    return say(
        _CLOCK[row.state],
        day=row.day,
        days=row.days if row.state == RUNNING else DAYS_LONG(row.days),
        held=EVENTS(row.held),
        due=row.due,
        target=row.target,
        first=row.starts_on,
        last=row.ends_on,
    )


def tile(row: SpacePilot) -> Headline:
    """The clock as a headline number."""
    value = say("Day {day} of {days}", day=row.day, days=row.days)
    if row.needed:
        pace = numbers.tenths(row.needed)
        note = say("{held} of {target} events; {pace} a week needed", held=row.held, target=row.target, pace=pace)
    else:
        note = say("{held} of {target} events", held=row.held, target=row.target)
    return Headline(say("Pilot: {space}", space=short(row.name, 24)), value, note=note)


def verdict(row: SpacePilot, people: PilotNewcomers | None) -> str:
    """How it compares: events for all, newcomers for who is inside."""
    said = [EVENT_VERDICTS[row.verdict]]
    if row.others_per_week is not None and row.per_week is not None:
        said.append(
            say(
                "{own} a week, {others} at {spaces} in the same days.",
                own=numbers.ratio(row.per_week),
                others=numbers.ratio(row.others_per_week),
                spaces=SPACES(row.others),
            )
        )
    if people is not None:
        said.append(NEWCOMER_VERDICTS[people.verdict])
    return " ".join(filter(None, said))


def roadmap(notes: Sequence[SpaceNote]) -> str:
    """`2 of 7 steps are done, 3 steps are late.`"""
    steps = [row for row in notes if row.kind == "roadmap"]
    if not steps:
        return "No roadmap is recorded."
    done, late = sum(row.state == "done" for row in steps), sum(row.state == "late" for row in steps)
    if late:
        return say("Roadmap: {done} of {all} steps are done, {late}.", done=done, all=len(steps), late=LATE(late))
    return say("Roadmap: {done} of {all} steps are done, none is late.", done=done, all=len(steps))
