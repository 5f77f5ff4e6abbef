"""The part of the Data page on doubtful events: how many there are of each kind, and which."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep
from dashboard.parts.figures import show_figure
from dashboard.parts.page_parts import remark, theme_type
from dashboard.parts.tables import MOST_SHOWN, Whole, table_with_download
from dashboard.subjects.data import charts
from dashboard.subjects.data.words import Found
from data_access.questions.data.quality import DoubtfulEvent, data_problems
from data_access.selection import Selection


def to_mend(selection: Selection, checks: Sequence[Found]) -> None:
    """How often each check found something, and the events behind one: a bar or the box chooses which."""
    st.header("What to mend", anchor=False)
    show_figure(charts.quality_picture(checks, theme_type()), key="quality", chooses="check")
    by_name = {item.check: item for item in checks}
    check = st.selectbox(
        "The events behind a check",
        list(by_name),
        format_func=lambda name: f"{by_name[name].label}: {by_name[name].shown}",
        **keep("check", by_name, checks[0].check),
    )
    chosen, scope = by_name[str(check)], filters.asked().scope
    remark(chosen.advice)
    table_with_download(
        cached.answer(data_problems, selection, scope, check=chosen.check, limit=MOST_SHOWN),
        f"{chosen.check}_events",
        alt=chosen.label,
        columns=DoubtfulEvent,
        widths={"title": "medium"},
        whole=Whole(chosen.events, lambda: cached.answer(data_problems, selection, scope, check=chosen.check, limit=0)),
    )
