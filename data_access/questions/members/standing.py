"""Members above the floor: qualifying events per quarter, the state that follows, and how many quarters in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from data_access.answers import Code, Count, Day, Key, Text, empty, table
from data_access.database.prepared import attendances, member_attendances
from data_access.database.schema import events, memberships, participations, people
from data_access.database.sql import day_literal, month_number
from data_access.membership import begins, end_known_on
from data_access.program import Program, load_program
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Period, Role, Scope, Selection, SelectionError, add_months

# Who may see members' names, and so may count them.
COUNTED = INSIDE | {Role.LEADERSHIP}
QUALIFYING_ROLES = ("speaker", "organizer", "mentor", "facilitator")


def qualifies(role: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is a role that does something: one comparison takes a third of the time of four."""
    return role != "attendee"


STATES = MET, ON_TRACK, AT_RISK, MISSED, GRACE, LEFT = "met", "on track", "at risk", "missed", "grace", "left"
WORST_FIRST = (AT_RISK, MISSED, ON_TRACK, GRACE, LEFT, MET)
MEMBERS, PARTICIPANTS = "members", "participants"
# A streak is looked for in so many quarters before the period; fifty years are more than any program has.
_HISTORY, _MOST_QUARTERS = 24, 200
_NEVER = "9999-12-31"
COUNT_OR_MIDDLE = "The middle where it is a range; empty for fewer than the smallest group that is shown"


HELD = Count("Held", "events", help="Qualifying events")
SCHEDULED = Count("Scheduled", "events", help="Planned for today or later")
UNCONFIRMED = Count("Unmarked", "events", help="Planned, past, and not marked as held")
FLOOR = Count("Floor", "events")
DAYS_LEFT = Count("Days left", "days", help="Of the quarter, today included")
STREAK = Count("Streak", "quarters", help="Quarters in a row with the floor met")
MEMBER_SINCE = Day("Member since")


