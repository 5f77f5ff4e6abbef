"""What an answer declares makes its frame, its types and its typed rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
import pytest

from data_access.answers import (
    Amount,
    Count,
    Day,
    Flag,
    Key,
    Number,
    Share,
    Text,
    columns_of,
    empty,
    rows,
    table,
    typed,
)


class Example(NamedTuple):
    code: Annotated[str, Key("Code")]
    name: Annotated[str | None, Text("Name")]
    events: Annotated[int | None, Count("Events", "events", help="Held only")]
    distance: Annotated[float | None, Number("Distance", "km", decimals=1)]
    part: Annotated[float | None, Share("Part")]
    paid: Annotated[Decimal | None, Amount("Paid")]
    on: Annotated[date | None, Day("On")]
    open: Annotated[bool | None, Flag("Open")]
    group: Annotated[str | None, Text("Group", only_with="by")]


WHOLE = ("de", "Germany", 3, 1.5, 0.25, Decimal("10.01"), date(2026, 1, 2), True, "a")
NOTHING = ("xx", None, None, None, None, None, None, None, None)


class Mixed(NamedTuple):
    value: Annotated[int | Decimal | None, Number("Value")]


class Bare(NamedTuple):
    code: str


def test_rows_come_back_as_they_were_given() -> None:
    """Whatever pandas makes of a missing cell, a typed row has None."""
    assert rows(Example, table(Example, [WHOLE, NOTHING])) == [Example(*WHOLE), Example(*NOTHING)]


def test_an_empty_answer_has_the_columns_and_types_of_a_full_one() -> None:
    full, none = table(Example, [WHOLE]), empty(Example)
    assert list(none.columns) == list(full.columns) == list(Example._fields)
    assert none.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_a_column_of_an_option_may_be_absent_and_no_other() -> None:
    frame = pd.DataFrame([WHOLE[:-1]], columns=list(Example._fields[:-1]), dtype=object)
    assert rows(Example, typed(Example, frame))[0].group is None
    with pytest.raises(KeyError):
        typed(Example, frame.drop(columns="events"))


def test_amounts_stay_exact_and_counts_whole() -> None:
    found = rows(Example, table(Example, [WHOLE]))[0]
    assert (type(found.events), type(found.paid), type(found.on)) == (int, Decimal, date)


def test_a_column_of_counts_and_amounts_keeps_both_as_they_are() -> None:
    values = [3, Decimal("10.01"), None]
    assert [row.value for row in rows(Mixed, table(Mixed, [(value,) for value in values]))] == values


def test_a_title_names_the_unit_of_what_is_measured() -> None:
    titles = {column.name: column.title for column in columns_of(Example)}
    assert (titles["distance"], titles["events"]) == ("Distance, km", "Events")


def test_a_field_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Bare\.code must declare its column"):
        columns_of(Bare)
