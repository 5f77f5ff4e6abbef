"""The parts of the Funnel page: steps, groups, who is behind them, cohorts, waiting times, thresholds, the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, tables
from dashboard.parts.figures import choose_on_figure, show_figure
from dashboard.parts.page_parts import theme_type
from dashboard.parts.shares import curves_picture
from dashboard.subjects.funnel import charts
from dashboard.subjects.funnel import words as funnel_words
from dashboard.words import periods
from data_access.questions.funnel.contributor_funnel import contributor_funnel, conversion_trend, funnel_people
from data_access.questions.funnel.program_funnel import program_funnel
from data_access.questions.funnel.waiting import level_log_rank, time_to_level
from data_access.selection import Role

_NUMBER = st.column_config.NumberColumn
COLUMNS: Mapping[str, Any] = {
    "kind": "By",
    "name": st.column_config.TextColumn("Group", width="medium"),
    "group": None,
    "step": "Step",
    "people": "People",
    "share_of_start": _NUMBER("Of start", format="percent"),
    "share_of_previous": _NUMBER("Of previous", format="percent"),
    "low": _NUMBER("From", format="percent", help="Lower end of the 95% interval of the share of the previous step"),
    "high": _NUMBER("To", format="percent", help="Upper end of the 95% interval of the share of the previous step"),
    "median_days": _NUMBER("Median days", format="%.0f"),
    "lower_quartile": _NUMBER("A quarter within", format="%.0f", help="Days within which a quarter of them took it"),
    "upper_quartile": _NUMBER("Three quarters within", format="%.0f", help="Days"),
    "open": _NUMBER("Still have time", format="localized"),
    "counted": _NUMBER("Counted", format="localized", help="People whose conversion window is over"),
    "share": _NUMBER("Of start", format="percent"),
    "tried_people": _NUMBER("People, tried", format="localized"),
    "tried_share": _NUMBER("Of start, tried", format="percent"),
    "difference": _NUMBER("Difference, points", format="%+.1f"),
    "home_country": "Country",
    "team": "Team",
    "area": "Area",
    **{
        f"{step}_on": st.column_config.DateColumn(words, format="D MMM YYYY")
        for step, words in funnel_words.STEP_NAMES.items()
    },
}
_SHOWN = ["step", "people", "share_of_start", "share_of_previous", "low", "high", "median_days", "open"]


def steps(answer: pd.DataFrame) -> None:
    """The picture: everybody as bars, or the groups of a breakdown as dots; then the table, and who is behind."""
    now = filters.asked()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        by = st.selectbox(
            "Compare by", list(funnel_words.COMPARED), format_func=funnel_words.COMPARED.__getitem__, key="compare"
        )
    if not by:
        made = funnel_words.stages(answer)
        st.caption("The bar: people so far. Hatched: people who have not taken the step and still have time.")
        picked = choose_on_figure(charts.steps_picture(made, theme_type()), key="funnel_steps")
        if picked and picked != st.session_state.get("uplift_picked_step"):
            st.session_state["uplift_picked_step"] = st.session_state["behind_step"] = picked
        _table(answer, "contributor_funnel")
        _behind()
        return
    with right:
        step = page_parts.linked_choice("Step", funnel_words.LEVELS, "step")
    grouped = cached.answer(contributor_funnel, now.selection, now.scope, by=by)
    made_dots = funnel_words.dots(grouped, step)
    if not made_dots:
        page_parts.empty("No group can be shown.", "Choose a longer period, or another breakdown.")
    else:
        everybody = funnel_words.of_group(answer)[step]["share_of_previous"]
        st.caption(f"{funnel_words.LEVELS[step]}: share of the step before, with its 95% interval. Dotted: everybody.")
        reference = float(everybody) if funnel_words.is_known(everybody) else None
        picture = charts.dots_picture(made_dots, reference, "share of the step before", theme_type())
        show_figure(picture, key="funnel_groups")
    _table(grouped, f"contributor_funnel_by_{by}", ["name", *_SHOWN])


def _table(answer: pd.DataFrame, name: str, shown: list[str] | None = None) -> None:
    tables.table_with_download(
        funnel_words.step_table(answer), name, alt="The steps of the funnel", columns=COLUMNS, shown=shown or _SHOWN
    )


def _behind() -> None:
    """Who is behind a step: the people (program manager), or the teams."""
    now = filters.asked()
    with st.expander(
        "Who is behind a step?", icon=":material/group:", expanded="uplift_picked_step" in st.session_state
    ):
        steps_ = {
            name: words for name, words in funnel_words.STEP_NAMES.items() if name in ("joined", *funnel_words.LEVELS)
        }
        left, right = st.columns(2)
        with left:
            step = st.selectbox("Step", list(steps_), format_func=steps_.__getitem__, key="behind_step", index=2)
        if now.scope.role is not Role.PM:
            teams = cached.answer(contributor_funnel, now.selection, now.scope, by="team")
            teams = teams[teams["step"] == step]
            shown = ["name", "people", "share_of_previous", "low", "high", "median_days"]
            _table(teams, f"teams_behind_{step}", shown)
            return
        states = {"reached": "Reached it", "open": "Still have time", "lost": "Not within the window"}
        with right:
            state = st.selectbox("Who", list(states), format_func=states.__getitem__, key="behind_state")
        people = cached.answer(funnel_people, now.selection, now.scope, step=step, state=state)
        st.caption(funnel_words.people_line(len(people)))
        tables.table_with_download(
            people,
            f"people_{state}_{step}",
            alt="The people behind the step",
            columns={**COLUMNS, "name": "Name"},
            shown=["name", "home_country", "team", "area", "joined_on", "casual_on", "active_on", "core_on"],
            height=320,
        )


def cohorts() -> None:
    """Each conversion over cohorts of entry, over a longer time than the period."""
    now = filters.asked()
    longer = periods.trend_selection(now.selection, 36)
    trend = cached.answer(conversion_trend, longer, now.scope)
    rows = funnel_words.cohort_rows(trend)
    if not rows:
        page_parts.remark("No cohort has had its time yet, or may be shown.")
        return
    joined = "Quarter of joining" if now.scope.sees_small_groups else "Joined in the 12 months up to each quarter’s end"
    st.caption(f"{joined}. Dotted and hollow: some of the cohort still have time. The band: 95% interval.")
    show_figure(charts.cohorts_picture(rows, theme_type()), key="funnel_cohorts")


def slow_and_weak() -> None:
    """Where to act: the weakest and slowest steps by team and stage."""
    now = filters.asked()
    answers = {
        words: cached.answer(contributor_funnel, now.selection, now.scope, by=by)
        for by, words in (("team", "Team"), ("stage", "Stage at entry"))
    }
    table = funnel_words.slow_and_weak(answers)
    if table.empty:
        page_parts.remark(
            f"No team or stage has {funnel_words.LEAST_PEOPLE} people whose time is over. Choose a longer period."
        )
        return
    st.caption(
        f"Steps of at least {funnel_words.LEAST_PEOPLE} people, the weakest first; sort by median days for the slowest."
    )
    tables.table_with_download(
        table,
        "weak_steps",
        alt="The weakest steps by team and stage",
        columns=COLUMNS,
        shown=["name", "kind", "step", "share_of_previous", "low", "high", "counted", "median_days"],
        height=320 if len(table) > 7 else None,
    )


def waiting() -> None:
    """How long the step takes: Kaplan–Meier curves of the groups, and whether they differ."""
    now = filters.asked()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        by = st.selectbox(
            "Curves by", list(funnel_words.COMPARED), format_func=funnel_words.COMPARED.__getitem__, key="curves_by"
        )
    with right:
        level = page_parts.linked_choice("Step to", funnel_words.LEVELS, "level")
    times = cached.answer(time_to_level, now.selection, now.scope, level=level, by=by)
    rows = funnel_words.curves(times)
    if not rows:
        page_parts.remark("No group is large enough to be shown. Choose a longer period.")
        return
    if by:
        compared = cached.answer(level_log_rank, now.selection, now.scope, level=level, by=by)
        page_parts.remark(funnel_words.log_rank_words(compared, level))
    show_figure(curves_picture(rows, "days since the step before", theme_type()), key="funnel_waiting")


def thresholds() -> None:
    """Two settings of active and core side by side (program manager)."""
    now, program = filters.asked(), cached.program()
    with st.expander("What if “active” or “core” meant something else?", icon=":material/tune:"):
        left, right = st.columns(2)
        with left:
            active = st.number_input("Active from", 1, 500, program.active_min, key="try_active")
        with right:
            core = st.number_input("Core from", 1, 500, program.core_min, key="try_core")
        st.caption(
            f"Contributions within {program.window_days} days. Now: active from {program.active_min}, core from "
            f"{program.core_min}. Nothing is changed by trying."
        )
        own = cached.answer(contributor_funnel, now.selection, now.scope)
        tried = cached.answer(contributor_funnel, now.selection, now.scope, active_min=int(active), core_min=int(core))
        tables.table_with_download(
            funnel_words.tried_table(own, tried),
            "thresholds_tried",
            alt="The funnel with both settings",
            columns=COLUMNS,
        )


def program_steps() -> None:
    """The program's own funnel, from application to active member."""
    now = filters.asked()
    answer = cached.answer(program_funnel, now.selection, now.scope)
    if answer.empty:
        page_parts.remark("Applications are counted by country and region of home only; other filters have no meaning.")
        return
    applied = answer.iloc[0]
    if not funnel_words.is_known(applied["at_most"]) or not int(applied["at_most"]):
        page_parts.remark("Nobody applied in this period.")
        return
    made = funnel_words.stages(answer)
    show_figure(charts.steps_picture(made, theme_type()), key="program_steps")
    with st.expander("The program’s steps as a table", icon=":material/table:"):
        _table(answer, "program_funnel")
