"""The parts of the page on events and organizers: one event's arc, projects, and what each scale takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep
from dashboard.parts import behind, page_parts
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.named import onward
from dashboard.parts.tables import table_with_download
from dashboard.subjects.organizers import charts, words
from dashboard.words.sentences import EVENTS, say
from dashboard.words.text import plain
from data_access.answers import rows
from data_access.questions.events.arcs import (
    PHASES,
    WHOLE,
    EventArc,
    EventTask,
    OneEvent,
    ProjectEvents,
    ScaleArcs,
    arcs_by_scale,
    event_arc,
    event_arcs,
    event_projects,
    one_event,
)
from data_access.questions.events.event_list import MOST_ROWS
from data_access.questions.named.entries import EVENT as EVENT_PAGE
from data_access.questions.organizers.arc_people import EventPeople, event_arc_people
from data_access.questions.organizers.effort import ScaleEffort, ScaleYear, effort_by_scale, scale_frequency
from data_access.selection import Period

EVENT = "event"
_ARCS = ("starts_on", "title", "city", "scale", "phases", "before", "during", "after", "completed", "projects")
_ARC_SCALES = ("scale", "events", "with_tasks", "before", "during", "after", "whole")
_PROJECT_SCALES = ("scale", "events", "with_project", "projects", "per_event", "low", "high")
_EFFORT = (
    *("scale", "events", "organizers", "low", "high", "helpers", "days", "teams", "areas", "involving_share"),
    *("recorded", "prepared", "involving"),
)
_PROJECTS = (
    *("project", "events", "micro", "regional", "annual", "challenges", "learning", "completed", "reporting"),
    "last_on",
)


def chosen_view() -> str:
    """Which part of the page is looked at; the chooser stands under the finding."""
    keep("look", words.VIEWS, next(iter(words.VIEWS)))
    return str(st.session_state["look"])


def is_as_of_the_day() -> bool:
    """Whether circles or needs are looked at, which are told as they are on the day: no filter says anything then."""
    return chosen_view() in (words.CIRCLES, words.NEEDS)


def choose_view() -> None:
    """Choose which part of the page is looked at."""
    page_parts.linked_choice("Look at", words.VIEWS, "look")


def by_scale() -> list[ScaleArcs]:
    """Events of each scale with their tasks."""
    now = filters.asked()
    return rows(ScaleArcs, cached.answer(arcs_by_scale, now.selection, now.scope))


def arcs() -> None:
    """How many events have which phases, one event's arc, and the events to choose from."""
    now = filters.asked()
    scales = by_scale()
    page_parts.heading(words.QUESTION, words.arcs_finding(scales), words.arcs_more(scales))
    page_parts.selection_line()
    choose_view()
    found = cached.answer(event_arcs, now.selection, now.scope)
    listed = rows(EventArc, found)
    if listed:
        named = [row for row in _projects() if row.project]
        page_parts.headline_numbers(words.arc_headlines(scales, len(named)))
    key = _choose_event(listed)
    if key:
        _one_event(key)
    st.header("Which phases events have", anchor=False)
    phases, events = words.phase_counts(scales), sum(row.events for row in scales)
    names = dict(zip((*PHASES, WHOLE), (name for name, _ in phases), strict=True))
    picture = charts.phases_picture(phases, events, page_parts.theme_type())
    show_figure(picture, key="arc_phases", rows=lambda phase: _arcs_behind(names[phase], phase=phase))
    with st.expander("The phases by scale", icon=":material/table:"):
        table_with_download(
            cached.answer(arcs_by_scale, now.selection, now.scope),
            "arcs_by_scale",
            alt="Events with tasks before, during and after, by scale",
            columns=ScaleArcs,
            shown=_ARC_SCALES,
        )
    if not listed:
        page_parts.nothing("No event of this choice sets a task. Challenges come with the import.")
        return
    keys = [row.event_key for row in listed]
    st.header("Events with tasks", anchor=False)
    st.caption(_listed_words(listed))
    table_with_download(
        found,
        "event_arcs",
        alt="Events with tasks, those with most phases first",
        columns=EventArc,
        shown=_ARCS,
        widths={"title": 260},
        on_select=lambda: _row_chosen(keys),
    )


