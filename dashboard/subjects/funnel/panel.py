"""The parts of the Funnel page: steps, groups, who is behind them, cohorts, waiting times, thresholds, the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep, within
from dashboard.parts import page_parts
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.page_parts import theme_type
from dashboard.parts.shares import curves_picture
from dashboard.parts.tables import Whole, table_with_download
from dashboard.subjects.funnel import charts, pace_words, tables, words
from dashboard.words import periods
from dashboard.words.sentences import PEOPLE, say
from dashboard.words.steps import STEP_NAMES
from data_access.answers import rows
from data_access.questions.funnel.contributor_funnel import (
    MOST_PEOPLE,
    FunnelPerson,
    contributor_funnel,
    funnel_people,
)
from data_access.questions.funnel.conversion import CohortConversion, conversion_trend
from data_access.questions.funnel.program_funnel import ProgramPerson, program_funnel, program_people
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.funnel.waiting import PaceTest, WaitedShare, level_log_rank, time_to_level
from data_access.selection import Period

_SHOWN = (
    *("step", "people", "share_of_start", "open", "estimate", "estimate_low", "estimate_high"),
    *("counted", "share_of_previous", "low", "high", "lower_quartile", "median_days", "upper_quartile", "early"),
)
_SHOWN_TEAMS = ("name", "people", "counted", "share_of_previous", "low", "high", "median_days")
_SHOWN_PEOPLE = ("name", "home_country", "team", "area", "joined_on", "casual_on", "active_on", "core_on")
_SHOWN_WEAK = ("name", "kind", "step", "share_of_previous", "low", "high", "counted", "median_days")
_COHORTS_EXACT = (
    "Quarter of joining; the share of those whose time is over. Dotted and hollow: some of the cohort still have time. "
    "The band: 95% interval."
)
_COHORTS_IN_RANGES = (
    "Calendar year of joining; the share of those who took the step before, once none of them has time left. The band: "
    "95% interval."
)
# What `people` says in words is not cut.
_PEOPLE_WIDTH = 130


def steps(answer: pd.DataFrame) -> None:
    """The picture: everybody as bars, or the groups of a breakdown as dots; then the table, and who is behind."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        by = _compare_by("Compare by", "compare")
    everybody = rows(FunnelStep, answer)
    if by:
        with right:
            step = page_parts.linked_choice("Step", words.LEVELS, "step")
        _groups(by, step, words.of_group(everybody)[step].share_of_previous)
        return
    hatched = any(step.open for step in everybody)
    explained = "The bar: people so far. Hatched: people who have not taken the step and still have time."
    st.caption(explained if hatched else "The bar: people so far.")
    inside = filters.asked().scope.inside
    picture = charts.steps_picture(words.stages(everybody), theme_type())
    show_figure(picture, key="funnel_steps", rows=_people_behind if inside else None)
    if early := words.early_words(everybody):
        page_parts.remark(early)
    _table(answer, "contributor_funnel")
    _behind()


def _compare_by(label: str, key: str) -> str:
    names = words.COMPARED
    return str(st.selectbox(label, list(names), format_func=names.__getitem__, **keep(key, names, next(iter(names)))))


def _groups(by: str, step: str, everybody: float | None) -> None:
    """One step of each group, next to everybody's share of it, and all their steps as a table."""
    now = filters.asked()
    grouped = cached.answer(contributor_funnel, now.selection, now.scope, by=by)
    dots = words.dots(rows(FunnelStep, grouped), step)
    if dots:
        explained = "{step}: share of those whose time is over, with its 95% interval. Dotted: all groups together."
        st.caption(say(explained, step=words.LEVELS[step]))
        picture = charts.dots_picture(dots, everybody, "share of those whose time is over", theme_type())
        names = {dot.key: dot.name for dot in dots}
        show_figure(picture, key="funnel_groups", rows=_group_behind(by, step, names) if now.scope.inside else None)
    else:
        page_parts.remark(words.no_dots(rows(FunnelStep, grouped)))
    if grouped.empty:
        return
    _table(grouped, f"contributor_funnel_by_{by}", ("name", *_SHOWN))


