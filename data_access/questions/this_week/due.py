"""What is due this week: one list of what is too late soon, for who acts on it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import empty, table
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import MONEY, question
from data_access.questions.this_week import desk, people, places
from data_access.questions.this_week.items import FOR_THE_BOARD, MOST, DueItem, most_urgent, ranked
from data_access.selection import INSIDE, Role, Scope, Selection, SelectionError

BOARD = "board"
# Whether only the board can approve a request is worked out one by one: for the board of more of them.
MOST_LOOKED_AT, MOST_FOR_BOARD = 20, 200
# A partner asks about their own teams.
READERS = INSIDE | {Role.PARTNER}


def _as_found(found: pd.DataFrame) -> pd.DataFrame:
    return found


@question(
    roles=READERS,
    counts=MONEY,
    columns=DueItem,
    names_people=True,
    own_teams=OwnTeams(_as_found, names=("name", "person")),
)
def this_week(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    whose: str = "",
    most: int = MOST,
    of_each: int = MOST,
) -> pd.DataFrame:
    """What is too late soon if nobody acts, the sooner the earlier: at most ten things, each with its day.

    With `whose` "board" only what the board decides or watches over: requests that only it can approve, disputes,
    budgets, targets, pilots. A partner is told of their own teams (ready, stalled). Listed are:

    Pending requests whose event is within 28 days or over, or that have waited for more than 30. In the last 45 days of
    a quarter members at risk of the floor; members who missed it twice in a row or more. Events of the last 90 days
    that nobody marked. Disputes open for more than 46 days. Applications that have waited for more than 30, and no more
    than 365. Budgets of this fiscal year, or of one that begins within 60 days, that the board has not approved.
    Targets behind their pace (spending apart). Pilots that end within 28 days, or ended without a verdict. Teams that
    are ready for the next stage, or stalled. Data whose last import is more than 14 days old.

    Of each kind two, and more where room is left. `most` rows (0: all that were found), `of_each` of a kind are looked
    for; `in_all` counts all of the kind. As of `as_of`; period and filters do not apply. Live sources that failed are
    told by `live_sources`, imports that were refused by `refused_imports`.
    """
    if whose not in ("", BOARD):
        raise SelectionError(f"{whose[:40]!r} is not {BOARD}.")
    if not scope.exact:
        return empty(DueItem)
    found = list(_found(connection, Selection(as_of=selection.as_of), scope, whose, max(of_each, 1)))
    return table(DueItem, most_urgent(found, most) if most > 0 else ranked(found))


def _found(connection: Connection, selection: Selection, scope: Scope, whose: str, each: int) -> Iterator[DueItem]:
    if scope.role is Role.PARTNER:
        yield from places.teams(connection, selection, scope, each)
        return
    pilots = list(places.pilots(connection, selection, scope, each))
    everything = (
        *desk.requests(connection, selection, max(each, MOST_FOR_BOARD if whose == BOARD else MOST_LOOKED_AT)),
        *desk.disputes(connection, selection, scope, each),
        *desk.budgets(connection, selection, scope),
        *places.targets(connection, selection, scope, each, {pilot.key for pilot in pilots}),
        *pilots,
    )
    if whose == BOARD:
        yield from (thing for thing in everything if thing.kind in FOR_THE_BOARD)
        return
    yield from everything
    yield from people.members(connection, selection, each)
    yield from people.unmarked_events(connection, selection, each)
    yield from desk.applications(connection, selection, each)
    yield from places.teams(connection, selection, scope, each)
    yield from places.data(connection, selection)
