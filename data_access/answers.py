"""What an answer declares, once: a typed row whose fields are its columns.

A question names a `NamedTuple` of annotated fields; the empty frame, the types, the table on a page, the heading of a
download, `uplift ask --list NAME`, docs/questions.md and a test are all made from it:

    class Reached(NamedTuple):
        country: Annotated[str, Key("Country code")]
        people: Annotated[int | None, Count("Who know a language", "people", help="Empty: not known")]
        share: Annotated[float | None, Share("Of the inhabitants")]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import pandas as pd
from sqlalchemy import Connection, Executable

AS_IT_IS = -1


@dataclass(frozen=True)
class AnswerColumn:
    """One column of an answer, as every place that shows it says it.

    `unit` is what is counted (events, people, weeks) or measured in (km, days). A column with `only_with` is there
    only when that option of the question is set. `decimals` are shown on a page (each number as it is with
    `AS_IT_IS`); a download has them all. `name` and `dtype` come from the field that declares it.
    """

    heading: str
    unit: str = ""
    _: KW_ONLY
    help: str = ""
    decimals: int = 0
    only_with: str = ""
    name: str = ""
    dtype: str | None = None
    kind: ClassVar[str]

    @property
    def title(self) -> str:
        """The heading with the unit of what is measured: `Distance, km`."""
        return self.heading


class Text(AnswerColumn):
    kind = "text"


class Key(AnswerColumn):
    """The source's own id, or a code that nobody reads aloud."""

    kind = "key"


class Code(AnswerColumn):
    """One of a few words, such as in_person."""

    kind = "code"


class Count(AnswerColumn):
    """A whole number of what `unit` names, in the plural."""

    kind = "count"


class Change(AnswerColumn):
    """By how many a count grew; shown with its sign."""

    kind = "change"


class Number(AnswerColumn):
    """A measurement in `unit`."""

    kind = "number"

    @property
    def title(self) -> str:
        return f"{self.heading}, {self.unit}" if self.unit else self.heading


@dataclass(frozen=True)
class Parts:
    """Which rows together make up a whole: those that agree in the columns `by`, but for rows with this value.

    `overlap` says why they may add up to more, where one thing can be in several rows.
    """

    by: tuple[str, ...] = ()
    but: tuple[str, str] | None = None
    overlap: str = ""


@dataclass(frozen=True)
class Share(AnswerColumn):
    """A part of a whole, from 0 to 1; shown in per cent.

    `of_whole` says which rows add up to 100%; without it they are not expected to.
    """

    _: KW_ONLY
    of_whole: Parts | None = None
    kind = "share"


class Amount(AnswerColumn):
    """Money, exact, in the program's currency or in the one that the row names."""

    kind = "money"


class Day(AnswerColumn):
    kind = "day"


class Moment(AnswerColumn):
    """A time in UTC."""

    kind = "moment"


class Flag(AnswerColumn):
    kind = "flag"


Row = TypeVar("Row", bound=NamedTuple)


@cache
def columns_of(row: type[NamedTuple]) -> tuple[AnswerColumn, ...]:
    """The columns that a row declares, in order. Raises TypeError for a field that declares none."""
    hints = get_type_hints(row, include_extras=True)
    found = []
    for name in row._fields:
        declared = [item for item in get_args(hints[name])[1:] if isinstance(item, AnswerColumn)]
        if get_origin(hints[name]) is not Annotated or len(declared) != 1:
            raise TypeError(f"{row.__name__}.{name} must declare its column, like Annotated[int, Count(…)]")
        found.append(replace(declared[0], name=name, dtype=_dtype(get_args(hints[name])[0])))
    return tuple(found)


# What is not here (exact decimals, days, moments) keeps Python's own type.
_DTYPES = {int: "Int64", float: "Float64", str: "str", bool: "boolean"}


def _dtype(annotation: Any) -> str | None:
    """The column's type; None for what keeps Python's own, such as amounts among counts."""
    kinds = [part for part in get_args(annotation) or (annotation,) if part is not type(None)]
    return _DTYPES.get(kinds[0]) if len(kinds) == 1 else None


def empty(row: type[NamedTuple]) -> pd.DataFrame:
    """The answer without a row, every column in its type."""
    return _without_rows(row).copy()


@cache
def _without_rows(row: type[NamedTuple]) -> pd.DataFrame:
    return table(row, ())


def table(row: type[NamedTuple], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """The answer of these rows; each has a value for every column, in their order."""
    columns = columns_of(row)
    found = list(zip(*rows, strict=True)) or [()] * len(columns)
    # Column by column: as one frame of objects that is made one of types it takes twice as long.
    series = {
        column.name: pd.Series(list(cells), dtype=column.dtype or object)
        for column, cells in zip(columns, found, strict=True)
    }
    return pd.DataFrame(series)


def typed(row: type[NamedTuple], frame: pd.DataFrame) -> pd.DataFrame:
    """The declared columns of a frame, in their order and types. A column with `only_with` may be absent."""
    columns = [column for column in columns_of(row) if column.name in frame.columns or not column.only_with]
    dtypes: Any = {column.name: column.dtype for column in columns if column.dtype is not None}
    return frame[[column.name for column in columns]].astype(dtypes)


def fetch(connection: Connection, statement: Executable, row: type[NamedTuple]) -> pd.DataFrame:
    """Run a statement that selects the declared columns by name."""
    result = connection.execute(statement)
    return typed(row, pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object))


def rows(row: type[Row], frame: pd.DataFrame) -> list[Row]:
    """The rows of an answer, typed; whatever way a cell is missing, it is None."""
    cells = [
        _plain(frame[column.name]) if column.name in frame.columns else [None] * len(frame)
        for column in columns_of(row)
    ]
    return [row._make(values) for values in zip(*cells, strict=True)]


def plain(value: Any) -> Any:
    """A cell as JSON has it: exact amounts are text with all digits, days are ISO 8601, what is missing is null."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _plain(values: pd.Series[Any]) -> list[Any]:
    # All that stands for a missing value in pandas, but `NA`, differs from itself.
    return [None if value is pd.NA or value != value else value for value in values.tolist()]
