"""What each page still needs: which tables and columns its answers are made of, and how many rows have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, and_, func, literal, or_, select, union_all

from data_access.answers import Code, Count, Text, table
from data_access.database import schema
from data_access.questions.events.counts import not_online
from data_access.questions.registry import NOTHING, question
from data_access.selection import INSIDE, Scope, Selection


@dataclass(frozen=True, slots=True)
class _Need:
    """A page needs rows of a table, or of them those with a value in one of the columns.

    `among`: only of such rows the columns can be asked, as a place of events that were somewhere.
    """

    page: str
    table: Table
    columns: tuple[str, ...] = ()
    why: str = ""
    among: Callable[[], ColumnElement[bool]] | None = None

    @property
    def has(self) -> ColumnElement[bool]:
        return or_(*(self.table.c[name].is_not(None) for name in self.columns))


_NEEDS: tuple[_Need, ...] = (
    _Need("Impact", schema.events, why="Events are the first of its numbers."),
    _Need("Impact", schema.events, ("attendance",), "Without it nobody is counted who came."),
    _Need("Impact", schema.contributions, why="New and active contributors are counted from them."),
    _Need("Impact", schema.funding_requests, ("paid_on",), "What was spent is what was paid."),
    _Need("Event map", schema.events, why="Events are what it shows."),
    _Need("Event map", schema.events, ("place_id",), "An event without a place is not on the map.", not_online),
    _Need("Event map", schema.people, ("home_country", "home_city"), "Who could go where is told by homes."),
    _Need("People", schema.people, why="They are what it counts."),
    _Need("People", schema.people, ("home_country", "home_city"), "Regions are compared by homes."),
    _Need("People", schema.person_attributes, why="Groups such as gender or age are attributes of people."),
    _Need("Languages", schema.events, ("languages",), "Languages are counted where they were spoken."),
    _Need("Languages", schema.people, ("languages",), "Who could speak a language says which gaps can be closed."),
    _Need("Languages", schema.materials, why="Materials are languages in writing."),
    _Need("Materials", schema.materials, why="They are what it counts."),
    _Need("Materials", schema.events, ("topics",), "What is taught is told by the topics of events."),
    _Need("Funnel", schema.people, ("joined_on",), "The funnel begins on the day of joining."),
    _Need("Funnel", schema.contributions, why="Its steps are contributions."),
    _Need("Retention", schema.contributions, why="Coming back is contributing again."),
    _Need("Retention", schema.contributions, ("event_key",), "Which events bring people is told by it."),
    _Need("Events and organizers", schema.events, why="Each has its arc: before, during and after."),
    _Need("Events and organizers", schema.challenges, why="What an event set its guests to do are challenges."),
    _Need("Events and organizers", schema.participations, ("role",), "Who organized is a role in an event."),
    _Need("Events and organizers", schema.mentorships, why="Which new organizer has a mentor is told by them."),
    _Need("Teams", schema.teams, why="Each has its own row on the board."),
    _Need("Teams", schema.team_stages, why="What comes next depends on the stage."),
    _Need("Teams", schema.contributions, ("team_key",), "Contributors of a team are told by it."),
    _Need("Spaces", schema.spaces, why="Each has its own row."),
    _Need("Spaces", schema.events, ("space_key",), "Events are held against the schedule of their space."),
    _Need("Spaces", schema.targets, why="How many events are due is a target."),
    _Need("Budget", schema.budgets, why="The pace is the budget's."),
    _Need("Budget", schema.funding_requests, why="Money is spent by requests."),
    _Need("Members", schema.memberships, why="Members are who has a membership."),
    _Need("Members", schema.participations, why="The floor counts the events of each member."),
    _Need("Requests", schema.funding_requests, why="They are what is decided on."),
    _Need("Health", schema.participations, ("rating",), "Ratings tell where help is needed."),
    _Need("Health", schema.contributions, ("team_key",), "On whom a team depends is told by them."),
    _Need("Strategy", schema.targets, why="What was promised is a target."),
    _Need("Strategy", schema.contributions, ("area",), "What mission-driven people do is told by areas."),
)


class PageNeed(NamedTuple):
    page: Annotated[str, Text("Page")]
    table: Annotated[str, Code("Table")]
    column: Annotated[str, Code("Column", help="One of them is enough; empty: any row of the table is")]
    rows: Annotated[int, Count("Rows", "rows", help="Of the table, those that can have it")]
    having: Annotated[int, Count("Have it", "rows")]
    why: Annotated[str, Text("What for")]


@question(roles=INSIDE, counts=NOTHING, columns=PageNeed)
def page_needs(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What each page is made of, and in how many rows of the program it is there; whatever the selection."""
    counted = connection.execute(union_all(*(_counts(at, need) for at, need in enumerate(_NEEDS)))).all()
    found = []
    for row in sorted(counted, key=lambda row: row[0]):
        need = _NEEDS[row[0]]
        found.append(PageNeed(need.page, need.table.name, ", ".join(need.columns), row[1], row[2], need.why))
    return table(PageNeed, found)


def _counts(at: int, need: _Need) -> Select[int, int, int]:
    """The need's place, the rows that can have it and those that do."""
    among = need.among() if need.among else None
    rows = func.count() if among is None else func.count().filter(among)
    have = need.has if need.columns else None
    conditions = [each for each in (among, have) if each is not None]
    having = func.count().filter(and_(*conditions)) if conditions else func.count()
    return select(literal(at, Integer), rows, having).select_from(need.table)
