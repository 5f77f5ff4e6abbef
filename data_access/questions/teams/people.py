"""How many people a team has, as whoever asks may know it: counted now, or as released at the ends of quarters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, NamedTuple, Protocol

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Count, Day, Key, rows, table
from data_access.database.schema import teams
from data_access.privacy.small_groups import Name, Sum
from data_access.program import Program, load_program
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import PEOPLE, question, question_of
from data_access.questions.released import Released, Windows
from data_access.questions.teams import activity
from data_access.questions.teams.activity import Range, Span, ranges, year_before
from data_access.selection import EARLIEST, STAFF, Period, Scope, Selection, add_months

MEASURES = ("active", "core", "ever", "new", "kept")
_AT_LEAST, _AT_MOST = "{heading}, at least", "{heading}, at most"


def _ends(heading: str, says: str = "") -> tuple[Count, Count]:
    low, high = (template.format(heading=heading) for template in (_AT_LEAST, _AT_MOST))
    return Count(low, "contributors", help=says), Count(high, "contributors")


_ACTIVE, _CORE, _EVER = _ends("Active"), _ends("Core"), _ends("Ever", "Who ever contributed to the team, by then")
_NEW = _ends("New", "Whose first contribution to the team lies in the quarter")
_KEPT = _ends("Kept", "Core a year before and not lapsed on the day")


class TeamQuarterPeople(NamedTuple):
    team: Annotated[str, Key("Team key")]
    counted_on: Annotated[date, Day("Counted on", help="The last day of a quarter")]
    active_at_least: Annotated[int, _ACTIVE[0]]
    active_at_most: Annotated[int, _ACTIVE[1]]
    core_at_least: Annotated[int, _CORE[0]]
    core_at_most: Annotated[int, _CORE[1]]
    ever_at_least: Annotated[int, _EVER[0]]
    ever_at_most: Annotated[int, _EVER[1]]
    new_at_least: Annotated[int, _NEW[0]]
    new_at_most: Annotated[int, _NEW[1]]
    kept_at_least: Annotated[int, _KEPT[0]]
    kept_at_most: Annotated[int, _KEPT[1]]

    def of(self, measure: str) -> Range:
        low, high = (getattr(self, f"{measure}_at_{end}") for end in ("least", "most"))
        return Range(low, high)


def new_in_team(team: str, quarter: Period) -> Name:
    """How the release names the people whose first contribution to a team lies in a quarter."""
    return ("new in team", team, str(quarter))


def _by_team_and_day(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["team", "counted_on"], ignore_index=True)


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=TeamQuarterPeople,
    released=Released((Windows.EVERYTHING,), rows_by={"team": "team"}),
    own_teams=OwnTeams(_by_team_and_day),
)
def team_people(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Contributors of each team (or one) at the end of every quarter that is over: active, core, ever, new and kept.

    From the quarter of the team's first contribution on; released for every team from the program's first quarter on.
    What teams have reached is worked out from this outside.
    """
    chosen = select(teams.c.team_key).order_by(teams.c.team_key)
    keys = list(connection.execute(chosen.where(teams.c.team_key == team) if team else chosen).scalars())
    firsts = activity.first_days(connection)
    told: list[tuple[str, Period]] = []
    for key in keys:
        first = selection.period.start if scope.book else firsts.get(key)
        told += [(key, quarter) for quarter in quarters_over(first, selection)] if first else []
    program, days = load_program(connection), {quarter: quarter.end - timedelta(days=1) for _, quarter in told}
    then = {day: year_before(day) for day in days.values()}
    pairs = [(key, days[quarter]) for key, quarter in told]
    came = [(key, _day_before(quarter), days[quarter]) for key, quarter in told]
    new = activity.newcomers(connection, [*came, *((key, EARLIEST, day) for key, day in pairs)])
    a_year = [(key, then[day], day) for key, day in pairs]
    counted, kept = activity.activity_and_kept(connection, program, pairs, a_year)
    counts: list[int] = []
    names: list[Name] = []
    sums: list[Sum] = []
    at: dict[tuple[str, date], int] = {}
    for key, quarter in told:
        day, place = days[quarter], len(counts)
        active, core = counted[key, day]
        before, still = kept[key, then[day], day]
        arrived, ever = new[key, _day_before(quarter), day], new[key, EARLIEST, day]
        counts += [active, core, ever, arrived, still, active - core, before - still]
        at[key, day] = place
        names += [
            *(("active in team", key, str(day)), ("core in team", key, str(day)), ("ever in team", key, str(day))),
            *(new_in_team(key, quarter), ("kept in team", key, str(day))),
            *(("active, not core in team", key, str(day)), ("lost in team", key, str(day))),
        ]
        sums.append(Sum(place, (place + 1, place + 5)))
        if (key, then[day]) in at:
            sums.append(Sum(at[key, then[day]] + 1, (place + 4, place + 6)))
        # Who came before the place quarter that is told is told with nothing else.
        if (key, _day_before(quarter)) in at:
            sums.append(Sum(place + 2, (at[key, _day_before(quarter)] + 2, place + 3)))
    shown = ranges(counts, scope, sums, names) if counts else []
    found = []
    for key, day in pairs:
        of_day = shown[at[key, day] : at[key, day] + len(MEASURES)]
        found.append((key, day, *(int(end) for each in of_day for end in (each.at_least, each.at_most))))
    return table(TeamQuarterPeople, found)


