"""The first day of each person in each team."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, func, insert, select

from data_access.database.schema import contributions, team_contributors


def refresh_team_contributors(connection: Connection, staged: Table | None) -> None:
    """First day in each team of the people whose contributions were staged (None: of everybody)."""
    firsts = (
        select(contributions.c.team_key, contributions.c.person_key, func.min(contributions.c.contributed_on))
        .where(contributions.c.team_key.is_not(None))
        .group_by(contributions.c.team_key, contributions.c.person_key)
    )
    if staged is None or connection.execute(select(team_contributors).limit(1)).first() is None:
        connection.execute(delete(team_contributors))
    else:
        touched = select(staged.c.person_key)
        connection.execute(delete(team_contributors).where(team_contributors.c.person_key.in_(touched)))
        firsts = firsts.where(contributions.c.person_key.in_(touched))
    connection.execute(insert(team_contributors).from_select(team_contributors.columns.keys(), firsts))
