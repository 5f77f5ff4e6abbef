"""A table on a page: a column of any kind may hold nothing at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
import pytest

from dashboard.parts.tables import as_read, config_of
from dashboard.subjects.requests.tables import WaitingRequest
from data_access.answers import Code, Number, Share, columns_of, table
from data_access.questions import QUESTIONS


class Mixed(NamedTuple):
    value: Annotated[Decimal | float | int | None, Number("Value")]
    share: Annotated[float | None, Share("Share")]
    code: Annotated[str | None, Code("Code")]


@pytest.mark.parametrize("rows", [0, 1, 3])
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_table_of_every_question_may_hold_nothing(name: str, rows: int) -> None:
    columns = QUESTIONS[name].columns
    dtypes = {column.name: column.dtype for column in columns if column.dtype}
    names = [column.name for column in columns]
    nothing = pd.DataFrame([[None] * len(columns)] * rows, columns=names, dtype=object)
    for frame in (nothing, nothing.astype(dtypes)):
        shown = as_read(frame, columns)
        assert shown.shape == (rows, len(columns))
        assert not shown.notna().any().any()
    assert all(config_of(column) for column in columns)


def test_a_queue_without_a_ceiling_an_event_or_a_purpose_is_shown() -> None:
    row = WaitingRequest("r1", "Ana", 14, "100 EUR", None, "No ceiling", None, None, None)
    shown = as_read(table(WaitingRequest, [row]), columns_of(WaitingRequest))
    assert shown["name"].tolist() == ["Ana"]
    assert shown[["share_after", "days_to_event", "category"]].isna().all().all()


def test_only_what_is_exactly_the_limit_is_shown_as_100_percent() -> None:
    found = [0.99, 0.996, 0.99999, 1.0, 1.00001, 1.004, 1.02, None]
    shown = as_read(table(Mixed, [Mixed(None, share, None) for share in found]), columns_of(Mixed))
    assert shown["share"].dropna().tolist() == [0.99, 0.996, 0.9999, 1, 1.0001, 1.004, 1.02]


def test_numbers_of_several_kinds_are_rounded_and_what_is_missing_stays_missing() -> None:
    rows = [Mixed(Decimal("1.60"), 0.126, "at_risk"), Mixed(None, None, None), Mixed(2.4, 1.0, "met"), Mixed(3, 0, "")]
    shown = as_read(table(Mixed, rows), columns_of(Mixed))
    assert shown["value"].dropna().tolist() == [2, 2, 3]
    assert shown["share"].dropna().tolist() == [0.13, 1, 0]
    assert shown["code"].dropna().tolist() == ["at risk", "met", ""]
    assert shown.iloc[1].isna().all()
