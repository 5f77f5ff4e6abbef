"""A table on a page, and the same table as a CSV file that no spreadsheet will run as a program.

What a column is called, holds and means is declared with the answer (`data_access.answers`), never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.parts import named
from dashboard.parts.downloads import download_button
from dashboard.parts.page_parts import show
from dashboard.parts.paper import paper
from dashboard.parts.spreadsheet import to_csv
from dashboard.words.numbers import rounding, share_as_shown
from dashboard.words.sentences import say
from data_access.answers import (
    Amount,
    AnswerColumn,
    Change,
    Code,
    Count,
    Day,
    Flag,
    Key,
    Moment,
    Number,
    Parts,
    Share,
    columns_of,
)

Columns = type[NamedTuple] | Sequence[AnswerColumn]
Width = int | str

MOST_SHOWN = 500
# Shares that add up to more than this are not only rounded: what they are of is in several rows.
MORE_THAN_ALL = 1.005


class Whole(NamedTuple):
    """All rows of a table of which a page holds the first: how many, and how to fetch them when they are wanted."""

    rows: int
    fetch: Callable[[], pd.DataFrame]


def declared(columns: Columns) -> tuple[AnswerColumn, ...]:
    """The columns of a row type, or those that are listed."""
    return columns_of(columns) if isinstance(columns, type) else tuple(columns)


def config_of(column: AnswerColumn, width: Width | None = None, *, leads: bool = False) -> Any:
    """How the grid shows the column: aligned, grouped and written by its kind; `leads` for names that are links."""
    common: dict[str, Any] = {"help": column.help or None, "width": width}
    heading = column.title
    if leads:
        return st.column_config.LinkColumn(heading, display_text=named.SHOWS_NAME, **common)
    match column:
        case Count() | Amount():
            return st.column_config.NumberColumn(heading, format="localized", **common)
        case Number():
            decimals = f"%.{column.decimals}f" if column.decimals > 0 else "localized"
            return st.column_config.NumberColumn(heading, format=decimals, **common)
        case Change():
            return st.column_config.NumberColumn(heading, format=f"%+.{column.decimals}f", **common)
        case Share():
            return st.column_config.NumberColumn(heading, format="percent", **common)
        case Day():
            return st.column_config.DateColumn(heading, format="D MMM YYYY", **common)
        case Moment():
            return st.column_config.DatetimeColumn(heading, format="YYYY-MM-DD HH:mm", **common)
        case Flag():
            return st.column_config.CheckboxColumn(heading, **common)
        case _:
            return st.column_config.TextColumn(heading, **common)


def as_read(table: pd.DataFrame, columns: Sequence[AnswerColumn]) -> pd.DataFrame:
    """The table as people read it: codes without their underscore, shares in per cent. A download has all."""
    shown = table.copy(deep=False)
    for column in columns:
        if column.name not in shown:
            continue
        if isinstance(column, Code):
            shown[column.name] = shown[column.name].astype(object).map(_spoken, na_action="ignore")
        elif isinstance(column, Share):
            shown[column.name] = shown[column.name].map(share_as_shown, na_action="ignore")
        elif isinstance(column, Number) and not column.decimals:
            shown[column.name] = rounded(shown[column.name], 0)
    return shown


def _spoken(code: Any) -> Any:
    return code.replace("_", " ") if isinstance(code, str) else code


def rounded(values: pd.Series[Any], decimals: int) -> pd.Series[Any]:
    """The numbers of a column, rounded. One that mixes kinds, or holds nothing, is no column of numbers to pandas."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.round(decimals)
    return values.map(lambda value: round(value, decimals), na_action="ignore")


def why_not_100(table: pd.DataFrame, columns: Iterable[AnswerColumn]) -> str:
    """Why shares of a whole do not add up to 100% as they are shown; "" where they do, or make up no whole."""
    for column in columns:
        if isinstance(column, Share) and column.of_whole and column.name in table:
            for shares in _wholes(table, column.name, column.of_whole):
                overlap = column.of_whole.overlap
                if said := overlap if overlap and sum(shares) > MORE_THAN_ALL else rounding(shares):
                    return said
    return ""


def _wholes(table: pd.DataFrame, share: str, parts: Parts) -> Iterator[list[float]]:
    """The known shares of each whole."""
    if parts.but:
        name, value = parts.but
        table = table[table[name] != value]
    by = [name for name in parts.by if name in table]
    for whole in [group for _, group in table.groupby(by, dropna=False)] if by else [table]:
        yield [float(found) for found in whole[share].dropna()]


def _open(table: str, on_select: Callable[[], None]) -> None:
    """What choosing a row opens; the row is let go of, so that choosing it once more opens it once more."""
    if st.session_state[table].selection.rows:
        on_select()
        st.session_state[table] = {"selection": {"rows": [], "columns": [], "cells": []}}


def table_with_download(
    table: pd.DataFrame,
    name: str,
    *,
    alt: str,
    columns: Columns,
    shown: Sequence[str] | None = None,
    with_keys: bool = True,
    widths: Mapping[str, Width] | None = None,
    height: int | None = None,
    on_select: Any = None,
    label: str = "Download as CSV",
    whole: Whole | None = None,
) -> None:
    """The table, with a button that saves all its rows as `name`.csv under the same headings.

    `whole` says how many rows there are and fetches them all, where `table` holds the first of them only.

    `columns` declares every column of the table; `shown` chooses some and their order (default: all that hold a
    value, with or without keys, which are in the download either way); `widths` are in pixels, or small, medium, large.
    `on_select` is called when a row is chosen. Where shares of a whole do not add up to 100% as they are shown, a
    sentence says why. Raises KeyError for a column that nobody declared.
    """
    known = {column.name: column for column in declared(columns)}
    listed = [known[str(column)] for column in table.columns]
    some, led = named.with_links(as_read(table.head(MOST_SHOWN), listed), listed)
    if shown is None:
        # A column without any value says nothing on a narrow screen; the download keeps it.
        wanted = [column for column in listed if with_keys or not isinstance(column, Key)]
        shown = [column.name for column in wanted if some.empty or some[column.name].notna().any()]
    extra: dict[str, Any] = {"height": height} if height else {}
    if on_select is not None:
        extra |= {"on_select": lambda: _open(f"table_{name}", on_select), "selection_mode": "single-row"}
    # The page's script knows by the container's name that a click anywhere on a row chooses it.
    with st.container(key=f"opens_{name}") if on_select is not None else nullcontext():
        st.dataframe(
            some,
            hide_index=True,
            column_config={
                column.name: config_of(column, (widths or {}).get(column.name), leads=column.name in led)
                for column in listed
            },
            column_order=list(shown),
            key=f"table_{name}",
            alt=alt,
            placeholder="–",
            width="stretch",
            **extra,
        )
        show(paper(some, [known[name] for name in shown], alt, opens=on_select is not None))
    if said := why_not_100(table, [known[name] for name in shown]):
        st.caption(said)
    rows, fetch = whole or Whole(len(table), lambda: table)
    if rows > len(some):
        st.caption(say("The first {first} of {rows} rows; the download has them all.", first=len(some), rows=rows))
    headings = [column.title for column in listed]
    download_button(label, lambda: to_csv(fetch(), headings), f"{name}.csv", "text/csv", f"download_{name}")
