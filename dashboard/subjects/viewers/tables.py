"""The Viewers page's table: who has which role."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from data_access.answers import Text


class ViewerRow(NamedTuple):
    """An account with a role, as the page lists it."""

    email: Annotated[str, Text("E-mail address")]
    role: Annotated[str, Text("Role")]
    teams: Annotated[str, Text("Teams")]


WIDTHS = {"email": 210, "role": 130, "teams": 260}