class MemberStanding(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    quarter: Annotated[date, Day("Quarter", help="Its first day")]
    held: Annotated[int, HELD]
    scheduled: Annotated[int, SCHEDULED]
    unconfirmed: Annotated[int, UNCONFIRMED]
    floor: Annotated[int, FLOOR]
    state: Annotated[str, Code("State")]
    days_left: Annotated[int, DAYS_LEFT]
    streak: Annotated[int, STREAK]
    member_since: Annotated[date | None, MEMBER_SINCE]


@question(roles=INSIDE, counts=PEOPLE, columns=MemberStanding)
def floor_standing(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    of: str = MEMBERS,
    state: str = "",
    person: str = "",
    worst: int = 0,
    limit: int = 0,
) -> pd.DataFrame:
    """Each member's qualifying events against the floor, quarter by quarter; newest quarter and worst first.

    A qualifying event is one in which the person speaks, organizes, mentors or facilitates; each counts once. One that
    was planned for a day that is over is unconfirmed, and counts for nothing until it is marked as held. A streak is
    the quarters met in a row up to this one, looked for in the period and six years before; grace and leaving neither
    break nor lengthen it.

    States: met (held ≥ floor) · on track (held + scheduled ≥ floor) · at risk (they are not, and the quarter is not
    over) · missed (it is over) · grace (not met in the first, partial quarter, in the configured quarters after it, or
    in one that the member's own grace touches) · left (not met in the quarter in which the membership ended before its
    last day).

    Quarters that touch the period and have begun by `as_of`. Countries and regions are those of the home; other filters
    do not apply. With `of` "participants" everybody with a qualifying event counts, in the quarters in which they have
    one, member or not. `state`, `person` (a key), `worst` (only so many people, those worst off in the newest quarter)
    and `limit` (of rows; 0: all) shorten the answer.
    """
    if of not in (MEMBERS, PARTICIPANTS):
        raise SelectionError(f"{of!r} is not one of members or participants.")
    if state and state not in STATES:
        raise SelectionError(f"{state!r} is not a state. Choose {', '.join(STATES)}.")
    program = load_program(connection)
    wanted = [person] if person else None
    if worst > 0 or limit > 0:
        wanted = _first_people(connection, selection, program, of, wanted, state=state, worst=worst, limit=limit)
    rows = _with_streaks(connection, selection, program, of, wanted)
    if rows is None:
        return empty(MemberStanding)
    order = _worst_first(rows)
    statement = (
        select(rows, people.c.name)
        .join_from(rows, people, people.c.person_key == rows.c.person_key)
        .where(rows.c.quarter >= Period.quarter_of(selection.period.start).start)
        .order_by(rows.c.quarter.desc(), order, rows.c.held + rows.c.scheduled, rows.c.person_key)
    )
    if state:
        statement = statement.where(rows.c.state == state)
    if limit > 0:
        statement = statement.limit(limit)
    found = [
        MemberStanding(
            *(row.person_key, row.name, row.quarter, row.held, row.scheduled, row.unconfirmed),
            *(program.floor_events_per_quarter, row.state, max((row.ends - selection.as_of).days, 0)),
            *(row.streak, row.member_since),
        )
        for row in connection.execute(statement)
    ]
    return table(MemberStanding, found)


def _worst_first(rows: CTE) -> ColumnElement[int]:
    return case(*((rows.c.state == name, place) for place, name in enumerate(WORST_FIRST)), else_=len(STATES))


def _first_people(
    connection: Connection,
    selection: Selection,
    program: Program,
    of: str,
    wanted: Sequence[str] | None,
    *,
    state: str,
    worst: int,
    limit: int,
) -> list[str]:
    """The people that a shortened answer is about, so that years of streaks are worked out for them alone."""
    quarters = quarters_to_read(connection, selection, of, history=0)
    if not quarters:
        return []
    rows = standing(
        program, selection.as_of, quarters[-1:] if worst > 0 else quarters, of, wanted, homes_of(selection, of)
    )
    statement = select(rows.c.person_key).order_by(
        rows.c.quarter.desc(), _worst_first(rows), rows.c.held + rows.c.scheduled, rows.c.person_key
    )
    if state and worst <= 0:
        statement = statement.where(rows.c.state == state)
    most = worst if worst > 0 else limit
    return list(dict.fromkeys(connection.execute(statement.limit(most)).scalars()))


def homes_of(selection: Selection, of: str) -> list[ColumnElement[bool]]:
    """The selection's conditions on the homes of members or participants."""
    return home_conditions(memberships.c.person_key if of == MEMBERS else attendances.c.person_key, selection)


class StandingNow(NamedTuple):
    """A member's standing in the quarter of a day; `days_left` of it, that day included."""

    state: str
    held: int
    scheduled: int
    days_left: int


def standing_now(connection: Connection, person: str, program: Program, as_of: date) -> StandingNow | None:
    """The member's standing in the quarter of a day, for those who decide about money; None for who is no member."""
    quarter = Period.quarter_of(as_of)
    rows = standing(program, as_of, [quarter.start], MEMBERS, [person])
    found = connection.execute(select(rows)).first()
    if found is None:
        return None
    return StandingNow(found.state, found.held, found.scheduled, (quarter.end - as_of).days)


def _with_streaks(
    connection: Connection, selection: Selection, program: Program, of: str, wanted: Sequence[str] | None
) -> CTE | None:
    quarters = quarters_to_read(connection, selection, of, history=_HISTORY)
    if not quarters or wanted == []:
        return None
    rows = standing(program, selection.as_of, quarters, of, wanted, homes_of(selection, of))
    missed = case((rows.c.state == MISSED, 1), else_=0)
    runs = select(
        rows, func.sum(missed).over(partition_by=rows.c.person_key, order_by=rows.c.quarter).label("run")
    ).cte("runs")
    met = case((runs.c.state == MET, 1), else_=0)
    streak = func.sum(met).over(partition_by=(runs.c.person_key, runs.c.run), order_by=runs.c.quarter)
    return select(runs, streak.label("streak")).cte("streaks")


def quarters_to_read(connection: Connection, selection: Selection, of: str, *, history: int) -> list[date]:
    """The first days of the period's quarters, with `history` before for the streaks; none later than `as_of`."""
    first = memberships.c.started_on if of == MEMBERS else events.c.starts_on
    earliest = connection.execute(select(func.min(first))).scalar_one()
    if earliest is None:
        return []
    last = Period.quarter_of(selection.as_of).start
    if selection.period.whole_quarters().end <= last:
        last = add_months(selection.period.whole_quarters().end, -3)
    start = Period.quarter_of(max(earliest, selection.period.start)).start
    start = max(add_months(start, -3 * history), Period.quarter_of(earliest).start)
    found = []
    while start <= last:
        found.append(start)
        start = add_months(start, 3)
    return found[-_MOST_QUARTERS:]


def standing(
    program: Program,
    as_of: date,
    quarters: Sequence[date],
    of: str,
    wanted: Sequence[str] | None,
    homes: Sequence[ColumnElement[bool]] = (),
) -> CTE:
    """One row a person and quarter: person_key, quarter, ends, member_since, held, scheduled, unconfirmed, state."""
    spans = union_all(
        *(
            select(
                day_literal(day.isoformat()).label("quarter"),
                literal_column(str(12 * day.year + day.month - 1)).label("number"),
                day_literal(add_months(day, 3).isoformat()).label("ends"),
                day_literal((add_months(day, 3) - timedelta(days=1)).isoformat()).label("last_day"),
                day_literal(add_months(day, -3 * program.grace_quarters).isoformat()).label("grace_from"),
            )
            for day in quarters
        )
    ).cte("quarters")
    done = _events_done(spans, Period(min(quarters), add_months(max(quarters), 3)), as_of, of, wanted, homes)
    if of == PARTICIPANTS:
        rows: Select[Any] = select(
            done.c.person_key, done.c.quarter, spans.c.ends, literal(None).label("member_since"), *_counts(done)
        ).join_from(done, spans, spans.c.quarter == done.c.quarter)
        in_grace = has_left = None
    else:
        member = _member_quarters(spans, as_of, wanted, homes)
        rows = select(
            member.c.person_key, member.c.quarter, member.c.ends, member.c.member_since, *_counts(done)
        ).join_from(
            member,
            done,
            and_(done.c.person_key == member.c.person_key, done.c.quarter == member.c.quarter),
            isouter=True,
        )
        in_grace = or_(member.c.since > member.c.grace_from, member.c.own_grace == 1)
        has_left = member.c.until < member.c.last_day
    floor = program.floor_events_per_quarter
    ends = rows.selected_columns.ends
    held, scheduled = func.coalesce(done.c.held, 0), func.coalesce(done.c.scheduled, 0)
    states: list[tuple[ColumnElement[bool], str]] = [(held >= floor, MET)]
    if in_grace is not None and has_left is not None:
        states += [(has_left, LEFT), (in_grace, GRACE)]
    states += [(ends <= as_of, MISSED), (held + scheduled >= floor, ON_TRACK)]
    return rows.add_columns(case(*states, else_=AT_RISK).label("state")).cte("standing")


def _counts(done: CTE) -> list[ColumnElement[Any]]:
    return [func.coalesce(done.c[name], 0).label(name) for name in ("held", "scheduled", "unconfirmed")]


def _events_done(
    spans: CTE, period: Period, as_of: date, of: str, wanted: Sequence[str] | None, homes: Sequence[ColumnElement[bool]]
) -> CTE:
    """Qualifying events per person and quarter, each counted once whatever the number of roles."""
    of_all = attendances if of == PARTICIPANTS else member_attendances
    at: Any = of_all if wanted is None else events  # which a copy holds ready
    status, day = at.c.status, at.c.starts_on
    happened = or_(status == "held", status.is_(None))
    kinds = {
        "held": and_(happened, day <= as_of),
        "scheduled": or_(and_(status == "planned", day >= as_of), and_(happened, day > as_of)),
        "unconfirmed": and_(status == "planned", day < as_of),
    }
    counts = [func.count(case((is_so, at.c.event_key)).distinct()).label(name) for name, is_so in kinds.items()]
    took_part: Any = of_all
    if wanted is not None:
        # Their events first: SQLite would otherwise try each of the people at each of the period's events.
        own = (participations.c.person_key.in_(wanted), participations.c.role.in_(QUALIFYING_ROLES))
        columns = (participations.c.person_key, participations.c.event_key)
        took_part = select(*columns).where(*own).distinct().subquery("took_part")
    person = took_part.c.person_key
    month = month_number(day)  # a join by spans of days would come before all that leaves people out
    each = (
        select(person, (month - month % 3).label("number"), *counts)
        .where(day >= period.start, day < period.end)
        .group_by(person, "number")
    )
    if wanted is not None:
        each = each.join_from(events, took_part, took_part.c.event_key == events.c.event_key)
    else:
        each = each.where(qualifies(of_all.c.role), *(homes if of == PARTICIPANTS else ()))
    done = each.subquery("each_quarter")
    named = (done.c[name] for name in kinds)
    return (
        select(done.c.person_key, spans.c.quarter, *named)
        .join_from(done, spans, spans.c.number == done.c.number)
        .cte("done")
    )


def _member_quarters(
    spans: CTE, as_of: date, wanted: Sequence[str] | None, homes: Sequence[ColumnElement[bool]]
) -> CTE:
    """Who was a member in which quarter, since when without a gap, and up to which day as far as that is known."""
    stay = memberships.alias("stay")
    narrowed = [] if wanted is None else [stay.c.person_key.in_(wanted)]
    begun = select(stay.c.person_key, stay.c.started_on).where(begins(stay), *narrowed).cte("begun")
    until = func.coalesce(end_known_on(as_of), day_literal(_NEVER))
    given, last = memberships.c.grace_starts_on, memberships.c.grace_ends_on
    in_grace = and_(given <= as_of, given < spans.c.ends, or_(last.is_(None), last >= spans.c.quarter))
    statement = (
        select(
            memberships.c.person_key,
            spans.c.quarter,
            spans.c.ends,
            spans.c.last_day,
            spans.c.grace_from,
            func.max(begun.c.started_on).label("since"),
            func.max(begun.c.started_on).label("member_since"),
            func.max(until).label("until"),
            func.max(case((in_grace, 1), else_=0)).label("own_grace"),
        )
        .join_from(memberships, spans, and_(memberships.c.started_on < spans.c.ends, until >= spans.c.quarter))
        .join(begun, and_(begun.c.person_key == memberships.c.person_key, begun.c.started_on < spans.c.ends))
        .where(memberships.c.started_on <= as_of, begun.c.started_on <= as_of, *homes)
        .group_by(memberships.c.person_key, spans.c.quarter, spans.c.ends, spans.c.last_day, spans.c.grace_from)
    )
    if wanted is not None:
        statement = statement.where(memberships.c.person_key.in_(wanted))
    return statement.cte("member_quarters")
