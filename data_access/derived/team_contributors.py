"""The first day of each person in each team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, delete, func, insert, select

from data_access.database.prepared import in_duckdb
from data_access.database.schema import contributions, team_contributors
from data_access.derived.at_once import are_many, done_at_once

if TYPE_CHECKING:
    from data_access.database.unfinished_copy import UnfinishedCopy


def refresh_team_contributors(connection: Connection, staged: Table | None, copy: UnfinishedCopy | None = None) -> None:
    """First day in each team of the people whose contributions were staged (None: of everybody).

    For many contributions, when most people are among them, it is worked out in the columnar copy.
    """
    firsts = (
        select(contributions.c.team_key, contributions.c.person_key, func.min(contributions.c.contributed_on))
        .where(contributions.c.team_key.is_not(None))
        .group_by(contributions.c.team_key, contributions.c.person_key)
    )
    touched = None
    if staged is not None and connection.execute(select(team_contributors).limit(1)).first() is not None:
        touched = select(staged.c.person_key)
    if are_many(connection, None if touched is None else touched.distinct()) and done_at_once(
        connection,
        copy,
        lambda everybody: everybody.work_out(team_contributors, in_duckdb(firsts)),
        [team_contributors],
    ):
        return
    gone = delete(team_contributors)
    if touched is not None:
        gone = gone.where(team_contributors.c.person_key.in_(touched))
        firsts = firsts.where(contributions.c.person_key.in_(touched))
    connection.execute(gone)
    connection.execute(insert(team_contributors).from_select(team_contributors.columns.keys(), firsts))