def quarters_over(first: date, selection: Selection) -> list[Period]:
    """The quarters from that of a day on that are over."""
    quarter, found = Period.quarter_of(first), []
    while not quarter.is_open(selection.over_by):
        found.append(quarter)
        quarter = Period(quarter.end, add_months(quarter.end, 3))
    return found


def _day_before(quarter: Period) -> date:
    return quarter.start - timedelta(days=1)


class TeamPeople(Protocol):
    """Counts of a team's people on days, as ranges; a count that is not known is missing."""

    def day(self, day: date) -> date:
        """The day on which people are counted for what is asked of a day."""

    def active(self, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Range | None]:
        """Active contributors of each team on each day."""

    def newcomers(self, wanted: Iterable[Span]) -> dict[Span, Range | None]:
        """People who came to each team after the first day and not after the second."""

    def core_kept(self, wanted: Iterable[Span]) -> dict[Span, tuple[Range | None, Range | None]]:
        """(core, kept): core contributors of each team on the first day, and those of them not lapsed on the second."""


def people_of(connection: Connection, selection: Selection, scope: Scope) -> TeamPeople:
    """The people of teams as the scope may know them."""
    if scope.exact:
        return _Counted(connection, load_program(connection))
    # What was released of the teams, whatever the filters: they choose among teams, not among their people.
    everything = Selection(as_of=selection.as_of, day_is_over=selection.day_is_over)
    return _AsReleased(rows(TeamQuarterPeople, question_of(team_people).ask(connection, everything, scope)))


class _Counted:
    def __init__(self, connection: Connection, program: Program) -> None:
        self.connection, self.program = connection, program

    def day(self, day: date) -> date:
        return day

    def active(self, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Range | None]:
        found = activity.activity(self.connection, self.program, wanted)
        return {key: Range(active, active) for key, (active, _) in found.items()}

    def newcomers(self, wanted: Iterable[Span]) -> dict[Span, Range | None]:
        return {key: Range(count, count) for key, count in activity.newcomers(self.connection, wanted).items()}

    def core_kept(self, wanted: Iterable[Span]) -> dict[Span, tuple[Range | None, Range | None]]:
        found = activity.core_kept(self.connection, self.program, wanted)
        return {key: (Range(core, core), Range(kept, kept)) for key, (core, kept) in found.items()}


class _AsReleased:
    def __init__(self, told: list[TeamQuarterPeople]) -> None:
        self.told = {(row.team, row.counted_on): row for row in told}
        self.newest = max((row.counted_on for row in told), default=None)
        self.first = min((row.counted_on for row in told), default=None)

    def day(self, day: date) -> date:
        over = Period.quarter_of(day).start - timedelta(days=1)
        return over if self.newest is None else min(over, self.newest)

    def active(self, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Range | None]:
        return {key: self._of(key, "active") for key in wanted}

    def newcomers(self, wanted: Iterable[Span]) -> dict[Span, Range | None]:
        return {span: self._came(*span) for span in wanted}

    def core_kept(self, wanted: Iterable[Span]) -> dict[Span, tuple[Range | None, Range | None]]:
        return {span: (self._of((span[0], span[1]), "core"), self._of((span[0], span[2]), "kept")) for span in wanted}

    def _of(self, key: tuple[str, date], measure: str) -> Range | None:
        row = self.told.get(key)
        if row is None:
            # Before the program's first quarter there was nobody.
            return Range(0, 0) if self.first and key[1] < self.first else None
        return row.of(measure)

    def _came(self, team: str, after: date, last: date) -> Range | None:
        """The difference of two totals, or the sum of the quarters between, whichever says more."""
        if after >= last:
            return Range(0, 0)
        then, now = self._of((team, after), "ever"), self._of((team, last), "ever")
        if then is None or now is None:
            return None
        days = [day for key, day in self.told if key == team and after < day <= last]
        quarters = [self.told[team, day].of("new") for day in days]
        low = max(now.at_least - then.at_most, sum(each.at_least for each in quarters), 0)
        return Range(low, max(low, min(now.at_most - then.at_least, sum(each.at_most for each in quarters))))