def _table(answer: pd.DataFrame, name: str, shown: Sequence[str] = _SHOWN) -> None:
    table_with_download(
        tables.step_table(answer),
        name,
        alt="The steps of the funnel",
        columns=tables.STEP_COLUMNS,
        # What nobody of this role is told, or nothing is known of yet, has no column.
        shown=[column for column in shown if answer[column].notna().any()],
        widths={"name": "medium", "people": _PEOPLE_WIDTH},
    )


def _people_behind(mark: str) -> Opened:
    """Who took a step, or still has time to: the people of a part of a bar."""
    step, _, state = mark.partition(".")
    people, whole = _named(step, state or "reached")
    return Opened(words.people_line(whole.rows), people, FunnelPerson, _SHOWN_PEOPLE, whole)


def _named(step: str, state: str, search: str = "") -> tuple[pd.DataFrame, Whole]:
    """The first people behind a step, and all of them once they are wanted."""
    now = filters.asked()

    def at_most(limit: int) -> pd.DataFrame:
        return cached.answer(
            funnel_people, now.selection, now.scope, step=step, state=state, search=search, limit=limit
        )

    found = at_most(MOST_PEOPLE)
    first = rows(FunnelPerson, found.head(1))
    whole = Whole(first[0].total if first else 0, lambda: at_most(0).drop(columns="total"))
    return found.drop(columns="total"), whole


def _group_behind(by: str, step: str, names: Mapping[str, str]) -> Rows:
    """Who of a group took the step; `names` are those of groups, by key."""

    def opened(mark: str) -> Opened:
        now, group = filters.asked(), mark.removeprefix(words.GROUP)
        people = cached.answer(funnel_people, now.selection, now.scope, step=step, by=by, group=group)
        return _people(people, names.get(mark, "") if by else "", step)

    return opened


def _people(people: pd.DataFrame, which: str, step: str) -> Opened:
    taken = say("{people} took the step: {step}", people=PEOPLE(len(people)), step=STEP_NAMES[step].lower())
    line = say("{which}: {taken}", which=which, taken=taken) if which else taken
    return Opened(say("{line}.", line=line), people, FunnelPerson, _SHOWN_PEOPLE)


def _behind() -> None:
    """Who is behind a step: the people (inside), or the teams."""
    now = filters.asked()
    with st.expander("Who is behind a step?", icon=":material/group:"):
        names = {name: STEP_NAMES[name] for name in ("joined", *words.LEVELS)}
        left, right = st.columns(2)
        with left:
            kept = keep("behind_step", names, list(names)[2])
            step = str(st.selectbox("Step", list(names), format_func=names.__getitem__, **kept))
        if not now.scope.inside:
            teams = cached.answer(contributor_funnel, now.selection, now.scope, by="team")
            if teams.empty:
                page_parts.remark("No team is large enough to be shown.")
            else:
                _table(teams[teams["step"] == step], f"teams_behind_{step}", _SHOWN_TEAMS)
            return
        states = {"reached": "Reached it", "open": "Still have time", "lost": "Not within the window"}
        with right:
            kept = keep("behind_state", states, "reached")
            state = str(st.selectbox("Who", list(states), format_func=states.__getitem__, **kept))
        kept = keep("behind_search", None, "")
        search = str(st.text_input("Search people", placeholder="Name or key", max_chars=100, **kept))
        people, whole = _named(step, state, search)
        st.caption(words.people_line(whole.rows))
        table_with_download(
            people,
            f"people_{state}_{step}",
            alt="The people behind the step",
            columns=FunnelPerson,
            shown=_SHOWN_PEOPLE,
            height=320,
            whole=whole,
        )


def cohorts() -> None:
    """Each conversion over cohorts of entry, over a longer time than the period."""
    now = filters.asked()
    longer = periods.trend_or_all(now.selection, now.scope, 36)
    trend = cached.answer(conversion_trend, longer, now.scope)
    made = pace_words.cohort_rows(rows(CohortConversion, trend))
    if not made:
        page_parts.remark("No cohort is old enough yet, or large enough to be shown.")
        return
    st.caption(_COHORTS_EXACT if now.scope.inside else _COHORTS_IN_RANGES)

    def of_cohort(mark: str) -> Opened:
        step, _, day = mark.partition(".")
        joined = longer.period.shared_with(Period.quarter_of(date.fromisoformat(day)))
        people = cached.answer(funnel_people, replace(longer, period=joined), now.scope, step=step)
        return _people(people, say("Joined {during}", during=periods.during(joined)), step)

    picture = charts.cohorts_picture(made, theme_type())
    show_figure(picture, key="funnel_cohorts", rows=of_cohort if now.scope.inside else None)


