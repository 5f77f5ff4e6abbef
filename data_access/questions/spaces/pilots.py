"""Pilots: a clock, events against their targets, a verdict against comparable spaces; who looks after each space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, func, or_, select

from data_access.answers import Change, Code, Count, Day, Key, Number, Text, table
from data_access.database.schema import people, space_notes, spaces, targets
from data_access.program import load_program
from data_access.questions.registry import EVENTS, NOTHING, PEOPLE, question
from data_access.questions.spaces.newcomers import newcomers_of
from data_access.questions.spaces.year import WEEK, held_days, held_in
from data_access.selection import INSIDE, STAFF, Period, Scope, Selection
from data_access.statistics.intervals import wilson_interval

PLANNED, RUNNING, OVER = "planned", "running", "over"
MORE, FEWER, ALIKE, TOO_EARLY, NO_OTHERS = "more", "fewer", "cannot_be_told_apart", "too_early", "no_others"
EARLIEST_VERDICT = 14


@dataclass(frozen=True)
class _Pilot:
    space: str
    name: str
    period: Period
    per_week: int

    def gone(self, as_of: date) -> Period | None:
        """The days of the pilot that are over, today included."""
        end = min(self.period.end, as_of + timedelta(days=1))
        return Period(self.period.start, end) if end > self.period.start else None


def _pilots(connection: Connection, selection: Selection) -> list[_Pilot]:
    """Every space with a length of its pilot; where no first day is recorded, it began when the space opened."""
    starts = func.coalesce(spaces.c.pilot_started_on, spaces.c.opened_on)
    statement = select(
        spaces.c.space_key, spaces.c.name, starts.label("starts"), spaces.c.pilot_days, spaces.c.target_events_per_week
    ).where(spaces.c.pilot_days.is_not(None), starts.is_not(None))
    if selection.space:
        statement = statement.where(spaces.c.space_key.in_(selection.space))
    found = [
        _Pilot(row.space_key, row.name, Period(row.starts, row.starts + timedelta(days=row.pilot_days)), row[4])
        for row in connection.execute(statement)
    ]
    return sorted(found, key=lambda pilot: (-pilot.period.start.toordinal(), pilot.space))


def _open_days(connection: Connection, as_of: date) -> dict[str, tuple[date, date]]:
    """For each space its first day, and the first on which it is no longer open, as known on the day."""
    far = as_of + timedelta(days=1)
    return {
        row.space_key: (
            row.opened_on or date.min,
            row.closed_on if row.closed_on and row.closed_on <= as_of else far,
        )
        for row in connection.execute(select(spaces.c.space_key, spaces.c.opened_on, spaces.c.closed_on))
    }


def _compared(own: int, own_size: int, others: int, other_size: int) -> str:
    """Whether the pilot has more or fewer than its part (of days, or events) beyond chance.

    Given how many there are in all, the pilot's are binomial: their Wilson interval is held against its part.
    """
    if not other_size:
        return NO_OTHERS
    low, high = wilson_interval([own], [own + others])
    even = own_size / (own_size + other_size)
    return MORE if low[0] > even else FEWER if high[0] < even else ALIKE


class SpacePilot(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    state: Annotated[str, Code("State", help="planned, running, over")]
    starts_on: Annotated[date, Day("First day")]
    ends_on: Annotated[date, Day("Last day")]
    day: Annotated[int, Count("Day", "days", help="Of the pilot, today; 0: it has not begun")]
    days: Annotated[int, Count("Length", "days")]
    held: Annotated[int, Count("Events held", "events", help="In the pilot’s days")]
    target: Annotated[int, Count("Target", "events", help="Its own, else so many a week as the space’s target says")]
    due: Annotated[int, Count("Due by now", "events", help="The target, spread over the pilot’s days")]
    gap: Annotated[int, Change("Ahead or behind")]
    needed: Annotated[float | None, Number("Needed a week", decimals=1, help="To reach the target; empty: it is over")]
    per_week: Annotated[float | None, Number("Events a week", decimals=2)]
    others_per_week: Annotated[
        float | None, Number("Other spaces, a week", decimals=2, help="In the same days, those that were open")
    ]
    others: Annotated[int, Count("Other spaces", "spaces", help="Open in some of the same days")]
    verdict: Annotated[
        str,
        Code(
            "Against the others",
            help="more, fewer (beyond chance: a 95% Wilson interval), cannot be told apart, too early (under 14 days), "
            "no others",
        ),
    ]


@question(roles=STAFF, counts=EVENTS, columns=SpacePilot)
def space_pilots(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each space's pilot as of the day: its clock, its events against its target, and against other spaces.

    A pilot has a first day (else the day on which the space opened) and a length, whatever the period asked for. Its
    target is that of the table `targets` (metric `events`, scope `space:KEY`) whose days lie in the pilot's, else the
    space's target a week for as many weeks. It is compared with all other spaces over the same days.
    """
    own_targets = _own_targets(connection)
    open_days = _open_days(connection, selection.as_of)
    found = []
    for pilot in _pilots(connection, selection):
        gone = pilot.gone(selection.as_of)
        held = held_days(connection, _everywhere(selection, gone)) if gone else {}
        days_gone, days = _length(gone), _length(pilot.period)
        other_days = {key: _within(gone, *bounds) for key, bounds in open_days.items() if key != pilot.space}
        others = {key: number for key, number in other_days.items() if number}
        events, other_events = len(held.get(pilot.space, [])), sum(len(held.get(key, [])) for key in others)
        target = next(
            (value for period, value in own_targets.get(pilot.space, ()) if _lies_in(period, pilot.period)),
            _rounded(Fraction(pilot.per_week * days, WEEK)),
        )
        due = _rounded(Fraction(target * days_gone, days))
        left = (days - days_gone) / WEEK
        found.append(
            SpacePilot(
                space=pilot.space,
                name=pilot.name,
                state=PLANNED if gone is None else RUNNING if selection.as_of < pilot.period.end else OVER,
                starts_on=pilot.period.start,
                ends_on=pilot.period.end - timedelta(days=1),
                day=days_gone,
                days=days,
                held=events,
                target=target,
                due=due,
                gap=events - due,
                needed=max(target - events, 0) / left if left else None,
                per_week=events * WEEK / days_gone if days_gone else None,
                others_per_week=other_events * WEEK / sum(others.values()) if others else None,
                others=len(others),
                verdict=TOO_EARLY
                if days_gone < EARLIEST_VERDICT
                else _compared(events, days_gone, other_events, sum(others.values())),
            )
        )
    return table(SpacePilot, found)


