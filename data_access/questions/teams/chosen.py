"""Which teams an answer is about."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from data_access.database.schema import teams
from data_access.selection import Selection


def chosen(selection: Selection, team: str = "") -> list[ColumnElement[bool]]:
    """Conditions on `teams`: the filters by team and area, and the one team that is asked for."""
    narrowed: list[ColumnElement[bool]] = [teams.c.team_key == team] if team else []
    if selection.team:
        narrowed.append(teams.c.team_key.in_(selection.team))
    if selection.area:
        narrowed.append(teams.c.area.in_(selection.area))
    return narrowed
