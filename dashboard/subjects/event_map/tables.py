"""Below the map: the gaps ranked with their next step, towns out of reach, presence, and every country as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, tables
from dashboard.subjects.event_map import words as event_map_words
from dashboard.words.numbers import number
from dashboard.words.text import counted
from data_access.questions.event_map import members as event_map_members
from data_access.questions.event_map.gaps import country_gaps
from data_access.questions.event_map.reach import uncovered_cities
from data_access.questions.events import presence as events_presence
from data_access.selection import STAFF, Role

_NUMBER = st.column_config.NumberColumn
COLUMNS: Mapping[str, Any] = {
    "name": st.column_config.TextColumn("Country", width="medium"),
    "region": "Region",
    "events": _NUMBER("Events", format="localized", width="small"),
    "expected": _NUMBER("Expected", format="%.1f", width="small"),
    "missing": _NUMBER("Missing", format="%.1f", width="small"),
    "ratio": _NUMBER("Ratio", format="%.2f", width="small"),
    "low": _NUMBER("From", format="%.2f", width="small", help="Lower end of the 95% interval of the ratio"),
    "high": _NUMBER("To", format="%.2f", width="small", help="Upper end of the 95% interval of the ratio"),
    "shrunken": _NUMBER("Evened out", format="%.2f", width="small"),
    "rate_per_million": _NUMBER("Per million", format="%.2f", width="small"),
    "verdict": "Verdict",
    "next_step": st.column_config.TextColumn("Next step", width="medium"),
    "city": "Town",
    "population": _NUMBER("Inhabitants", format="localized"),
    "distance_km": _NUMBER("Nearest event, km", format="%.0f"),
    "weeks_with_events": _NUMBER("Weeks with events", format="localized"),
    "weeks": _NUMBER("Weeks", format="localized"),
    "share": _NUMBER("Share of weeks", format="percent"),
    "longest_silence": _NUMBER("Longest silence, weeks", format="localized"),
    "last_event_on": st.column_config.DateColumn("Last event", format="D MMM YYYY"),
    "home_city": "Lives in",
    "home_country": "Country",
    "nearest_city": "Could go to",
    "languages": "Languages",
    "language_fit": st.column_config.CheckboxColumn("Speaks the language"),
    "remaining": _NUMBER("Left under the ceiling", format="localized"),
}
_KEY = "table_gaps"


def gaps_ranked(gaps: pd.DataFrame) -> None:
    """Countries with fewer events than expected, by inhabitants or by members; a row can be chosen by the PM."""
    now = filters.asked()
    is_pm = now.scope.role is Role.PM
    shown = gaps
    if now.scope.role in STAFF:
        names = {"inhabitants": "By inhabitants", "members": "By members"}
        exposure = st.segmented_control(
            "Expected", list(names), default="inhabitants", format_func=names.__getitem__, required=True, key="exposure"
        )
        if exposure == "members":
            shown = cached.answer(country_gaps, now.selection, now.scope, exposure="members")
    ranked = event_map_words.with_next_step(shown, is_pm)
    st.session_state["uplift_gap_rows"] = list(ranked["country"])
    if ranked.empty:
        page_parts.empty("No country stands out.", "None has clearly fewer events than its share would let expect.")
        return
    st.caption(
        f"{counted(len(ranked), 'country', 'countries')} with clearly fewer events than expected, most missing first."
        + (" Select a row to see who could go." if is_pm else "")
    )
    tables.table_with_download(
        ranked,
        "gaps",
        alt="Countries with fewer events than expected",
        columns=COLUMNS,
        shown=["name", "events", "expected", "low", "high", "next_step"],
        height=320,
        on_select=_row_chosen if is_pm else None,
    )
    if words := event_map_words.unknown_words(shown):
        page_parts.remark(words)


def _row_chosen() -> None:
    rows = st.session_state[_KEY].selection.rows
    codes = st.session_state.get("uplift_gap_rows", [])
    st.session_state["uplift_gap"] = codes[rows[0]] if rows and rows[0] < len(codes) else ""


def who_could_go(gaps: pd.DataFrame) -> None:
    """For the chosen gap: members by language fit and distance (PM only)."""
    now = filters.asked()
    code = st.session_state.get("uplift_gap", "")
    if not code or now.scope.role is not Role.PM:
        return
    name = dict(zip(gaps["country"], gaps["name"], strict=True)).get(code, code)
    st.subheader(f"Who could go to {name}?", anchor=False)
    members_table(code, name)


def members_table(code: str, country: str, language: str = "") -> None:
    """Members who could go to a country, by language fit (one language, or any main one) and distance (PM only)."""
    now = filters.asked()
    members = cached.answer(event_map_members.who_could_go, now.selection, now.scope, country=code, language=language)
    if members.empty:
        page_parts.remark("No active member is known.")
        return
    currency = next((found for found in members["currency"] if isinstance(found, str)), "")
    st.caption(
        f"Members who speak {'the language' if language else 'a language of the country'} first, then the nearest. "
        f"Amounts are in {currency or '–'}"
    )
    tables.table_with_download(
        members,
        f"who_could_go_{code}{language}",
        alt=f"Members who could go to {country}",
        columns={**COLUMNS, "name": "Member"},
        shown=[
            "name",
            "home_city",
            "home_country",
            "nearest_city",
            "distance_km",
            "languages",
            "language_fit",
            "remaining",
        ],
        height=280,
    )


def towns_out_of_reach() -> None:
    """The largest towns farther than 100 km from an event."""
    now = filters.asked()
    with st.expander("Largest towns more than 100 km from any event", icon=":material/location_city:"):
        towns = cached.answer(uncovered_cities, now.selection, now.scope)
        if towns.empty:
            page_parts.remark("Every town of 15,000 inhabitants and more has had an event within 100 km.")
            return
        columns = {**COLUMNS, "name": "Country"}
        tables.table_with_download(
            towns,
            "uncovered_cities",
            alt="Towns without an event within 100 km",
            columns=columns,
            shown=["city", "name", "population", "distance_km"],
            height=320,
        )


def presence() -> None:
    """Weeks with events, region by region."""
    now = filters.asked()
    with st.expander("How steadily are we present in each region?", icon=":material/calendar_month:"):
        found = cached.answer(events_presence.presence, now.selection, now.scope)
        columns = {**COLUMNS, "region": st.column_config.TextColumn("Region", width="medium")}
        tables.table_with_download(
            found,
            "presence",
            alt="Weeks with events by region",
            columns=columns,
            shown=["region", "events", "weeks_with_events", "weeks", "share", "longest_silence", "last_event_on"],
            height=320,
        )


def every_country(gaps: pd.DataFrame) -> None:
    """What the map shows, as a table."""
    words = f"The map as a table: all {number(len(gaps))} countries and territories"
    with st.expander(words, icon=":material/table:"):
        tables.table_with_download(
            gaps,
            "country_gaps",
            alt="Every country with its events and what could be expected",
            columns=COLUMNS,
            shown=[
                "name",
                "region",
                "events",
                "rate_per_million",
                "expected",
                "ratio",
                "low",
                "high",
                "shrunken",
                "verdict",
            ],
            height=420,
        )