def _everywhere(selection: Selection, period: Period) -> Selection:
    """The events that all spaces held in the period: the filter chooses pilots, not whom they are compared with."""
    return held_in(selection.without("space"), period)


def _length(period: Period | None) -> int:
    return (period.end - period.start).days if period else 0


def _within(period: Period | None, first: date, after: date) -> int:
    """The days of the period from the first up to the other day, which is not one of them."""
    if period is None:
        return 0
    return max((min(period.end, after) - max(period.start, first)).days, 0)


def _rounded(number: Fraction) -> int:
    return int(number + Fraction(1, 2))


def _lies_in(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _own_targets(connection: Connection) -> Mapping[str, list[tuple[Period, int]]]:
    """Targets of events by space: (days, value)."""
    found: dict[str, list[tuple[Period, int]]] = {}
    for row in connection.execute(select(targets).where(func.lower(targets.c.metric) == "events")):
        kind, _, key = (part.strip() for part in (row.scope or "").replace("=", ":", 1).partition(":"))
        if kind.casefold() == "space" and row.period_end >= row.period_start:
            period = Period(row.period_start, row.period_end + timedelta(days=1))
            found.setdefault(key, []).append((period, round(row.value)))
    return found


class PilotNewcomers(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    events: Annotated[int, Count("Events held", "events")]
    newcomers: Annotated[int, Count("Newcomers", "people", help="Attributed to the pilot’s events")]
    active: Annotated[int, Count("Became active", "people")]
    per_event: Annotated[float | None, Number("Newcomers an event", decimals=2)]
    others_per_event: Annotated[float | None, Number("Other spaces, an event", decimals=2)]
    verdict: Annotated[
        str, Code("Against the others", help="more, fewer, cannot be told apart, too early (no event), no others")
    ]


@question(roles=INSIDE, counts=PEOPLE, columns=PilotNewcomers)
def pilot_newcomers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Newcomers of each pilot's events for each event, against those of other spaces in the same days."""
    program = load_program(connection)
    found = []
    for pilot in _pilots(connection, selection):
        gone = pilot.gone(selection.as_of)
        held = _everywhere(selection, gone) if gone else None
        events = {key: len(days) for key, days in held_days(connection, held).items()} if held else {}
        new = newcomers_of(connection, held, program) if held else []
        own = [each for each in new if each.space == pilot.space]
        own_events = events.get(pilot.space, 0)
        other_events = sum(events.values()) - own_events
        verdict = TOO_EARLY
        if own_events:
            verdict = _compared(len(own), own_events, len(new) - len(own), other_events)
        found.append(
            PilotNewcomers(
                pilot.space,
                pilot.name,
                own_events,
                len(own),
                sum(each.active for each in own),
                len(own) / own_events if own_events else None,
                (len(new) - len(own)) / other_events if other_events else None,
                verdict,
            )
        )
    return table(PilotNewcomers, found)


class SpaceNote(NamedTuple):
    note_key: Annotated[str, Key("Note key")]
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    kind: Annotated[str, Code("Kind", help="roadmap, challenge, lesson, verdict")]
    noted_on: Annotated[date, Day("Noted on")]
    note: Annotated[str, Text("Note")]
    due_on: Annotated[date | None, Day("Due on")]
    done_on: Annotated[date | None, Day("Done on")]
    state: Annotated[str, Code("State", help="done, late (due before today), open; of lessons and verdicts empty")]


@question(roles=INSIDE, counts=NOTHING, columns=SpaceNote)
def space_notes_list(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What is noted of spaces by the day: the roadmap by its due days, then challenges, lessons and verdicts."""
    statement = (
        select(space_notes, spaces.c.name)
        .join_from(space_notes, spaces, spaces.c.space_key == space_notes.c.space_key)
        .where(space_notes.c.noted_on <= selection.as_of)
    )
    if selection.space:
        statement = statement.where(space_notes.c.space_key.in_(selection.space))
    found = []
    for row in connection.execute(statement):
        done = row.done_on if row.done_on and row.done_on <= selection.as_of else None
        if row.kind not in ("roadmap", "challenge"):
            state = ""
        else:
            state = "done" if done else "late" if row.due_on and row.due_on < selection.as_of else "open"
        about = (row.note_key, row.space_key, row.name, row.kind, row.noted_on, row.note, row.due_on, done, state)
        found.append(SpaceNote(*about))
    kinds = ("roadmap", "challenge", "lesson", "verdict")
    found.sort(key=lambda row: (row.space, kinds.index(row.kind), row.due_on or row.noted_on, row.note_key))
    return table(SpaceNote, found)


class SpaceCoordinator(NamedTuple):
    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    side: Annotated[str, Code("Side", help="technical, community")]
    person_key: Annotated[str | None, Key("Person key")]
    person: Annotated[str | None, Text("Coordinator", help="Empty: nobody is recorded")]


@question(roles=INSIDE, counts=NOTHING, columns=SpaceCoordinator)
def space_coordinators(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who coordinates each space that is open, on the technical and on the community side; two rows a space."""
    day = selection.as_of
    is_open = and_(
        or_(spaces.c.opened_on.is_(None), spaces.c.opened_on <= day),
        or_(spaces.c.closed_on.is_(None), spaces.c.closed_on > day),
    )
    found = []
    for side in ("technical", "community"):
        key = spaces.c[f"coordinator_{side}"]
        statement = (
            select(
                spaces.c.space_key, spaces.c.name, key.label("key"), func.coalesce(people.c.name, key).label("person")
            )
            .join_from(spaces, people, people.c.person_key == key, isouter=True)
            .where(is_open)
        )
        if selection.space:
            statement = statement.where(spaces.c.space_key.in_(selection.space))
        found += [
            SpaceCoordinator(row.space_key, row.name, side, row.key, row.person)
            for row in connection.execute(statement)
        ]
    found.sort(key=lambda row: (row.name.casefold(), row.space, row.side != "technical"))
    return table(SpaceCoordinator, found)