def _arcs_behind(where: str, scale: str = "", **narrowed: str) -> Opened:
    """Events with tasks of a phase, or for a project and of a scale."""
    now = filters.asked()
    asked = replace(now.selection, scale=(scale,)) if scale else now.selection
    found = cached.answer(event_arcs, asked, now.scope, limit=MOST_ROWS, **narrowed)
    total = int(found["total"].iloc[0]) if len(found) else 0
    return Opened(say("{where}: {events}", where=where, events=EVENTS(total)), found, EventArc, _ARCS)


def _listed_words(listed: Sequence[EventArc]) -> str:
    total = listed[0].total
    if total > len(listed):
        template = "The first {shown} of {n} events with tasks, those with most phases first. Select a row to see it."
        return say(template, shown=len(listed), n=total)
    return "Those with most phases first. Select a row to see its arc."


def _row_chosen(keys: Sequence[str]) -> None:
    chosen = st.session_state["table_event_arcs"].selection.rows
    if chosen:
        st.query_params[EVENT] = keys[chosen[0]]
        st.session_state.pop("arc_event", None)


def _event_changed() -> None:
    if chosen := st.session_state.get("arc_event"):
        st.query_params[EVENT] = chosen


def _choose_event(listed: Sequence[EventArc]) -> str:
    """The event that the address names, else the first of the list; with a field to choose another."""
    names = {row.event_key: words.event_name(row.event_key, row.title, row.starts_on) for row in listed}
    asked = st.query_params.get(EVENT, "")
    if asked and asked not in names:
        now = filters.asked()
        other = rows(OneEvent, cached.answer(one_event, now.selection, now.scope, event=asked))
        if other:
            names = {asked: words.event_name(asked, other[0].title, other[0].starts_on), **names}
        else:
            said = say("The link’s event was left out: there is no event “{event}”.", event=asked[:60])
            st.warning(plain(said), icon=":material/link_off:")
    if not names:
        return ""
    page_parts.opened(asked)
    st.header("The arc of one event", anchor=False)
    wanted = asked if asked in names else next(iter(names))
    if st.session_state.get("arc_event") not in names:
        st.session_state["arc_event"] = wanted
    return str(
        st.selectbox(
            "Event",
            list(names),
            format_func=lambda key: names.get(key, key),
            key="arc_event",
            on_change=_event_changed,
        )
    )


def _one_event(key: str) -> None:
    """Before, during and after one event: its tasks, what it reports, and inside who followed it."""
    now = filters.asked()
    found = rows(OneEvent, cached.answer(one_event, now.selection, now.scope, event=key))
    if not found:
        return
    event = found[0]
    answer = cached.answer(event_arc, now.selection, now.scope, event=key)
    tasks = rows(EventTask, answer)
    onward((EVENT_PAGE, key, words.event_name(key, event.title, event.starts_on)))
    page_parts.remark(words.event_line(event))
    page_parts.chain(words.arc_steps(event, tasks))
    page_parts.remark(words.missing_phases(tasks))
    people = None
    if now.scope.inside:
        people = rows(EventPeople, cached.answer(event_arc_people, now.selection, now.scope, event=key))[0]
    page_parts.headline_numbers(words.event_headlines(event, people))
    if people is None:
        page_parts.remark("Who followed the event is told inside: to the program manager and the board.")
    else:
        page_parts.remark(words.people_words(people))
        if differing := words.differ_words(event, people):
            page_parts.remark(differing)
    if tasks:
        with st.expander("Its tasks by phase and project", icon=":material/checklist:"):
            table_with_download(answer, "event_arc", alt="Tasks of the event by phase", columns=EventTask)
    if people is not None:
        with st.expander("Its people", icon=":material/groups:"):
            table_with_download(
                cached.answer(event_arc_people, now.selection, now.scope, event=key),
                "event_arc_people",
                alt="People of the event: who was there, who followed it, who came again",
                columns=EventPeople,
                with_keys=False,
            )


