"""The Members page's parts: the strip, who is at risk, cohorts, recognition, hires, the bench, leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.members import charts
from dashboard.subjects.members import words as members_words
from dashboard.words import numbers
from dashboard.words.text import counted
from data_access.questions.members import recognition as members_recognition
from data_access.questions.members.pipeline import cohort_pipeline
from data_access.questions.members.standing import AT_RISK, floor_standing, floor_summary
from data_access.selection import Period, Role, Selection, add_months

SHOWN_QUARTERS, MOST_AT_RISK = 8, 1_000
COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Name", width=170),
    "held": st.column_config.NumberColumn("Held", width="small"),
    "scheduled": st.column_config.NumberColumn("Scheduled", width="small"),
    "unconfirmed": st.column_config.NumberColumn("Unmarked", width="small", help="Planned; past; not said to be held."),
    "needed": st.column_config.NumberColumn("Still needed", width="small"),
    "days_left": st.column_config.NumberColumn("Days left", width="small"),
    "streak": st.column_config.NumberColumn("Streak", width="small", help="Quarters in a row with the floor met."),
    "member_since": st.column_config.DateColumn("Member since", format="D MMM YYYY"),
    "places": st.column_config.NumberColumn("Places", width="small"),
    **{step: st.column_config.Column(step.capitalize(), width="small") for step in ("applied", "accepted", "trained")},
    "graduated": st.column_config.Column("Graduated", width="small"),
    "active": st.column_config.Column("Members today", width="small"),
    "graduates_on": st.column_config.DateColumn("Graduation", format="D MMM YYYY"),
    "what": "What",
    "detail": "Which",
    "on": st.column_config.DateColumn("On", format="D MMM YYYY"),
    "title": "Event",
    "hired_by": "Hired by",
    "ended_on": st.column_config.DateColumn("Ended on", format="D MMM YYYY"),
    "started_on": st.column_config.DateColumn("Started on", format="D MMM YYYY"),
    "cohort": "Cohort",
    "days": st.column_config.NumberColumn("Days a member", format="localized"),
    "reason": "Reason",
    "members": st.column_config.NumberColumn("Members", width="small"),
    "median_days": st.column_config.NumberColumn("Median days a member", format="localized"),
    "graduated_on": st.column_config.DateColumn("Graduated on", format="D MMM YYYY"),
    "organized": st.column_config.NumberColumn("Organized", width="small"),
    "mentored": st.column_config.NumberColumn("Mentored at", width="small"),
    "spoke": st.column_config.NumberColumn("Spoke at", width="small"),
    "mentees": st.column_config.NumberColumn("Mentees", width="small"),
    "last_event_on": st.column_config.DateColumn("Last event", format="D MMM YYYY"),
    "quarter": "Quarter",
    "met": "Met",
    "missed": "Missed",
    "grace": "Grace",
}
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


def strip(selection: Selection) -> None:
    """Quarters × members: a shape and a word for each state."""
    now = filters.asked()
    standing = cached.answer(floor_standing, selection, now.scope, worst=charts.MOST_MEMBERS)
    st.header("The last eight quarters", anchor=False)
    signs = " · ".join(f"{members_words.SIGNS[state]} {state}" for state in charts.SYMBOLS)
    shown = standing["person_key"].nunique()
    st.caption(f"{signs}. {counted(shown, 'member')}, worst off this quarter first.")
    show_figure(charts.strip_picture(standing, page_parts.theme_type()), "members_strip")
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table = standing.assign(quarter=[members_words.quarter(day) for day in standing["quarter"]])
        table_with_download(table, "floor_standing", alt="Members by quarter", columns={**COLUMNS, "person_key": None})


def at_risk(selection: Selection) -> None:
    """Who will miss the floor unless something is scheduled."""
    now = filters.asked()
    this_quarter = replace(selection, period=Period.quarter_of(selection.as_of))
    found = cached.answer(floor_standing, this_quarter, now.scope, state=AT_RISK, limit=MOST_AT_RISK)
    st.header("At risk this quarter", anchor=False)
    if found.empty:
        page_parts.nothing("Nobody: everybody who counts has met the floor or has enough events scheduled.")
        return
    shown = ["name", "needed", "days_left", "held", "scheduled", "unconfirmed", "streak", "member_since"]
    table = members_words.risk_table(found)
    table_with_download(table, "members_at_risk", alt="Members at risk this quarter", columns=COLUMNS, shown=shown)


def cohorts() -> None:
    """The pipeline of each cohort."""
    now = filters.asked()
    found = cached.answer(cohort_pipeline, now.selection, now.scope)
    st.header("Cohorts", anchor=False)
    if found.empty:
        page_parts.nothing("No cohort is recorded.")
        return
    if now.scope.role is not Role.PM:
        st.caption("Counts are ranges, as of the end of the last full quarter; the program manager sees exact ones.")
    table_with_download(members_words.pipeline(found), "cohort_pipeline", alt="Cohorts, newest first", columns=COLUMNS)


def recognition() -> None:
    """What deserves a word of thanks in the chosen period."""
    now = filters.asked()
    found = cached.answer(members_recognition.recognition, now.selection, now.scope)
    st.header("Worth a word of thanks", anchor=False)
    if found.empty:
        page_parts.nothing("Nothing in the chosen period.")
        return
    st.caption(f"In the chosen period: {members_words.thanks_words(found)}.")
    shown = ["name", "what", "detail", "on", "title"]
    table_with_download(
        members_words.thanks(found), "recognition", alt="Recognition", columns=COLUMNS, shown=shown, height=320
    )


def leavers() -> None:
    """Hires, and why members left in the chosen period."""
    now = filters.asked()
    found = cached.answer(members_recognition.leavers, now.selection, now.scope)
    st.header("Hired, and leaving", anchor=False)
    if found.empty:
        page_parts.nothing("No membership ended in the chosen period.")
        return
    hired = members_words.hires(found)
    left, right = st.columns(2, gap="medium")
    with left:
        if hired.empty:
            page_parts.nothing("Nobody was hired in the chosen period.")
        else:
            shown = ["name", "hired_by", "ended_on", "cohort"]
            table_with_download(hired, "hires", alt="Members who were hired", columns=COLUMNS, shown=shown)
    with right:
        table_with_download(members_words.leaving(found), "leaving_reasons", alt="Why members left", columns=COLUMNS)
    with st.expander(f"All who left ({len(found)})", icon=":material/logout:"):
        table = found.assign(reason=[members_words.END_REASONS.get(code, "Not told") for code in found["end_reason"]])
        shown = ["name", "reason", "hired_by", "ended_on", "days", "cohort", "started_on"]
        table_with_download(table, "leavers", alt="Memberships that ended", columns=COLUMNS, shown=shown)


def bench() -> None:
    """From whom the next program manager could come."""
    now = filters.asked()
    found = cached.answer(members_recognition.bench, now.selection, now.scope)
    st.header("The bench", anchor=False)
    if found.empty:
        page_parts.nothing("No member has graduated yet.")
        return
    st.caption("Who could run the program next: graduated members, the widest experience first.")
    shown = ["name", "organized", "mentored", "mentees", "spoke", "member_since", "graduated_on", "last_event_on"]
    table_with_download(found, "bench", alt="The bench", columns=COLUMNS, shown=shown, height=320)


def for_leadership(selection: Selection) -> None:
    """How many met the floor, in ranges, without any name."""
    now = filters.asked()
    summary = cached.answer(floor_summary, selection, now.scope)
    if summary.empty:
        no_members()
        return
    table, floor = members_words.summary_table(summary), cached.program().floor_events_per_quarter
    last = table.iloc[-1]
    words = f"In {last['quarter']}, {last['met']} members met the floor of {floor} events; {last['missed']} missed it."
    page_parts.heading(QUESTION, words)
    page_parts.selection_line(f"All members, quarters that were over on {numbers.day(selection.as_of)}")
    show_figure(charts.summary_picture(summary, floor, page_parts.theme_type()), key="members_summary")
    table_with_download(table, "floor_summary", alt="Members by quarter, in ranges", columns=COLUMNS)
