"""The rows of a grid once more, as data from which the page's script makes a table of HTML.

A grid is a canvas as large as the window lets it be. On paper a table has all its rows and columns, and on a phone it
is a card a row; assets/tables.js makes it when it is needed, for it would be made in vain on nearly every page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import htpy as h
import pandas as pd

from dashboard.parts.spreadsheet import missing
from data_access.answers import Amount, AnswerColumn, Change, Count, Day, Flag, Moment, Number, Share


def paper(table: pd.DataFrame, columns: Sequence[AnswerColumn], alt: str, *, opens: bool) -> h.Element:
    """The columns of the table as its grid shows them; one whose rows open something stays a grid on a phone."""
    heads = [{"title": column.title, "kind": _kind(column), "decimals": column.decimals} for column in columns]
    cells = [[_value(value) for value in table[column.name].tolist()] for column in columns]
    data = {"alt": alt, "columns": heads, "cells": cells}
    # Streamlit's sanitizer drops an attribute that looks like the end of an element: a name such as `</title>`.
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    return h.div(class_=["up-paper", not opens and "up-cards"], data_table=written)


def _kind(column: AnswerColumn) -> str:
    match column:
        case Count() | Amount() | Number():
            return "number"
        case Change():
            return "change"
        case Share():
            return "share"
        case Day() | Moment():
            return "day" if isinstance(column, Day) else "moment"
        case Flag():
            return "flag"
        case _:
            return "text"


def _value(value: Any) -> str | float | int | bool | None:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if missing(value):
        return None
    if isinstance(value, (float, Decimal)):
        return float(value)
    if isinstance(value, datetime):  # pandas' own kind of moment, too
        return value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
