"""What an answer declares, once: a typed row whose fields are its columns.

A question names a `NamedTuple` of annotated fields; the empty frame, the types, the table on a page, the heading of a
download, `uplift ask --list NAME`, docs/questions.md and a test are all made from it:

    class Reached(NamedTuple):
        country: Annotated[str, key("Country code")]
        people: Annotated[int | None, count("people", "People who know a language", help="Empty: not known")]
        share: Annotated[float | None, share("Of the inhabitants")]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import pandas as pd
from sqlalchemy import Connection, Executable


class Kind(StrEnum):
    """What a column holds; type, alignment and notation follow from it."""

    TEXT = "text"
    KEY = "key"  # the source's own id, or a code that nobody reads aloud
    CODE = "code"  # one of a few words, such as in_person
    COUNT = "count"
    CHANGE = "change"  # a difference of counts, written with its sign
    NUMBER = "number"
    SHARE = "share"  # from 0 to 1, written in per cent
    MONEY = "money"  # exact decimals
    DAY = "day"
    MOMENT = "moment"  # UTC
    FLAG = "flag"


# None: exact decimals, days and moments keep Python's own types.
_DTYPES: dict[Kind, str | None] = {
    Kind.TEXT: "str",
    Kind.KEY: "str",
    Kind.CODE: "str",
    Kind.COUNT: "Int64",
    Kind.CHANGE: "Int64",
    Kind.NUMBER: "Float64",
    Kind.SHARE: "Float64",
    Kind.MONEY: None,
    Kind.DAY: None,
    Kind.MOMENT: None,
    Kind.FLAG: "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer, as every place that shows it says it.

    `unit` is what is counted (events, people, weeks) or measured in (km, days). A column with `only_with` is there
    only when that option of the question is set. `decimals` are shown on a page; a download has them all.
    """

    kind: Kind
    heading: str
    unit: str = ""
    help: str = ""
    decimals: int = 0
    only_with: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """The heading with the unit, where the heading does not say it itself: `Distance, km`."""
        return f"{self.heading}, {self.unit}" if self.unit and self.kind is Kind.NUMBER else self.heading


def text(heading: str, *, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.TEXT, heading, help=help, only_with=only_with)


def key(heading: str, *, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.KEY, heading, help=help, only_with=only_with)


def code(heading: str, *, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.CODE, heading, help=help, only_with=only_with)


def count(of: str, heading: str, *, help: str = "", only_with: str = "") -> Column:
    """A whole number of something, named in the plural: events, people, weeks."""
    return Column(Kind.COUNT, heading, of, help, only_with=only_with)


def change(of: str, heading: str, *, help: str = "") -> Column:
    """By how many it grew."""
    return Column(Kind.CHANGE, heading, of, help)


def number(heading: str, unit: str = "", *, decimals: int = 0, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.NUMBER, heading, unit, help, decimals, only_with)


def share(heading: str, *, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.SHARE, heading, help=help, only_with=only_with)


def money(heading: str, *, help: str = "", only_with: str = "") -> Column:
    """An amount in the program's currency, or in the one that the row names."""
    return Column(Kind.MONEY, heading, help=help, only_with=only_with)


def day(heading: str, *, help: str = "") -> Column:
    return Column(Kind.DAY, heading, help=help)


def moment(heading: str, *, help: str = "") -> Column:
    return Column(Kind.MOMENT, heading, help=help)


def flag(heading: str, *, help: str = "", only_with: str = "") -> Column:
    return Column(Kind.FLAG, heading, help=help, only_with=only_with)


Row = TypeVar("Row", bound=NamedTuple)


@cache
def columns_of(row: type[NamedTuple]) -> tuple[Column, ...]:
    """The columns that a row declares, in order. Raises TypeError for a field that declares none."""
    hints = get_type_hints(row, include_extras=True)
    found = []
    for name in row._fields:
        declared = [item for item in get_args(hints[name])[1:] if isinstance(item, Column)]
        if get_origin(hints[name]) is not Annotated or len(declared) != 1:
            raise TypeError(f"{row.__name__}.{name} must declare its column, like Annotated[int, count(…)]")
        found.append(replace(declared[0], name=name))
    return tuple(found)


def empty(row: type[NamedTuple]) -> pd.DataFrame:
    """The answer without a row, every column in its type."""
    return table(row, ())


def table(row: type[NamedTuple], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """The answer of these rows; each has a value for every column, in their order."""
    return typed(row, pd.DataFrame(list(rows), columns=list(row._fields), dtype=object))


def typed(row: type[NamedTuple], frame: pd.DataFrame) -> pd.DataFrame:
    """The declared columns of a frame, in their order and types. A column with `only_with` may be absent."""
    columns = [column for column in columns_of(row) if column.name in frame.columns or not column.only_with]
    dtypes: Any = {column.name: dtype for column in columns if (dtype := _DTYPES[column.kind]) is not None}
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


def _plain(values: pd.Series[Any]) -> list[Any]:
    known = values.notna()
    return [value if there else None for value, there in zip(values.tolist(), known.tolist(), strict=True)]
