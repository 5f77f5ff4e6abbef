"""Spaces, in words: who keeps the schedule, where newcomers are lost, and what was reported against what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dashboard.parts import aims
from dashboard.parts.labels import short
from dashboard.parts.shapes import Headline
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, PEOPLE, SPACES, Counted, listed, say
from data_access.questions.impact.targets import BASE, THROUGH_SPACES, TargetProgress, named_metric
from data_access.questions.spaces import newcomers as bridge
from data_access.questions.spaces.newcomers import BridgeStep, SpaceNewcomers
from data_access.questions.spaces.schedule import CLOSED, PLANNED, SpaceSchedule
from data_access.selection import EARLIEST, LATEST, Period, Selection

AIMED = Counted("{n} new active contributor that is the goal", "{n} new active contributors that are the goal")
BEHIND = Counted("{n} event behind", "{n} events behind")
AHEAD = Counted("{n} event ahead", "{n} events ahead")
STEPS = {
    bridge.GOAL: "The goal of the year",
    bridge.NOT_OPEN: "Spaces not open the whole year",
    bridge.TIME_LEFT: "The rest of the year",
    bridge.TOO_FEW_EVENTS: "Too few events",
    bridge.MORE_EVENTS: "More events than due",
    bridge.TOO_FEW_NEW: "Events that brought too few newcomers",
    bridge.MORE_NEW: "Events that brought more newcomers",
    bridge.NOT_YET: "Newcomers who may yet become active",
    bridge.NOT_ACTIVE: "Newcomers who did not become active",
    bridge.REACHED: "New active contributors",
}
# What can still be won is no loss.
STILL_OPEN = (bridge.TIME_LEFT, bridge.NOT_YET)
LOST = "{reached} of {people} came. Most are lost to {step} ({lost}), above all at {space} ({there})."
# As they stand within a sentence.
_LOST_TO = {
    bridge.NOT_OPEN: "spaces that were not open the whole year",
    bridge.TOO_FEW_EVENTS: "events that were not held",
    bridge.TOO_FEW_NEW: "events that brought too few newcomers",
    bridge.NOT_ACTIVE: "newcomers who did not become active",
}


def year_selection(asked: Selection, opening: Selection) -> Selection:
    """The year of the period that was chosen; else the one of today. Of the filters the spaces count."""
    period = asked.period if asked.period != opening.period else Period(EARLIEST, LATEST)
    return Selection(period, asked.as_of, space=asked.space)


def of_year(selection: Selection, rows: Sequence[SpaceSchedule]) -> Selection:
    """The same for that year alone, whatever the spaces: what its targets are asked for with."""
    year = Period(rows[0].year_starts, rows[0].year_ends + timedelta(days=1))
    return Selection(year, selection.as_of)


def is_of_spaces(row: TargetProgress) -> bool:
    """Whether a target is a space's own, or of what all of them bring."""
    return aims.scope_of(row.scope)[0] == "space" or named_metric(row.metric) in (BASE, THROUGH_SPACES)


def year_words(rows: Sequence[SpaceSchedule], selection: Selection) -> str:
    """`1 January 2026 to 31 December 2026, as of 15 September 2026`."""
    if not rows:
        return say("As of {day}", day=selection.as_of)
    first, last = rows[0].year_starts, rows[0].year_ends
    if selection.as_of > last:
        return say("{first} to {last}", first=first, last=last)
    return say("{first} to {last}, as known on {day}", first=first, last=last, day=selection.as_of)


def finding(rows: Sequence[SpaceSchedule]) -> str:
    """How many spaces hold what is due, and who is furthest behind."""
    active = [row for row in rows if row.state not in (CLOSED, PLANNED)]
    if not active:
        return "No space is open in this year."
    keeping = [row for row in active if row.gap >= 0]
    held, due = sum(row.held for row in active), sum(row.due for row in active)
    if len(keeping) == len(active):
        return say(
            "{spaces} hold their schedule: {events}, {due} were due.",
            spaces=SPACES(len(active)),
            events=EVENTS(held),
            due=due,
        )
    worst = min(active, key=lambda row: (row.gap, row.name))
    return say(
        "{keeping} of {spaces} hold their schedule; {worst} is furthest behind, by {events}.",
        keeping=len(keeping),
        spaces=SPACES(len(active)),
        worst=short(worst.name),
        events=EVENTS(-worst.gap),
    )


def more(rows: Sequence[SpaceSchedule], steps: Sequence[BridgeStep]) -> str:
    """Where the newcomers are lost; for who may not know, how all spaces together stand."""
    said = bridge_finding(steps)
    if said:
        return said
    held, due = sum(row.held for row in rows), sum(row.due for row in rows)
    if not rows:
        return ""
    return say("All together: {events} held, {due} due by now.", events=EVENTS(held), due=due)


def bridge_finding(steps: Sequence[BridgeStep]) -> str:
    """How much of the goal came, and where most of it is lost."""
    by_step = {row.step: row for row in steps}
    if bridge.GOAL not in by_step or not by_step[bridge.GOAL].people:
        return ""
    goal, reached = by_step[bridge.GOAL].people, by_step[bridge.REACHED].people
    lost = [row for row in steps if row.step in _LOST_TO and row.people < 0]
    if not lost:
        return say("{reached} of {people} came.", reached=reached, people=AIMED(goal))
    worst = min(lost, key=lambda row: row.people)
    return say(
        LOST,
        reached=reached,
        people=AIMED(goal),
        step=_LOST_TO[worst.step],
        lost=-worst.people,
        space=short(worst.largest or ""),
        there=-(worst.largest_people or 0),
    )