def weak_steps() -> None:
    """Where to act: the weakest and slowest steps by team and stage."""
    now = filters.asked()
    answers = {
        kind: cached.answer(contributor_funnel, now.selection, now.scope, by=by)
        for by, kind in (("team", "Team"), ("stage", "Stage at entry"))
    }
    table = tables.weak_steps(answers)
    least = PEOPLE(tables.LEAST_PEOPLE)
    if table.empty:
        none = "No team or stage has {people} whose window is over. Choose a longer period, or an earlier one."
        page_parts.remark(say(none, people=least))
        return
    explained = "Steps of at least {people}, the weakest first; sort by median days for the slowest."
    st.caption(say(explained, people=least))
    table_with_download(
        table,
        "weak_steps",
        alt="The weakest steps by team and stage",
        columns=tables.WeakStep,
        shown=_SHOWN_WEAK,
        widths={"name": "medium"},
        height=320 if len(table) > 7 else None,
    )


def waiting() -> None:
    """How long the step takes: Kaplan–Meier curves of the groups, and whether they differ."""
    now = filters.asked()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        by = _compare_by("Curves by", "curves_by")
    with right:
        level = page_parts.linked_choice("Step to", words.LEVELS, "level")
    times = cached.answer(time_to_level, now.selection, now.scope, level=level, by=by)
    made = pace_words.curves(rows(WaitedShare, times))
    if not made:
        page_parts.remark("No group is large enough to be shown. Choose a longer period.")
        return
    if by:
        compared = cached.answer(level_log_rank, now.selection, now.scope, level=level, by=by)
        page_parts.remark(pace_words.log_rank_words(rows(PaceTest, compared)))
    if early := pace_words.left_out_words(rows(WaitedShare, times)):
        page_parts.remark(early)
    picture = curves_picture(made, "days since the step before", theme_type())
    names = {series.keys[0]: series.name for series in made}
    show_figure(picture, key="funnel_waiting", rows=_group_behind(by, level, names))


def thresholds() -> None:
    """Two settings of active and core next to each other (inside)."""
    now = filters.asked()
    program = cached.program(now.scope)
    with st.expander("What if “active” or “core” meant something else?", icon=":material/tune:"):
        left, right = st.columns(2)
        with left:
            active = st.number_input(
                "Active from", 1, 500, **keep("try_active", None, program.active_min, read=within(1, 500))
            )
        with right:
            kept = keep("try_core", None, program.core_min, read=within(1, 500))
            core = st.number_input("Core from", 1, 500, **kept)
        st.caption(words.thresholds_line(program))
        own = cached.answer(contributor_funnel, now.selection, now.scope)
        tried = cached.answer(contributor_funnel, now.selection, now.scope, active_min=int(active), core_min=int(core))
        table_with_download(
            tables.tried_table(rows(FunnelStep, own), rows(FunnelStep, tried)),
            "thresholds_tried",
            alt="The funnel with both settings",
            columns=tables.TriedStep,
        )


def _applicants_behind(mark: str) -> Opened:
    """Who took a step of the program, or still has time to."""
    now, (step, _, state) = filters.asked(), mark.partition(".")
    people = cached.answer(program_people, now.selection, now.scope, step=step, state=state or "reached")
    return Opened(words.people_line(len(people)), people, ProgramPerson)


def program_steps() -> None:
    """The program's own funnel, from application to active member."""
    now = filters.asked()
    answer = cached.answer(program_funnel, now.selection, now.scope)
    if answer.empty:
        page_parts.remark("Applications are counted by country and region of home only; other filters have no meaning.")
        return
    taken = rows(FunnelStep, answer)
    if not taken[0].at_most:
        page_parts.remark("Nobody applied in this period.")
        return
    picture = charts.steps_picture(words.stages(taken), theme_type())
    show_figure(picture, key="program_steps", rows=_applicants_behind if now.scope.inside else None)
    if early := words.early_words(taken):
        page_parts.remark(early)
    with st.expander("The program’s steps as a table", icon=":material/table:"):
        _table(answer, "program_funnel")
