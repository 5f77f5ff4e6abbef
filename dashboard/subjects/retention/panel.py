"""The parts of the Retention page: the grid and its curves, returning people, the persona, what follows events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, tables
from dashboard.parts.figures import show_figure
from dashboard.parts.page_parts import theme_type
from dashboard.parts.shares import curves_picture
from dashboard.subjects.funnel.words import group_name
from dashboard.subjects.retention import charts
from dashboard.subjects.retention import words as retention_words
from dashboard.words import periods
from data_access.questions.funnel.followthrough import event_followthrough, tasks_by_phase
from data_access.questions.retention import grid as retention_grid
from data_access.questions.retention import persona as retention_persona
from data_access.questions.retention.grid import retention

_NUMBER = st.column_config.NumberColumn
COLUMNS: Mapping[str, Any] = {
    "cohort": "Cohort",
    "people": _NUMBER("People", format="localized", width="small"),
    "quarter": "Quarter",
    "starts_on": None,
    "ends_on": None,
    "active": _NUMBER("Active", format="localized"),
    "new": _NUMBER("New", format="localized"),
    "continuing": _NUMBER("Continuing", format="localized"),
    "reactivated": _NUMBER("Reactivated", format="localized"),
    "open": st.column_config.CheckboxColumn("Still open"),
    "mission_driven": _NUMBER("Mission-driven", format="localized"),
    "share": _NUMBER("Share", format="percent"),
    "low": _NUMBER("From", format="percent"),
    "high": _NUMBER("To", format="percent"),
    "regular": _NUMBER("Regular", format="localized"),
    "areas": _NUMBER("Two areas", format="localized"),
    "not_code": _NUMBER("Mostly not code", format="localized"),
    "connected": _NUMBER("Connected", format="localized"),
    "group": None,
    "name": st.column_config.TextColumn("Events", width="medium"),
    "events": _NUMBER("Events", format="localized"),
    "open_events": _NUMBER("Too young", format="localized", help="Events younger than 90 days, in no other column"),
    "new_30": _NUMBER("New, 30 days", format="localized"),
    "new_90": _NUMBER("New, 90 days", format="localized"),
    "returning_30": _NUMBER("Returning, 30 days", format="localized"),
    "returning_90": _NUMBER("Returning, 90 days", format="localized"),
    "new_per_event": _NUMBER("New per event", format="%.2f"),
    "cost": _NUMBER("Paid", format="localized"),
    "cost_per_new": _NUMBER("Paid per new", format="localized"),
    "currency": None,
    "phase": "Phase",
    "kind": "Kind",
    "tasks": _NUMBER("Tasks", format="localized"),
    "completed": _NUMBER("Completed", format="localized"),
    "completed_per_task": _NUMBER("Completed per task", format="%.1f"),
    **{f"month {month}": _NUMBER(str(month), format="percent", width="small") for month in range(241)},
}


def grid(overall: pd.DataFrame) -> None:
    """Cohorts × months since, in one of two readings; below it the curve of all, or of the row that was selected."""
    now = filters.asked()
    reading = page_parts.linked_choice("Reading", retention_words.READINGS, "reading")
    # Cohorts over a longer time than the period: a year's newest cohorts have hardly any months behind them.
    longer = periods.trend_selection(now.selection, 36)
    cells = cached.answer(retention, longer, now.scope)
    if cells.empty:
        page_parts.remark("No cohort has a month behind it that may be shown.")
        return
    names, months, shares, said = retention_words.grid_cells(cells, reading)
    st.caption("A row a cohort by first contribution. Blank: the month is not over, or may not be shown.")
    show_figure(charts.grid_picture(names, months, shares, said, theme_type()), key="retention_grid")
    table = retention_words.grid_table(cells, reading)
    st.caption("The same as a table. Select a row to see its curve beside everybody’s.")
    st.session_state["uplift_cohorts"] = list(table["cohort"])
    tables.table_with_download(
        table, "retention", alt="Retention by cohort", columns=COLUMNS, height=300, on_select=_row_chosen
    )
    rows = [retention_words.curve(overall, reading)]
    chosen = st.session_state.get("uplift_cohort", "")
    if chosen in set(cells["cohort"]):
        rows.append(retention_words.cohort_curve(cells, chosen, reading))
    picture = curves_picture(rows, "months after the first contribution", theme_type(), stairs=False)
    show_figure(picture, key="retention_curve")


def _row_chosen() -> None:
    rows = st.session_state["table_retention"].selection.rows
    cohorts = st.session_state.get("uplift_cohorts", [])
    st.session_state["uplift_cohort"] = cohorts[rows[0]] if rows and rows[0] < len(cohorts) else ""


def returning() -> None:
    """New, continuing and reactivated people by quarter."""
    now = filters.asked()
    found = cached.answer(retention_grid.returning, periods.trend_selection(now.selection, 24), now.scope)
    if found.empty:
        page_parts.remark("Nobody contributed in this time, or it may not be shown.")
        return
    tables.table_with_download(
        found.iloc[::-1].reset_index(drop=True),
        "returning",
        alt="New, continuing and reactivated contributors by quarter",
        columns=COLUMNS,
        shown=["quarter", "active", "new", "continuing", "reactivated", "open"],
    )


def persona() -> None:
    """The mission-driven: their share and its trend."""
    now = filters.asked()
    found = cached.answer(retention_persona.persona, periods.trend_selection(now.selection, 24), now.scope)
    page_parts.remark(retention_words.persona_words(found))
    rows = retention_words.persona_series(found)
    if not rows:
        return
    show_figure(charts.quarters_picture(rows[0], theme_type()), key="persona_trend")
    with st.expander("The four words, quarter by quarter", icon=":material/table:"):
        tables.table_with_download(found, "persona", alt="Mission-driven contributors by quarter", columns=COLUMNS)


def following() -> None:
    """New and returning contributors after events, and the tasks set around them."""
    now = filters.asked()
    by = page_parts.linked_choice("Events by", retention_words.EVENT_GROUPS, "events_by")
    found = cached.answer(event_followthrough, now.selection, now.scope, by=by)
    if found.empty:
        page_parts.remark("No event was held in this period, or it may not be shown.")
    else:
        if words := retention_words.following_words(found):
            page_parts.remark(words)
        currency = str(found["currency"].iloc[0])
        if currency:
            st.caption(f"Amounts are in {currency}.")
        tables.table_with_download(
            found.assign(name=[group_name(name) for name in found["name"]]),
            f"after_events_by_{by}",
            alt="Contributors who followed events",
            columns=COLUMNS,
            shown=["name", "events", "new_90", "new_per_event", "returning_90", "new_30", "returning_30",
                   "cost_per_new", "open_events"],
        )  # fmt: skip
    with st.expander("Tasks before, during and after events", icon=":material/checklist:"):
        tasks = cached.answer(tasks_by_phase, now.selection, now.scope)
        if tasks.empty:
            page_parts.remark("No event of this period has a challenge or learning task.")
        else:
            shown = ["phase", "kind", "tasks", "events", "completed", "completed_per_task"]
            columns = {**COLUMNS, "events": _NUMBER("Events", format="localized")}
            tables.table_with_download(tasks, "tasks_by_phase", alt="Tasks by phase", columns=columns, shown=shown)
