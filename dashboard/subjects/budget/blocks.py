"""The HTML of the Budget page: members with their ceilings."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import htpy as h

from dashboard.subjects.budget import pace_words, words
from data_access.questions.budget.burn import MemberBurn

_LONGEST_NAME = 60
# Each column's heading, and whether it holds figures.
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


def burn_table(rows: Iterable[MemberBurn], named: Callable[[MemberBurn, str], h.Node]) -> h.Element:
    """One row a member as an HTML table: bars of paid, committed and pending against the ceiling, and the figures.

    `named` makes a link of a member's name, where there is one.
    """
    listed = list(rows)
    full = max(map(_length, listed), default=1.0)
    heads = [h.th(scope="col", class_=is_figure and "up-figure")[label] for label, is_figure in _COLUMNS]
    return h.div(".up-scroll", role="region", aria_label="Members’ ceilings", tabindex="0")[
        h.table(".up-burn")[h.thead[h.tr[heads]], h.tbody[[_burn_row(row, full, named) for row in listed]]]
    ]


def _burn_row(row: MemberBurn, full: float, named: Callable[[MemberBurn, str], h.Node]) -> h.Element:
    burnt, remaining = pace_words.burn_words(row), words.money_words(row.remaining, row.currency)
    costs = (words.money_words(cost, row.currency) for cost in (row.cost_per_event, row.cost_per_attendee))
    cells = (burnt, remaining, pace_words.pace_words(row.pace), pace_words.when_used_up(row), *costs)
    return h.tr(class_=row.state == "over" and "up-alarm")[
        h.th(scope="row")[named(row, _short(row.name or row.person_key))],
        h.td[_bar(row, full)],
        [
            h.td(class_=is_figure and "up-figure", data_label=label)[cell]
            for (label, is_figure), cell in zip(_COLUMNS[2:], cells, strict=True)
        ],
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _length(row: MemberBurn) -> float:
    """What a bar must have room for: the ceiling, or all that is requested where that is more."""
    ceiling = 0.0 if row.ceiling is None else float(row.ceiling)
    return max(ceiling, float(row.paid + row.committed + row.pending)) or 1.0


def _bar(row: MemberBurn, full: float) -> h.Fragment:
    """The bar, of which the whole width is the same amount in each row; the ceiling is a tick."""
    amounts = {"paid": float(row.paid), "committed": float(row.committed), "pending": float(row.pending)}
    ceiling = None if row.ceiling is None else float(row.ceiling)
    return h.fragment[
        h.span(".up-ceiling", aria_hidden="true")[
            [
                h.i(f".up-{name}", style=f"width:{100 * amount / full:.2f}%")
                for name, amount in amounts.items()
                if amount
            ],
            None if ceiling is None else h.b(style=f"left:{min(100 * ceiling / full, 100):.2f}%"),
        ],
        h.small[pace_words.ceiling_words(row)],
    ]
