"""The Members page's parts: the strip, disputes, cohorts, the bench, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.members import charts, dispute_forms, hiring, tables, words
from dashboard.words.sentences import MEMBERS, say
from data_access.answers import rows
from data_access.questions.members import recognition as achievements
from data_access.questions.members.conduct import ListedDispute, disputes_list
from data_access.questions.members.pipeline import CohortPipeline, cohort_pipeline
from data_access.questions.members.standing import MemberStanding, floor_standing
from data_access.questions.members.summary import FloorCount, floor_summary
from data_access.selection import Period, Selection, add_months

SHOWN_QUARTERS = 8
QUESTION = "Who is above the floor, and who needs us before the quarter ends?"


def recent(selection: Selection) -> Selection:
    """The same question for the last eight quarters, this one included."""
    now = Period.quarter_of(selection.as_of)
    return replace(selection, period=Period(add_months(now.start, -3 * (SHOWN_QUARTERS - 1)), now.end))


def now_and_last(selection: Selection) -> Selection:
    """The same question for this quarter and the one before."""
    start = Period.quarter_of(selection.as_of).previous().start
    return replace(selection, period=Period(start, selection.period.end))


def no_members() -> None:
    """The empty page."""
    page_parts.heading(QUESTION, "There are no members to show.")
    page_parts.selection_line()
    now = filters.asked()
    if now.selection.narrowed_by:
        page_parts.empty("No member matches the filters.", "Clear the filters.", "Clear the filters", filters.reset)
    else:
        advice = "Import `people`, `cohorts` and `memberships` on the Data page, or with `uplift import`."
        page_parts.empty("Nobody is a member in this quarter or the last.", advice)


def strip(selection: Selection, summary: Sequence[FloorCount]) -> None:
    """Quarters × members: a shape and a word for each state."""
    now = filters.asked()
    found = cached.answer(floor_standing, selection, now.scope, worst=charts.MOST_MEMBERS)
    standing = rows(MemberStanding, found)
    st.header("The last eight quarters", anchor=False)
    if not standing:
        page_parts.nothing("Nobody is a member in this quarter.")
        return
    signs = " · ".join(f"{words.SIGNS[state]} {state}" for state in charts.SYMBOLS)
    shown, all_members = len({row.person_key for row in standing}), words.members_now(summary, selection.as_of)
    template = "{signs}. {members}, worst off this quarter first."
    if shown < all_members:
        template = "{signs}. The {shown} worst off this quarter, of {members}."
    st.caption(say(template, signs=signs, members=MEMBERS(max(shown, all_members)), shown=shown))

    def in_quarter(mark: str) -> Opened:
        day, _, person = mark.partition(".")
        some = found[(found["person_key"] == person) & (found["quarter"].map(str) == day)]
        return Opened(words.quarter(date.fromisoformat(day)), some, MemberStanding)

    picture = charts.strip_picture(standing, page_parts.theme_type(), all_members)
    show_figure(picture, "members_strip", rows=in_quarter)
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(
            tables.by_quarter(standing),
            "floor_standing",
            alt="Members by quarter",
            columns=tables.QuarterStanding,
            with_keys=False,
            widths=tables.WIDTHS,
        )


def disputes(selection: Selection) -> None:
    """Disputes and what comes next in each, with the forms of those who handle them."""
    found = cached.answer(disputes_list, selection, filters.asked().scope)
    listed = rows(ListedDispute, found)
    running = [row for row in listed if row.closed_on is None]
    st.header("Disputes", anchor="disputes")
    if running:
        oldest = max(row.days for row in running)
        st.caption(say("{n} open, the oldest for {days} days.", n=len(running), days=oldest))
    else:
        page_parts.nothing("No dispute is open.")
    if listed:
        table_with_download(
            found,
            "disputes",
            alt="Disputes, the open ones first",
            columns=ListedDispute,
            shown=["kind", "opened_on", "closed_on", "days", "done", "next_step", "outcome"],
            widths={"kind": 130, "next_step": "medium", "outcome": "medium", "days": "small", "done": "small"},
            height=240,
        )
    dispute_forms.forms(listed)


def more() -> None:
    """One of four closer looks."""
    shown = {"cohorts": cohorts, "hires": hiring.pipeline, "leaving": leavers, "bench": bench}
    st.header("More about members", anchor=False)
    shown[page_parts.linked_choice("Look closer at", words.MORE, "more")]()


def cohorts() -> None:
    """The pipeline of each cohort."""
    now = filters.asked()
    found = rows(CohortPipeline, cached.answer(cohort_pipeline, now.selection, now.scope))
    if not found:
        page_parts.nothing("No cohort is recorded.")
        return
    table_with_download(
        tables.pipeline(found),
        "cohort_pipeline",
        alt="Cohorts, newest first",
        columns=tables.CohortCounts,
        widths=tables.WIDTHS,
    )


def leavers() -> None:
    """Why members left in the chosen period."""
    now = filters.asked()
    found = rows(achievements.Leaver, cached.answer(achievements.leavers, now.selection, now.scope))
    if not found:
        page_parts.nothing("No membership ended in the chosen period.")
        return
    table_with_download(
        tables.leaving(found),
        "leaving_reasons",
        alt="Why members left",
        columns=tables.LeavingReason,
        widths=tables.WIDTHS,
    )
    with st.expander(say("All who left ({n})", n=len(found)), icon=":material/logout:"):
        table_with_download(
            tables.departures(found),
            "leavers",
            alt="Memberships that ended",
            columns=tables.Departure,
            with_keys=False,
            widths=tables.WIDTHS,
        )


def bench() -> None:
    """From whom the next program manager could come."""
    now = filters.asked()
    found = cached.answer(achievements.bench, now.selection, now.scope)
    if found.empty:
        page_parts.nothing("No member has graduated yet.")
        return
    st.caption("Who could run the program next: graduated members, the widest experience first.")
    table_with_download(
        found,
        "bench",
        alt="The bench",
        columns=achievements.BenchMember,
        shown=["name", "organized", "mentored", "mentees", "spoke", "member_since", "graduated_on", "last_event_on"],
        widths=tables.WIDTHS,
        height=320,
    )


def for_leadership(selection: Selection) -> None:
    """How many met the floor, in ranges, without any name."""
    now = filters.asked()
    whole = Selection(selection.period, selection.as_of)
    summary = rows(FloorCount, cached.answer(floor_summary, whole, now.scope))
    if not summary:
        page_parts.heading(QUESTION, "Nothing has been released of these quarters.")
        page_parts.empty("Nothing to show yet.", "A release is made by the first import after a quarter’s end.")
        return
    floor = cached.program(filters.asked().scope).floor_events_per_quarter
    page_parts.heading(QUESTION, words.finding_in_ranges(summary, floor))
    page_parts.selection_line(say("All members, as released for {quarter}", quarter=words.quarter(summary[-1].quarter)))
    show_figure(charts.summary_picture(summary, floor, page_parts.theme_type()), key="members_summary")
    table_with_download(
        tables.floor_in_words(summary),
        "floor_summary",
        alt="Members by quarter, in ranges",
        columns=tables.FloorInWords,
    )
