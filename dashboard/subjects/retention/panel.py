"""The parts of the Retention page: the grid and its curves, returning people, the persona, what follows events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import put
from dashboard.parts import behind, page_parts
from dashboard.parts.charts import Picture
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.labels import group_name
from dashboard.parts.page_parts import theme_type
from dashboard.parts.shares import curves_picture
from dashboard.parts.tables import table_with_download
from dashboard.subjects.retention import charts, measures, tables, words
from dashboard.words import periods
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.funnel.followthrough import (
    FollowedEvents,
    TaskPhase,
    event_followthrough,
    tasks_by_phase,
)
from data_access.questions.retention import persona as retention_persona
from data_access.questions.retention import returning as retention_returning
from data_access.questions.retention.activities import (
    ALL,
    InvestmentBand,
    MissionDrivenPerson,
    PersonaActivity,
    investment,
    mission_driven_people,
    persona_by_activity,
)
from data_access.questions.retention.grid import RetentionCell, RetentionMonth, retention
from data_access.questions.retention.people import RetainedPerson, retained_people
from data_access.questions.retention.persona import PersonaQuarter
from data_access.questions.retention.returning import QuarterContributors
from data_access.selection import Period, Selection

_SHOWN_QUARTERS = ("quarter", "active", "new", "continuing", "reactivated", "open")
_SHOWN_PERSONA = (
    *("quarter", "people", "mission_driven", "share", "low", "high"),
    *("regular", "areas", "not_code", "connected"),
)
_SHOWN_FOLLOWED = (
    *("name", "events", "new_90", "new_per_event", "new_low", "new_high", "returning_90", "new_30", "returning_30"),
    *("cost_per_new", "open_events"),
)
_SHOWN_TASKS = ("phase", "kind", "tasks", "events", "completed", "completed_per_task")
# A month's heading fits.
_MONTH_WIDTH = 84
_COHORT, _AXIS = "cohort", "months after the first contribution"


def grid(overall: Sequence[RetentionMonth]) -> None:
    """Cohorts × months since, in one of two readings; below it the curve of all, or of the row that was selected."""
    now = filters.asked()
    reading = page_parts.linked_choice("Reading", words.READINGS, "reading")
    # Cohorts over a longer time than the period: a year's newest cohorts have hardly any months behind them.
    longer = periods.trend_or_all(now.selection, now.scope, 36)
    cells = rows(RetentionCell, cached.answer(retention, longer, now.scope))
    if not cells:
        page_parts.remark("No cohort is old enough yet, or large enough to be shown.")
        return
    made = words.grid(cells, reading)
    st.caption("A row a cohort by first contribution. Blank: the month is not over, or may not be shown.")
    picture = charts.grid_picture(made.cohorts, made.months, made.shares, made.said, theme_type(), made.keys)
    came_back = _who_came_back(longer, reading) if now.scope.inside else None
    show_figure(picture, key="retention_grid", rows=came_back)
    table = tables.grid_table(made)
    st.caption("The same as a table. Select a row to see its curve next to that of all cohorts.")
    st.session_state["uplift_cohorts"] = list(table["cohort"])
    table_with_download(
        table,
        "retention",
        alt="Retention by cohort",
        columns=tables.grid_columns(made.months),
        widths={"people": "small", **{tables.month_column(month): _MONTH_WIDTH for month in made.months}},
        height=300,
        on_select=_row_chosen,
    )
    curves = [words.curve(overall, reading)]
    chosen = st.query_params.get(_COHORT, "")
    if chosen in {cell.cohort for cell in cells}:
        curves.append(words.cohort_curve(cells, chosen, reading))
        page_parts.opened(chosen)
    picture = curves_picture(curves, _AXIS, theme_type(), stairs=False)
    show_figure(picture, key="retention_curve", rows=came_back)


def _who_came_back(asked: Selection, reading: str) -> Rows:
    """Who of a cohort, or of all of them, was active so many months after the first contribution."""

    def opened(mark: str) -> Opened:
        cohort, _, month = mark.rpartition(".")
        period = asked.period if cohort == words.ALL_COHORTS else asked.period.shared_with(Period.parse(cohort))
        began = replace(asked, period=period)
        found = cached.answer(retained_people, began, filters.asked().scope, month=int(month), reading=reading)
        return behind.people_listed(found, RetainedPerson, words.came_back_words(period, int(month), reading))

    return opened


def _row_chosen() -> None:
    selected = st.session_state["table_retention"].selection.rows
    cohorts = st.session_state.get("uplift_cohorts", [])
    chosen = cohorts[selected[0]] if selected and selected[0] < len(cohorts) else ""
    put(_COHORT, None if chosen == st.query_params.get(_COHORT, "") else chosen)


def curve_picture(overall: Sequence[RetentionMonth]) -> Picture:
    """The curve of all cohorts, in the reading that is chosen on the page."""
    reading = str(st.session_state.get("reading") or next(iter(words.READINGS)))
    return curves_picture([words.curve(overall, reading)], _AXIS, theme_type(), stairs=False)


def returning() -> None:
    """New, continuing and reactivated people by quarter."""
    now = filters.asked()
    found = cached.answer(retention_returning.returning, periods.trend_selection(now.selection, 24), now.scope)
    if found.empty:
        page_parts.remark("Nothing is known of contributors in this time.")
        return
    table_with_download(
        found.iloc[::-1].reset_index(drop=True),
        "returning",
        alt="New, continuing and reactivated contributors by quarter",
        columns=QuarterContributors,
        shown=_SHOWN_QUARTERS,
    )


def persona() -> None:
    """The mission-driven: their share and its trend."""
    now = filters.asked()
    found = cached.answer(retention_persona.persona, periods.trend_selection(now.selection, 24), now.scope)
    quarters = rows(PersonaQuarter, found)
    page_parts.remark(words.persona_words(quarters, exact=now.scope.exact))
    series = words.persona_series(quarters)
    if not series:
        return
    picture = charts.quarters_picture(series[0], theme_type())
    show_figure(picture, key="persona_trend", rows=_mission_driven if now.scope.inside else None)
    with st.expander("The four words, quarter by quarter", icon=":material/table:"):
        table_with_download(
            found,
            "persona",
            alt="Mission-driven contributors by quarter",
            columns=PersonaQuarter,
            shown=_SHOWN_PERSONA,
        )


def _mission_driven(mark: str) -> Opened:
    """The mission-driven at the end of a quarter (its last day), or of the year that is shown by what they do."""
    now = filters.asked()
    asked, activity = periods.trend_selection(now.selection, 24), ALL
    if mark[:1].isdecimal():
        asked = replace(asked, period=Period.quarter_of(date.fromisoformat(mark)))
        where = say("mission-driven in the year to {day}", day=date.fromisoformat(mark))
    else:
        activity = mark
        where = say("mission-driven, {activity}", activity=measures.ACTIVITIES[mark].lower())
    found = cached.answer(mission_driven_people, asked, now.scope, activity=activity)
    return behind.people_listed(found, MissionDrivenPerson, where)


def activities() -> None:
    """Inside: the mission-driven by what they do, and how invested contributors are."""
    now = filters.asked()
    if not now.scope.inside:
        return
    asked = periods.trend_selection(now.selection, 24)
    found = cached.answer(persona_by_activity, asked, now.scope)
    if found.empty:
        return
    listed = rows(PersonaActivity, found)
    st.subheader("What they do", anchor=False)
    page_parts.remark(measures.activity_words(listed))
    picture = charts.activities_picture(measures.activity_dots(listed), theme_type())
    show_figure(picture, key="persona_by_activity", rows=_mission_driven)
    with st.expander("The activities as a table", icon=":material/table:"):
        table_with_download(
            found.assign(activity=[measures.ACTIVITIES[row.activity] for row in listed]),
            "persona_by_activity",
            alt="People and mission-driven contributors by activity",
            columns=PersonaActivity,
            shown=("activity", "people", "mission_driven", "share", "low", "high"),
            widths={"activity": 220},
        )
    invested = cached.answer(investment, asked, now.scope)
    bands = rows(InvestmentBand, invested)
    st.subheader("How invested they are", anchor=False)
    page_parts.remark(measures.investment_words(bands))
    table_with_download(
        invested.assign(
            measure=[measures.MEASURES[row.measure] for row in bands], band=[measures.BANDS[row.band] for row in bands]
        ),
        "investment",
        alt="Contributors by tenure, breadth and what they give back",
        columns=InvestmentBand,
        shown=("measure", "band", "people", "share", "low", "high", "casual", "active", "core"),
        widths={"measure": 160, "band": 200},
    )


def following() -> None:
    """New and returning contributors after events, and the tasks set around them."""
    now = filters.asked()
    by = page_parts.linked_choice("Events by", words.EVENT_GROUPS, "events_by")
    found = cached.answer(event_followthrough, now.selection, now.scope, by=by)
    if found.empty:
        page_parts.remark("Nothing is known of who followed events of this period.")
    else:
        groups = rows(FollowedEvents, found)
        if most_and_fewest := words.following_words(groups):
            page_parts.remark(most_and_fewest)
        shown = [column for column in _SHOWN_FOLLOWED if found[column].notna().any()]
        if not now.scope.exact:
            st.caption(say("Released: events of {period}.", period=Period.parse(groups[0].period).in_words()))
        if (currency := groups[0].currency) and "cost_per_new" in shown:
            st.caption(say("Amounts are in {currency}.", currency=currency))
        table_with_download(
            found.assign(name=[group_name(group.name) for group in groups]),
            f"after_events_by_{by}",
            alt="Contributors who followed events",
            columns=FollowedEvents,
            shown=shown,
            widths={"name": "medium"},
        )
    with st.expander("Tasks before, during and after events", icon=":material/checklist:"):
        tasks = cached.answer(tasks_by_phase, now.selection, now.scope)
        if tasks.empty:
            page_parts.remark("No event of this period has a challenge or learning task.")
        else:
            table_with_download(tasks, "tasks_by_phase", alt="Tasks by phase", columns=TaskPhase, shown=_SHOWN_TASKS)
