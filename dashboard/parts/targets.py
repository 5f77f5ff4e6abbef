"""Targets on every page that has some: asked for, and as a table under what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.aims import Wanted, finding, scope_words
from dashboard.parts.tables import Whole, table_with_download
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.periods import ALL_TIME
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access import answers
from data_access.questions.impact.targets import (
    TargetProgress,
    named_metric,
    targets_progress,
)
from data_access.selection import Period, Role, Selection

SHOWN = (
    *("metric", "scope", "state", "value", "target", "gap", "pace", "period_end"),
    *("share", "elapsed", "days_left", "period_start", "note"),
)
NUMBERS = ("target", "value", "gap", "pace")


def progress(selection: Selection, wanted: Wanted = lambda _: True) -> list[TargetProgress]:
    """The targets of the selection that are wanted.

    Each is measured over its own time, whatever the period: without filters all are asked for at once, and kept when
    another period is chosen.
    """
    period = selection.period
    asked = selection if selection.narrowed_by else Selection(ALL_TIME, selection.as_of)
    found = answers.rows(TargetProgress, cached.answer(targets_progress, asked, filters.asked().scope))
    return [row for row in found if row.period_end >= period.start and row.period_start < period.end and wanted(row)]


def today(selection: Selection, wanted: Wanted = lambda _: True) -> list[TargetProgress]:
    """The targets that run on the day, whatever the period."""
    day = Period(selection.as_of, selection.as_of + timedelta(days=1))
    return progress(Selection(day, selection.as_of), wanted)


def section(found: Sequence[TargetProgress], *, where: str = "") -> None:
    """The targets as a table, under what they say together; nothing where there are none."""
    now = filters.asked()
    if not found:
        return
    st.header("Against the targets", anchor="targets")
    st.caption(" ".join(filter(None, (finding(found), where))))
    # A link may lead to one of them: it is told by itself, and comes first in the table.
    linked = st.query_params.get("target", "")
    found = sorted(found, key=lambda row: _key(row) != linked)
    if found and _key(found[0]) == linked:
        page_parts.opened(linked)
        st.info(plain(told(found[0], now.names)), icon=":material/flag:")
    named = answers.table(TargetProgress, found)
    named = named.assign(
        metric=[LABELS.get(named_metric(row.metric), row.metric) for row in found],
        scope=[scope_words(row.scope, now.names) for row in found],
    )
    # A number with the decimals of an amount would be no count. Money is shown in whole units, as beside the numbers
    # above; the download has its cents.
    exact = named.assign(**{name: pd.to_numeric(named[name]) for name in NUMBERS})
    is_money = pd.Series([named_metric(row.metric) == "spend" for row in found], index=exact.index)
    shown = exact.assign(**{name: exact[name].mask(is_money, exact[name].round()) for name in NUMBERS})
    table_with_download(
        shown,
        "targets",
        alt="Targets with what is reached of each, what is missing, and what is needed a week",
        columns=TargetProgress,
        shown=list(SHOWN),
        widths={"metric": 190, "scope": 130, "state": "small", "note": "medium"},
        whole=Whole(len(exact), lambda: exact),
    )


def _key(row: TargetProgress) -> str:
    return ":".join((row.metric, row.scope or "", str(row.period_start)))


_TOLD = {
    True: "{measure} for {about}: {done} of {target} by {day}; {gap} still missing, {pace} needed a week.",
    False: "{measure} for {about}: {done} of {target} by {day}.",
}


def told(row: TargetProgress, names: Mapping[str, Mapping[str, str]]) -> str:
    """One target in a sentence."""
    measure = LABELS.get(named_metric(row.metric), row.metric)
    known = {"measure": measure, "about": scope_words(row.scope, names) or "the whole program", "day": row.period_end}
    done = "–" if row.value is None else numbers.number(row.value)
    paced = row.gap is not None and row.pace is not None and row.gap > 0
    gap, pace = numbers.number(row.gap or 0), numbers.tenths(row.pace or 0)
    return say(_TOLD[paced], done=done, target=numbers.number(row.target), gap=gap, pace=pace, **known)


def set_on_impact() -> str:
    """Where who may change them can."""
    return "Targets are set on the Impact page." if filters.asked().scope.role is Role.PM else ""


def year_around(day: date) -> tuple[date, date]:
    """The calendar year's first and last day, which a new target is offered."""
    return date(day.year, 1, 1), date(day.year, 12, 31)
