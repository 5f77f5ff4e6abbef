"""Everything about one space in time: its opening, pilot, events, notes and, inside, what its coordinators wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.contract.space_tables import NOTE_KINDS
from data_access.database.schema import event_contributors, events, participations, space_notes, spaces
from data_access.questions.named.entries import MOST, Branch, TimelineEntry, newest_first, of_events, rows_of
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection, status_on


@question(roles=STAFF, counts=NOTHING, columns=TimelineEntry, names_people=True)
def space_timeline(
    connection: Connection, selection: Selection, scope: Scope, *, space: str = "", most: int = MOST
) -> pd.DataFrame:
    """Everything about one space in time, the newest first: `most` entries at the most.

    Opening and closing, the pilot's first and last day, and its events for everybody; inside also its roadmap,
    challenges, lessons and verdicts, visits by month, and who contributed because of its events, by month.
    """
    as_of = selection.as_of
    branches = [*_facts(space, as_of)]
    if scope.inside:
        branches += _inside(space, as_of)
    found = [*rows_of(connection, branches, most), *_pilot_end(connection, space, as_of)]
    return newest_first(found, most)


def _facts(space: str, as_of: date) -> Iterator[Branch]:
    row = spaces.c
    for what, day in (
        ("space_opened", row.opened_on),
        ("pilot_started", func.coalesce(row.pilot_started_on, row.opened_on)),
        ("space_closed", row.closed_on),
    ):
        pilot = (row.pilot_days.is_not(None),) if what == "pilot_started" else ()
        yield Branch(what, day, spaces, (row.space_key == space, day <= as_of, *pilot))
    yield of_events(events.c.space_key == space, as_of)


def _pilot_end(connection: Connection, space: str, as_of: date) -> list[TimelineEntry]:
    row = spaces.c
    starts = func.coalesce(row.pilot_started_on, row.opened_on)
    found = connection.execute(select(starts, row.pilot_days).where(row.space_key == space)).first()
    if found is None or None in tuple(found) or found[0] > as_of:
        return []
    ends = found[0] + timedelta(days=found[1] - 1)
    what = "pilot_ended" if ends <= as_of else "pilot_ends"
    return [TimelineEntry(ends, what, None, None, None, None, None, found[1], None, None, None, 1)]


def _inside(space: str, as_of: date) -> Iterator[Branch]:
    note = space_notes.c
    for kind in NOTE_KINDS:
        noted = (note.space_key == space, note.kind == kind, note.noted_on <= as_of)
        yield Branch(f"note_{kind}", note.noted_on, space_notes, noted, {"words": note.note})
    done = (note.space_key == space, note.kind == "roadmap", note.done_on <= as_of)
    yield Branch("roadmap_done", note.done_on, space_notes, done, {"words": note.note})
    held = (events.c.space_key == space, status_on(as_of) == "held")
    came = participations.join(events, events.c.event_key == participations.c.event_key)
    visitors = {"people": func.count(participations.c.person_key.distinct())}
    yield Branch("known_visitors", events.c.starts_on, came, held, visitors, by_month=True)
    after = event_contributors.join(events, events.c.event_key == event_contributors.c.event_key)
    first = event_contributors.c.first_on
    known = (events.c.space_key == space, first <= as_of)
    new = {"people": func.count(event_contributors.c.person_key.distinct())}
    yield Branch("contributed_after", first, after, known, new, by_month=True)
