"""Impact's tables: the countries where events changed most, and the figures behind the picture."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.asking import filters
from dashboard.parts.tables import Width, table_with_download
from dashboard.subjects.impact.moves_words import CountryMove
from data_access.questions.contributors.activity import SpanContributors
from data_access.questions.events.counts import CountryEvents, MonthEvents
from data_access.questions.impact.windows import SpanSpend

WIDTHS: dict[str, Width] = {"name": 130, **dict.fromkeys(("events", "before", "change", "attendance"), "small")}


def changes(moves: pd.DataFrame) -> None:
    """Countries by how much their number of events changed; choosing a row narrows to that country."""
    st.header("What changed most", anchor=False)
    st.caption("Events by country. Select a row to look at that country alone.")
    table_with_download(
        moves,
        "country_changes",
        alt="Countries by how much their number of events changed",
        columns=CountryMove,
        shown=["name", "change", "events", "before", "attendance"],
        widths=WIDTHS,
        on_select=lambda: filters.narrow_to_row("country_changes", list(moves["country"]), "country"),
    )


def where_it_happened(by_country: pd.DataFrame) -> None:
    """Events by country, where there is no period before to compare with."""
    st.header("Where it happened", anchor=False)
    table_with_download(
        by_country,
        "events_by_country",
        alt="Events by country",
        columns=CountryEvents,
        shown=["name", "events", "attendance"],
        widths=WIDTHS,
    )


def behind_the_picture(by_month: pd.DataFrame, contributors: pd.DataFrame, spend: pd.DataFrame | None) -> None:
    """The figures of the picture; without money where there is none to show."""
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(by_month, "events_by_month", alt="Events and attendance per month", columns=MonthEvents)
        if not contributors.empty:
            table_with_download(
                contributors, "contributors", alt="Active and new contributors", columns=SpanContributors
            )
        if spend is not None:
            table_with_download(spend, "spend_by_month", alt="Money paid", columns=SpanSpend)
