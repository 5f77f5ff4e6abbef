"""The HTML of the Health page: a row an indicator, a card an indicator on a phone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

import htpy as h

from dashboard.subjects.health import words
from data_access.questions.health.indicators import Indicator
from data_access.questions.health.judging import CLOSER, STATES, WARNING

_HEADS = ("Indicator", "Now", "Warns at", "Trend", "Who acts", "What to do")


def indicators(rows: Sequence[Indicator], query: str, here: Container[str]) -> h.Element:
    """All indicators by state, warnings first; `query` is what a link to another page takes along.

    `here` are the addresses on this page (#…) of lists that the viewer sees.
    """
    return h.table(".up-health", aria_label="Early warnings, those that need action first")[
        h.thead[h.tr[[h.th(scope="col")[head] for head in _HEADS]]],
        [_group(state, [row for row in rows if row.state == state], query, here) for state in STATES],
    ]


def _group(state: str, rows: Sequence[Indicator], query: str, here: Container[str]) -> h.Element | None:
    if not rows:
        return None
    head = h.tr[
        h.th(".up-group", scope="colgroup", colspan=str(len(_HEADS)))[
            h.span(class_=["up-state", state == WARNING and "alarm"])[
                h.span(aria_hidden="true")[words.SIGNS[state]], " ", words.HEADS[state](len(rows))
            ]
        ]
    ]
    return h.tbody[head, [_row(row, query, here) for row in rows]]


def _row(row: Indicator, query: str, here: Container[str]) -> h.Element:
    cells: Iterable[tuple[str, h.Node]] = (
        ("Now", h.fragment[h.b[words.now_words(row)], h.small[words.base_words(row)]]),
        ("Warns at", words.threshold_words(row)),
        ("Trend", words.trend_words(row)),
        ("Who acts", words.OWNERS[row.owner]),
        ("What to do", _step(row, query, here)),
    )
    return h.tr(class_=not _acts(row) and "quiet")[
        h.th(scope="row")[row.label, h.small[words.ABOUT[row.family]]],
        [h.td(data_label=label)[h.span[cell]] for label, cell in cells],
    ]


def _acts(row: Indicator) -> bool:
    return row.state in (WARNING, CLOSER)


def _step(row: Indicator, query: str, here: Container[str]) -> h.Node:
    said = words.step_words(row)
    if not _acts(row):
        return said or "–"
    step = words.STEPS[row.indicator]
    if step.where.startswith("#") and step.where not in here:
        return said
    where = step.where if step.where.startswith("#") else f"./{step.where}?{query}"
    return h.fragment[said, " ", h.a(href=where, target="_self")[step.page]]
