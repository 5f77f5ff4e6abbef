"""The parts of the Spaces page: each asks its own questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import behind, page_parts
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.spaces import charts, tables, words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.funnel.followthrough import FollowedEvents, event_followthrough
from data_access.questions.named.entries import SPACE
from data_access.questions.spaces.newcomers import (
    BridgeStep,
    SpaceArea,
    SpaceNewcomers,
    SpaceOfStep,
    SpaceVisitors,
    bridge_spaces,
    newcomer_bridge,
    space_areas,
    space_newcomers,
    space_visitors,
)
from data_access.questions.spaces.schedule import (
    SpaceMonth,
    SpaceSchedule,
    SpaceWeekday,
    space_months,
    space_weekdays,
)
from data_access.selection import Period, Selection

_FOLLOWED = ("name", "events", "new_90", "new_per_event", "new_low", "new_high", "returning_90")


def nothing(selection: Selection) -> None:
    """The empty page: no spaces at all, none in this year, or none that the filter leaves."""
    page_parts.heading("Does each space keep its schedule, and whom does it bring?", "There are no spaces to show.")
    page_parts.selection_line(words.year_words([], selection))
    if selection.space or filters.asked().offered.values.get("space"):
        page_parts.empty(
            "No space was open in this year, or none that you chose.",
            "Choose another period, or clear the filters.",
            "Show the opening view",
            filters.reset,
        )
    else:
        page_parts.empty("No spaces have been imported.", "Import `spaces` on the Data page, or with `uplift import`.")


def schedule(found: pd.DataFrame, listed: Sequence[SpaceSchedule], selection: Selection) -> None:
    """Events adding up against what is due, a small multiple a space, and the table of who is behind."""
    st.header("Events against the schedule", anchor=False)
    st.caption("Solid: held. Dashed: the year’s target, spread over its days. The furthest behind comes first.")
    months = rows(SpaceMonth, cached.answer(space_months, selection, filters.asked().scope))
    if {row.space for row in listed} & {month.space for month in months}:
        picture = charts.months_picture(listed, months, page_parts.theme_type())
        show_figure(picture, key="space_months", rows=_held_by(listed, selection))
    st.caption("Select a row to look at that space alone.")
    table_with_download(
        found,
        "space_schedule",
        alt="Spaces with their events against what is due, furthest behind first",
        columns=SpaceSchedule,
        shown=tables.SCHEDULE,
        widths=tables.WIDTHS,
        on_select=lambda: filters.narrow_to_row("space_schedule", [row.space for row in listed], "space"),
    )


def _held_by(listed: Sequence[SpaceSchedule], selection: Selection) -> Rows:
    """The events of a space in its year, up to a day."""
    spaces = {row.space: row for row in listed}

    def opened(mark: str) -> Opened | None:
        key, _, day = mark.rpartition(".")
        last = date.fromisoformat(day)
        year = Period(spaces[key].year_starts, last + timedelta(days=1))
        held = replace(selection, space=(key,), period=year)
        found = behind.events_of(held, say("{space}, up to {day}", space=spaces[key].name, day=last))
        return found._replace(about=[(SPACE, key, spaces[key].name)])

    return opened


def bridge(steps: Sequence[BridgeStep], selection: Selection) -> None:
    """Inside: where the newcomers of the goal are lost, and reported beside attributed; outside what was released."""
    now = filters.asked()
    st.header("Newcomers who became active", anchor=False)
    if not now.scope.inside:
        _released()
        return
    st.caption("Spaces × events a year × newcomers an event is the goal. Hatched: can still be won.")

    def at_spaces(step: str) -> Opened:
        found = cached.answer(bridge_spaces, selection, now.scope, step=step)
        total = next(row for row in steps if row.step == step)
        line = say("{step}: {said}", step=words.STEPS[step], said=words.step_words(total))
        return Opened(line, found, SpaceOfStep)

    show_figure(charts.bridge_picture(steps, page_parts.theme_type()), key="newcomer_bridge", rows=at_spaces)
    with st.expander("The bridge as a table", icon=":material/table:"):
        named = cached.answer(newcomer_bridge, selection, now.scope)
        table_with_download(
            named.assign(step=[words.STEPS[row.step] for row in steps]),
            "newcomer_bridge",
            alt="From the goal to the new active contributors that came",
            columns=BridgeStep,
            widths={"step": 260},
        )
    found = cached.answer(space_newcomers, selection, now.scope)
    listed = rows(SpaceNewcomers, found)
    page_parts.remark(words.newcomers_said(listed))
    page_parts.remark(words.disagreement(listed))
    table_with_download(
        found,
        "space_newcomers",
        alt="Newcomers of each space, due, active, attributed and reported",
        columns=SpaceNewcomers,
        shown=tables.NEWCOMERS,
        widths=tables.WIDTHS,
    )


def _released() -> None:
    now = filters.asked()
    found = cached.answer(event_followthrough, now.selection, now.scope, by="space")
    if found.empty:
        page_parts.nothing("Nothing was released of newcomers at spaces yet.")
        return
    groups = rows(FollowedEvents, found)
    period = Period.parse(groups[0].period).in_words()
    page_parts.remark(
        say(
            "As released: people who came new through events of {period}. Who became active is told inside.",
            period=period,
        )
    )
    shown = [name for name in _FOLLOWED if found[name].notna().any()]
    table_with_download(
        found,
        "after_events_by_space",
        alt="New and returning contributors after events, by space",
        columns=FollowedEvents,
        shown=shown,
        widths=tables.WIDTHS,
    )


CLOSER = {"areas": "Focus areas", "visitors": "Who comes again", "weekdays": "By weekday"}


def closer(selection: Selection) -> None:
    """One of three closer looks; outside the one that is about events."""
    if not filters.asked().scope.inside:
        st.header("The schedule by weekday", anchor=False)
        weekdays(selection)
        return
    st.header("A closer look", anchor=False)
    looks = {"areas": areas, "visitors": visitors, "weekdays": weekdays}
    looks[page_parts.linked_choice("Look at", CLOSER, "closer")](selection)


def areas(selection: Selection) -> None:
    """Which focus areas newcomers went to."""
    led = rows(SpaceArea, cached.answer(space_areas, selection, filters.asked().scope))
    if not led:
        page_parts.nothing("Nobody’s first contribution names an event of a space in this year.")
        return
    st.caption("Newcomers by the area of their first contribution, which names an event of the space.")
    table_with_download(
        tables.areas(led),
        "space_areas",
        alt="Newcomers of each space by focus area",
        columns=tables.area_columns(led),
        widths={"name": 190},
    )


def visitors(selection: Selection) -> None:
    """Who came again."""
    visits = cached.answer(space_visitors, selection, filters.asked().scope)
    if not visits["visitors"].sum():
        page_parts.nothing("Nobody is recorded at an event of a space in this year.")
        return
    st.caption("People who are recorded in any role at events of the year; most visitors are not recorded by name.")
    table_with_download(
        visits,
        "space_visitors",
        alt="Known visitors of each space, and how many came again",
        columns=SpaceVisitors,
        shown=tables.VISITORS,
        widths=tables.WIDTHS,
    )


def weekdays(selection: Selection) -> None:
    """When each space's events begin, by weekday."""
    found = rows(SpaceWeekday, cached.answer(space_weekdays, selection, filters.asked().scope))
    table = tables.weekdays(found)
    has_hours = table["hours"].notna().any()
    columns = tables.weekday_columns(found)
    table_with_download(
        table,
        "space_weekdays",
        alt="Events of each space by the weekday on which they begin",
        columns=columns,
        shown=[column.name for column in columns if has_hours or column.name != "hours"],
        widths={"name": 190},
    )