def _projects() -> list[ProjectEvents]:
    now = filters.asked()
    return rows(ProjectEvents, cached.answer(event_projects, now.selection, now.scope))


def projects() -> None:
    """Which projects events moved on, and how many a scale moves on."""
    now = filters.asked()
    found = _projects()
    scales = by_scale()
    page_parts.heading(words.QUESTION, words.projects_finding(found), words.projects_more(scales))
    page_parts.selection_line()
    choose_view()
    named = [row for row in found if row.project]
    st.header("Projects that events moved on", anchor=False)
    if not named:
        page_parts.nothing("No task of these events names a project. Projects come with the import of `challenges`.")
        return
    st.caption("Events with a task for the project, and how often its tasks were completed: completions, not people.")

    def for_project(mark: str) -> Opened:
        scale, _, at = mark.partition(".")
        project = named[int(at)].project
        where = say("{project}, {scale}", project=project, scale=charts.SCALE_NAMES[scale].lower())
        return _arcs_behind(where, scale, project=project)

    show_figure(charts.projects_picture(named, page_parts.theme_type()), key="event_projects", rows=for_project)
    with st.expander(say("All projects ({n})", n=len(named)), icon=":material/table:"):
        table_with_download(
            cached.answer(event_projects, now.selection, now.scope),
            "event_projects",
            alt="Projects by the events that set a task for them",
            columns=ProjectEvents,
            shown=_PROJECTS,
            widths={"project": 200},
        )
    st.header("Projects per event, by scale", anchor=False)
    table_with_download(
        cached.answer(arcs_by_scale, now.selection, now.scope),
        "projects_by_scale",
        alt="Projects per event of each scale, with intervals",
        columns=ScaleArcs,
        shown=_PROJECT_SCALES,
    )


def effort() -> None:
    """How often each scale is held, and inside what an event of it takes."""
    now = filters.asked()
    found = cached.answer(scale_frequency, now.selection, now.scope)
    years = rows(ScaleYear, found)
    answer = cached.answer(effort_by_scale, now.selection, now.scope) if now.scope.inside else None
    efforts = rows(ScaleEffort, answer) if answer is not None else []
    if not years:
        page_parts.heading(words.QUESTION, "No event was held by this day.")
        page_parts.selection_line()
        choose_view()
        page_parts.nothing("No event matches. Remove a filter, or import events.")
        return
    page_parts.heading(words.QUESTION, words.effort_finding(years), words.effort_more(efforts))
    page_parts.selection_line()
    choose_view()
    st.header("Events a year, by scale", anchor=False)
    st.caption("Calendar years, whatever the period. Hatched: known in part, told as the pace of its known days.")

    def of_year(mark: str) -> Opened:
        scale, _, year = mark.partition(".")
        held = replace(now.selection, scale=(scale,), period=Period.parse(year))
        return behind.events_of(held, say("{scale}, {year}", scale=charts.SCALE_NAMES[scale].lower(), year=year))

    show_figure(charts.years_picture(years, page_parts.theme_type()), key="scale_frequency", rows=of_year)
    with st.expander("The years as a table", icon=":material/table:"):
        table_with_download(found, "scale_frequency", alt="Events of each scale by year", columns=ScaleYear)
    st.header("What an event takes", anchor=False)
    if answer is None:
        page_parts.remark("Organizers and helpers are told inside: to the program manager and the board.")
    elif answer.empty:
        page_parts.nothing("No event was held in this period. Choose another one.")
    else:
        st.caption("Means of the events that are known, with 95% intervals; preparation is a median.")
        table_with_download(
            answer,
            "effort_by_scale",
            alt="What events of each scale take, in people and days",
            columns=ScaleEffort,
            shown=_EFFORT,
        )
