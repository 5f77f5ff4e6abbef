"""The Members page's part about hires: inside the pipeline with companies and times, outside what was released."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.members import hiring_words as words
from dashboard.subjects.members import tables
from dashboard.words.periods import during
from dashboard.words.sentences import MEMBERS, say
from dashboard.words.text import plain
from data_access.answers import rows
from data_access.questions.members import hiring as asked
from data_access.questions.members.recognition import Leaver, leavers
from data_access.selection import Period, Selection

_HIRED = ("name", "hired_by", "ended_on", "cohort")


def pipeline() -> None:
    """The trend, who hired, how long it took, and who was hired in the chosen period (PM and board)."""
    now = filters.asked()
    found = rows(asked.HiresInPeriod, cached.answer(asked.hires, now.selection, now.scope))
    times = cached.answer(asked.time_to_hire, now.selection, now.scope)
    whole = words.in_all(found)
    if whole is None or not whole.people:
        page_parts.nothing("No company has hired a member so far.")
        return
    within = cached.answer(asked.hired_within, now.selection, now.scope)
    companies = cached.answer(asked.hiring_companies, now.selection, now.scope)
    said = [
        words.finding(found, rows(asked.TimeToHire, times)),
        words.companies_words(rows(asked.HiringCompany, companies)),
        words.within_words(rows(asked.HiredWithin, within)),
    ]
    st.markdown(plain(" ".join(filter(None, said))))
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        show_figure(words.trend_picture(found, page_parts.theme_type()), "members_hires", rows=_hired_in)
    with right:
        table_with_download(
            companies,
            "hiring_companies",
            alt="Companies by members hired",
            columns=asked.HiringCompany,
            shown=["company", "people", "last_on", "median_days"],
            widths={"people": "small", "median_days": 130},
        )
    table_with_download(
        words.waits(times, within),
        "time_to_hire",
        alt="Time to the hire, since joining and since graduation",
        columns=words.WaitInWords,
        widths={"people": "small", "left_out": "small"},
    )
    _who(rows(Leaver, cached.answer(leavers, now.selection, now.scope)))
    _figures(found)


def _hired_in(mark: str) -> Opened:
    """Who was hired in a quarter."""
    now, quarter = filters.asked(), Period.quarter_of(date.fromisoformat(mark))
    left = rows(Leaver, cached.answer(leavers, replace(now.selection, period=quarter), now.scope))
    hired = tables.hires(left)
    line = say("{people}: hired {during}", people=MEMBERS(len(hired)), during=during(quarter))
    return Opened(line, hired, tables.Departure, _HIRED)


def _who(left: list[Leaver]) -> None:
    hired = tables.hires(left)
    if hired.empty:
        page_parts.nothing("Nobody was hired in the chosen period.")
        return
    table_with_download(
        hired,
        "hires",
        alt="Members who were hired in the chosen period",
        columns=tables.Departure,
        shown=_HIRED,
        widths=tables.WIDTHS,
    )


def _figures(found: list[asked.HiresInPeriod]) -> None:
    with st.expander("Hires by quarter and year", icon=":material/table:"):
        table_with_download(
            words.trend_table(found), "hires_by_period", alt="Hires by quarter and year", columns=words.HiresInWords
        )


def for_leadership(selection: Selection) -> None:
    """Hires by quarter and year as released: ranges, no names and no companies."""
    now = filters.asked()
    whole = Selection(selection.period, selection.as_of)
    found = rows(asked.HiresInPeriod, cached.answer(asked.hires, whole, now.scope))
    st.header("Hired by companies", anchor=False)
    if not found:
        page_parts.nothing("Nothing has been released of hires yet.")
        return
    times = rows(asked.TimeToHire, cached.answer(asked.time_to_hire, whole, now.scope))
    st.markdown(plain(words.finding_in_ranges(found, times)))
    show_figure(words.trend_picture(found, page_parts.theme_type()), "members_hires")
    _figures(found)
