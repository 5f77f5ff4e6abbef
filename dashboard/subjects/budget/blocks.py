"""The HTML of the Budget page: members with their ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import htpy as h
import pandas as pd

from dashboard.subjects.budget.words import STATE_WORDS, money_words
from dashboard.subjects.people.words import present, rows_of
from dashboard.words import numbers

_COSTS = ("cost_per_event", "cost_per_attendee")
_LONGEST_NAME = 60
_COLUMNS = (
    ("Member", False),
    ("Paid, committed, pending", False),
    ("Burnt", True),
    ("Remaining", True),
    ("Pace", True),
    ("Used up", False),
    ("An event", True),
    ("An attendee", True),
)


def burn_table(rows: pd.DataFrame) -> h.Element:
    """One row a member as an HTML table: bars of paid, committed and pending against the ceiling, and the figures."""
    heads = [h.th(scope="col", class_=is_figure and "up-figure")[label] for label, is_figure in _COLUMNS]
    return h.div(".up-scroll", role="region", aria_label="Members’ ceilings", tabindex="0")[
        h.table(".up-burn")[h.thead[h.tr[heads]], h.tbody[[_burn_row(row) for row in rows_of(rows)]]]
    ]


def _burn_row(row: Mapping[str, Any]) -> h.Element:
    state = str(row["state"])
    at_least = "at least " if row["unknown"] else ""
    burn = f"{at_least}{numbers.percent(row['burn'])}" if present(row["burn"]) else "–"
    pace = f"{float(row['pace']):.2f}" if present(row["pace"]) else "–"
    when = numbers.short_day(row["exhausted_on"]) if present(row["exhausted_on"]) else STATE_WORDS[state]
    return h.tr(class_=state == "over" and "up-alarm")[
        h.th(scope="row")[_short(str(row["name"] or row["person_key"]))],
        h.td[_bar(row)],
        [h.td(".up-figure")[words] for words in (burn, money_words(row, "remaining"), pace)],
        h.td[when],
        [h.td(".up-figure")[money_words(row, name)] for name in _COSTS],
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _bar(row: Mapping[str, Any]) -> h.Fragment:
    """The bar: its full width is the ceiling, or what is asked for where that is more; the ceiling is a tick."""
    amounts = {name: float(row[name]) for name in ("paid", "committed", "pending")}
    ceiling = float(row["ceiling"]) if present(row["ceiling"]) else 0.0
    full = max(ceiling, sum(amounts.values())) or 1.0
    of = f"of {money_words(row, 'ceiling')}" if ceiling else "no ceiling"
    said = ", ".join(f"{name} {money_words(row, name)}" for name, amount in amounts.items() if amount)
    return h.fragment[
        h.span(".up-ceiling", aria_hidden="true")[
            [
                h.i(f".up-{name}", style=f"width:{100 * amount / full:.2f}%")
                for name, amount in amounts.items()
                if amount
            ],
            h.b(style=f"left:{min(100 * ceiling / full, 100):.2f}%") if ceiling else None,
        ],
        h.small[f"{said or 'nothing yet'}; {of}"],
    ]
