"""Quarters missed in a row: who is to be dropped, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Subquery, and_, case, func, or_, select

from data_access.answers import Code, Count, Day, Key, Text, empty, fetch
from data_access.database.schema import memberships, people
from data_access.database.sql import day_literal
from data_access.membership import member_on
from data_access.program import load_program
from data_access.questions.members.standing import (
    MEMBER_SINCE,
    MEMBERS,
    MET,
    MISSED,
    homes_of,
    quarters_to_read,
    standing,
)
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Period, Scope, Selection

# A run is looked for in so many quarters: six years, as streaks are.
HISTORY = 24


class MissedRun(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    missed: Annotated[int, Count("Missed", "quarters", help="Quarters missed in a row, up to the last that is over")]
    first_missed: Annotated[date, Day("Since", help="First day of the first quarter of them")]
    state: Annotated[str, Code("This quarter")]
    held: Annotated[int, Count("Held", "events", help="Qualifying events of this quarter")]
    member_since: Annotated[date, MEMBER_SINCE]


@question(roles=INSIDE, counts=PEOPLE, columns=MissedRun)
def missed_in_a_row(
    connection: Connection, selection: Selection, scope: Scope, *, least: int = 1, person: str = ""
) -> pd.DataFrame:
    """Members of the day who missed the floor in so many quarters in a row (`least`) or more, the longest run first.

    Up to the last quarter that is over. One that was met ends the run, the running one included; one in grace neither
    ends nor lengthens it. Countries and regions are those of the home; the period does not matter. `person` is a key.
    """
    runs = runs_of(connection, selection, [person] if person else None)
    if runs is None:
        return empty(MissedRun)
    statement = (
        select(people.c.name, *(runs.c[name] for name in MissedRun._fields if name != "name"))
        .join_from(runs, people, people.c.person_key == runs.c.person_key)
        .where(runs.c.missed >= least)
        .order_by(runs.c.missed.desc(), runs.c.first_missed, runs.c.person_key)
    )
    return fetch(connection, statement, MissedRun)


def missed_run(connection: Connection, person: str, as_of: date) -> int:
    """How many quarters a member of the day has missed in a row; 0 for who missed none, or is no member."""
    runs = runs_of(connection, Selection(as_of=as_of), [person])
    return 0 if runs is None else connection.execute(select(runs.c.missed)).scalar() or 0


def runs_of(
    connection: Connection, selection: Selection, wanted: Sequence[str] | None, history: int = HISTORY
) -> Subquery | None:
    """Per member of the day: person_key, missed (in a row), first_missed, and of the running quarter its counts and
    state. A run is looked for in so many quarters before this one (`history`).
    """
    this = Period.quarter_of(selection.as_of)
    now = replace(selection, period=this)
    quarters = quarters_to_read(connection, now, MEMBERS, history=history)
    if not quarters:
        return None
    rows = standing(load_program(connection), selection.as_of, quarters, MEMBERS, wanted, homes_of(selection, MEMBERS))
    person, quarter = rows.c.person_key, rows.c.quarter
    # Of the stay that goes on: what was missed in one before is over.
    stay = select(person, func.max(rows.c.member_since).label("since")).group_by(person).cte("present_stay")
    own = and_(rows.c.person_key == stay.c.person_key, rows.c.member_since == stay.c.since)
    met = (
        select(person, func.max(case((rows.c.state == MET, quarter))).label("last_met"))
        .join_from(rows, stay, own)
        .group_by(person)
        .cte("last_met")
    )
    is_missed = and_(rows.c.state == MISSED, or_(met.c.last_met.is_(None), quarter > met.c.last_met))
    is_now = quarter == day_literal(this.start.isoformat())
    return (
        select(
            person,
            func.count(case((is_missed, 1))).label("missed"),
            func.min(case((is_missed, quarter))).label("first_missed"),
            func.max(case((is_now, rows.c.state))).label("state"),
            *(func.max(case((is_now, rows.c[name]))).label(name) for name in ("held", "scheduled", "unconfirmed")),
            func.max(rows.c.member_since).label("member_since"),
        )
        .join_from(rows, stay, own)
        .join(met, met.c.person_key == person)
        .where(person.in_(select(memberships.c.person_key).where(member_on(selection.as_of))))
        .group_by(person)
        .subquery("runs")
    )
