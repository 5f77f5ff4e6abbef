"""What partners see of their own teams, exact and live, beside what was released of the others.

A question about teams declares that it can be asked so. Its answer then keeps the rows of the asker's own teams alone,
and of those no column that names a person: both are done in one place, for every such question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data_access.selection import Role, Scope

TEAM = "team"  # the column that says whose a row is, and the option that narrows an answer to one team
Ordered = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class OwnTeams:
    """How an answer about teams is put together: `order` sorts its rows, `names` are its columns that name people."""

    order: Ordered
    names: tuple[str, ...] = ()

    def kept(self, found: pd.DataFrame, scope: Scope) -> pd.DataFrame:
        """The rows of the scope's own teams, without names of people."""
        own = found[found[TEAM].isin(scope.teams)].reset_index(drop=True)
        for name in self.names:
            own[name] = own[name].mask(own[name].notna())
        return own

    def together(self, released: pd.DataFrame, own: pd.DataFrame, scope: Scope) -> pd.DataFrame:
        """The rows of the scope's own teams as they are now, and those of the others as released, in order."""
        others = released[~released[TEAM].isin(scope.teams)]
        if others.empty or own.empty:
            return (own if others.empty else others).reset_index(drop=True)
        return self.order(pd.concat([others, own], ignore_index=True).astype(dict(released.dtypes)))


def about_own_teams(can: OwnTeams | None, scope: Scope, options: Mapping[str, Any]) -> Scope | None:
    """The scope that asks about a partner's own teams; None where the question, the viewer or the options do not."""
    if can is None or scope.role is not Role.PARTNER or scope.exact or not scope.teams:
        return None
    if options.get(TEAM, "") not in ("", *scope.teams):
        return None
    return replace(scope, own_teams=True)
