"""What a request would do if it were approved: to the ceiling, the budget, the map; and what speaks for and against."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row

from data_access.answers import table
from data_access.program import load_program
from data_access.questions.registry import MONEY, question
from data_access.questions.requests import member_figures, money_figures
from data_access.questions.requests.figures import Case, WhatIfFigure
from data_access.questions.requests.nearer import find_request
from data_access.selection import INSIDE, Scope, Selection, SelectionError


@question(roles=INSIDE, counts=MONEY, columns=WhatIfFigure, names_people=True)
def what_if(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    request: str = "",
    amount: str = "",
    far_km: int = 3_000,
) -> pd.DataFrame:
    """What would change if a request were approved on `as_of`, and what speaks for and against it; a row a figure.

    Figures: amount, to_approve (what has to be confirmed, in the decision's own words), ceiling_after (exactly 100 % is
    not over), budget_after, floor, distance, cost_per_attendee, gap_ratio, language_fit, nearer_members. `amount` is in
    the request's own currency; all that is requested unless given. For a request that is decided on `as_of` the money
    is what it is.

    Distance is the WGS84 geodesic from home to event; beyond `far_km` it wants a closer look. Cost per attendee
    compares with the latest 200 events of the same scale and region (online: online) that were held in the two years
    before, have attendance and money approved; more than twice their median wants a closer look. The gap ratio is that
    of `country_gaps` over the year before.
    """
    row = find_request(connection, request, selection.as_of)
    program = load_program(connection)
    case = Case(connection, selection, row, program, _amount(row, amount))
    figures = [money_figures.amount(case)]
    if program.currency:
        figures += [money_figures.decision(case), money_figures.ceiling(case), money_figures.budget(case)]
    figures += [member_figures.floor(case), member_figures.distance(case, far_km)]
    if program.currency:
        figures.append(money_figures.cost_per_attendee(case))
    figures += [member_figures.gap(case), member_figures.language(case), member_figures.nearer_members(case)]
    return table(WhatIfFigure, figures)


def _amount(row: Row[Any], amount: str) -> Decimal:
    if not amount:
        return Decimal(row.approved_amount if row.approved_amount is not None else row.requested_amount)
    try:
        given = Decimal(amount)
        if not given.is_finite() or given <= 0:
            raise InvalidOperation
    except InvalidOperation:
        raise SelectionError(f"{amount[:40]!r} is not an amount above zero. Write it like 1133.32.") from None
    return given
