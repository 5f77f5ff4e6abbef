"""What a what-if is made of: the request and what is known around it, and the figures that answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from sqlalchemy import Connection, Row

from data_access.answers import Code, Key, Number, Text
from data_access.database.memory import until_change
from data_access.money.effect import Effect, effect
from data_access.money.ledger import FiscalYear, Standing, fiscal_year_of, program_totals
from data_access.money.rates import Rate, Rates
from data_access.program import Program
from data_access.selection import Selection

FINE, WATCH, STOP, BOARD, UNKNOWN = VERDICTS = ("fine", "look closer", "over", "for the board", "not known")
MONEY, SHARE, KM, RATIO, COUNT = "money", "share", "km", "ratio", "count"


class WhatIfFigure(NamedTuple):
    figure: Annotated[str, Key("Figure’s key")]
    label: Annotated[str, Text("Figure")]
    value: Annotated[Decimal | float | int | None, Number("Value", help="In the unit of its row; empty: not known")]
    unit: Annotated[str, Code("Unit", help="money (in the program’s currency), share, km, ratio or count")]
    verdict: Annotated[str, Code("Verdict", help="fine, look closer, over, for the board or not known")]
    explanation: Annotated[str, Text("How it comes about")]


@dataclass(frozen=True)
class Case:
    """One request and what is known around it; `given` is the amount to look at, in the request's own currency."""

    connection: Connection
    selection: Selection
    row: Row[Any]
    program: Program
    given: Decimal

    @property
    def is_pending(self) -> bool:
        return self.row.decision in (None, "pending")

    @property
    def year(self) -> FiscalYear:
        return fiscal_year_of(self.selection.as_of, self.program)

    @cached_property
    def rate(self) -> Rate | None:
        if not self.program.currency:
            return None
        return Rates(self.connection, self.program.currency).at(self.row.currency, self.selection.as_of)

    @cached_property
    def effect(self) -> Effect:
        """What approving it on `as_of` would do; of what is decided already the money is what it is."""
        as_of, row = self.selection.as_of, self.row
        added = self.own if self.is_pending else Decimal(0)
        return effect(
            *(self.connection, self.program, row.person_key, added, row.currency),
            year=self.year,
            day=as_of,
            as_of=as_of,
            whole=self._whole,
        )

    @property
    def _whole(self) -> Standing:
        """The program's standing: the same for every request, and over a large program most of a what-if's time."""
        year, as_of = self.year, self.selection.as_of
        return until_change(self.connection, lambda found: program_totals(found, year, as_of), "totals", year, as_of)

    @property
    def own(self) -> Decimal | None:
        """The amount in the program's currency; None without a rate."""
        return self.rate.convert(self.given) if self.rate else None