def headlines(rows: Sequence[SpaceSchedule], steps: Sequence[BridgeStep]) -> list[Headline]:
    """Spaces open, events held, weeks on target, and, inside, who came and became active."""
    active = [row for row in rows if row.state not in (CLOSED, PLANNED)]
    held, due = sum(row.held for row in rows), sum(row.due for row in rows)
    in_year = sum(row.due_in_year for row in rows)
    needed = sum(row.needed or 0 for row in rows)
    weeks, met = sum(row.weeks for row in rows), sum(row.weeks_met for row in rows)
    if needed:
        ahead = say("{due} in the year: {needed} a week needed", due=in_year, needed=numbers.tenths(needed))
    else:
        ahead = say("{due} in the year", due=in_year)
    made = [
        Headline("Spaces open", numbers.number(len(active)), note=_targets_words(rows)),
        Headline("Events held", numbers.number(held), _gap_words(held - due), _direction(held - due), ahead),
        Headline(
            "Weeks on target",
            numbers.percent(met / weeks) if weeks else "–",
            note=say("{met} of {weeks} weeks, of all spaces", met=met, weeks=weeks),
        ),
    ]
    by_step = {row.step: row.people for row in steps}
    if by_step.get(bridge.GOAL):
        note = say("contributors, of a goal of {goal}", goal=by_step[bridge.GOAL])
        made.append(Headline("Newly active", numbers.number(by_step[bridge.REACHED]), note=note))
    return made


def _targets_words(rows: Sequence[SpaceSchedule]) -> str:
    """What each is to hold, where they have one target."""
    targets = {(row.target_week, row.target_year) for row in rows}
    if len(targets) != 1:
        return "each with targets of its own"
    [(week, year)] = targets
    return say("each to hold {week} a week, {year} a year", week=week, year=year)


def _gap_words(gap: int) -> str:
    if not gap:
        return "as many as are due by now"
    return BEHIND(-gap) if gap < 0 else AHEAD(gap)


def _direction(gap: int) -> int:
    return (gap > 0) - (gap < 0)


def space_words(row: SpaceSchedule) -> str:
    """`11 held, 23 due: 12 events behind`."""
    if row.state == PLANNED:
        return "not open yet"
    return say("{held} held, {due} due: {gap}", held=row.held, due=row.due, gap=_gap_words(row.gap))


def gap_words(row: SpaceSchedule) -> str:
    """`12 behind`, `10 ahead`, `on schedule`: short enough for a phone."""
    if row.state == PLANNED:
        return "not open yet"
    if not row.gap:
        return "on schedule"
    return say("{n} behind", n=-row.gap) if row.gap < 0 else say("{n} ahead", n=row.gap)


def is_alarming(row: SpaceSchedule) -> bool:
    """Whether a space is behind by more than a week, and can still do something about it."""
    return row.gap < -row.target_week and bool(row.needed)


def step_words(row: BridgeStep) -> str:
    """`−45 at 7 spaces, most at Portland (−12)`; of the goal and of what is reached only how many."""
    if row.largest is None:
        return numbers.number(row.people)
    if row.spaces == 1:
        return say("{people} at {space}", people=numbers.signed(row.people), space=short(row.largest))
    return say(
        "{people}, most at {space} ({there})",
        people=numbers.signed(row.people),
        space=short(row.largest),
        there=numbers.signed(row.largest_people or 0),
    )


MOST_NAMED = 3
DISAGREE = "Events report {reported} newcomers; contributions show {attributed}. They differ most at {spaces}."
AGREE = "Events report {reported} newcomers, and contributions show as many."
NAMED = "{space} ({reported} reported, {attributed} known)"


def disagreement(rows: Sequence[SpaceNewcomers]) -> str:
    """What events report against what contributions show, and where the two differ most."""
    known = [row for row in rows if row.reported is not None]
    if not known:
        return "No event reports how many newcomers it brought."
    reported, attributed = sum(row.reported or 0 for row in known), sum(row.attributed for row in known)
    apart = sorted((row for row in known if row.difference), key=lambda row: (-abs(row.difference or 0), row.name))
    if not apart:
        return say(AGREE, reported=reported)
    named = [
        say(NAMED, space=short(row.name), reported=row.reported or 0, attributed=row.attributed)
        for row in apart[:MOST_NAMED]
    ]
    return say(DISAGREE, reported=reported, attributed=attributed, spaces=listed(named))


def newcomers_said(rows: Sequence[SpaceNewcomers]) -> str:
    """How many active newcomers came for each event, of all spaces, against what is due."""
    events, active = sum(row.events for row in rows), sum(row.active for row in rows)
    if not events:
        return "No event was held."
    return say(
        "{people} became active, after {events}: {rate} for each event, where {due} are due in all.",
        people=PEOPLE(active),
        events=EVENTS(events),
        rate=numbers.two_figures(active / events) if active else "none",
        due=sum(row.target for row in rows),
    )
