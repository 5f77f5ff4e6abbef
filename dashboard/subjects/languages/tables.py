"""The tables of the Languages page: gaps with who could speak there, every language, and the map as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, tables
from dashboard.parts.figures import show_figure, show_trends
from dashboard.subjects.event_map import tables as event_map_tables
from dashboard.subjects.languages import words as languages_words
from dashboard.subjects.languages.charts import originals_picture
from dashboard.words.text import counted, plain
from data_access.questions.languages.reach import language_gaps
from data_access.selection import Role

_NUMBER = st.column_config.NumberColumn
COLUMNS: Mapping[str, Any] = {
    "name": st.column_config.TextColumn("Country", width=110),
    "language_name": st.column_config.TextColumn("Language", width=92),
    "would_reach": _NUMBER(
        "Would reach", format="localized", width=105, help="Inhabitants not reached yet who know it"
    ),
    "spoken_share": _NUMBER("Know it", format="percent", width="small"),
    "official": st.column_config.CheckboxColumn("Official", width="small"),
    "events": _NUMBER("Events", format="localized", width="small"),
    "members": st.column_config.TextColumn("Members", width="small", help="Active members, anywhere, who speak it"),
    "members_there": _NUMBER("Members there", format="localized", width="small"),
    "next_step": st.column_config.TextColumn("Next step", width="medium"),
    "low": _NUMBER("At least", format="percent", width="small"),
    "high": _NUMBER("At most", format="percent", width="small"),
    "inhabitants": _NUMBER("Inhabitants", format="localized"),
    "state": "State",
    "talks": _NUMBER("Talks", format="localized", width="small"),
    "share": _NUMBER("Share", format="percent", width="small"),
    "materials": _NUMBER("Materials", format="localized", width="small"),
    "original_share": _NUMBER("Originals", format="percent", width="small"),
    "everyone": st.column_config.TextColumn("People", width="small"),
    "gain_low": _NUMBER("Adds at least", format="percent"),
    "gain_high": _NUMBER("Adds at most", format="percent"),
    "people_low": _NUMBER("People, at least", format="localized"),
    "people_high": _NUMBER("People, at most", format="localized"),
    "certain": st.column_config.CheckboxColumn("Surely the most"),
}
_ROWS, _CHOSEN = "uplift_language_rows", "uplift_language_gap"


def gaps_to_close(gaps: pd.DataFrame) -> None:
    """What would reach most people who are not reached yet; the PM selects a row to see who could speak there."""
    is_pm = filters.asked().scope.role is Role.PM
    ranked = languages_words.to_close(gaps, is_pm)
    st.session_state[_ROWS] = list(
        zip(ranked["country"], ranked["language"], ranked["name"], ranked["language_name"], strict=True)
    )
    if ranked.empty:
        page_parts.empty("No gap is known.", "Wherever CLDR has figures, the languages offered reach everybody.")
        return
    st.caption(
        f"{counted(len(ranked), 'gap')}: a country’s language in which no event was held there, most people first."
        + (" Select a row to see who could speak there." if is_pm else "")
    )
    tables.table_with_download(
        ranked,
        "language_gaps",
        alt="Languages that would reach people who are not reached yet, by country",
        columns=COLUMNS,
        shown=["name", "language_name", "would_reach", "spoken_share", "members"] + (["next_step"] if is_pm else []),
        height=320,
        on_select=_row_chosen if is_pm else None,
    )


def _row_chosen() -> None:
    rows, known = st.session_state["table_language_gaps"].selection.rows, st.session_state.get(_ROWS, [])
    st.session_state[_CHOSEN] = known[rows[0]] if rows and rows[0] < len(known) else None


def who_could_speak() -> None:
    """For the chosen gap: members who speak the language, nearest first (PM only)."""
    chosen = st.session_state.get(_CHOSEN)
    if chosen and filters.asked().scope.role is Role.PM:
        code, language, country, name = chosen
        st.subheader(plain(f"Who could speak {name} in {country}?"), anchor=False)
        event_map_tables.members_table(code, country, language)


def what_to_add(following: pd.DataFrame) -> None:
    """The next languages by what they would add."""
    following[["gain_low", "gain_high"]] = following[["gain_low", "gain_high"]].round(4)
    with st.expander("Which language would add most reach?", icon=":material/add_circle:"):
        tables.table_with_download(
            following,
            "language_next",
            alt="Languages by how many further inhabitants they would reach",
            columns={**COLUMNS, "name": "Language"},
            shown=["name", "people_low", "people_high", "gain_low", "gain_high", "certain"],
        )


def trend_picture(by_quarter: pd.DataFrame, spoken: pd.DataFrame) -> None:
    """Events a quarter in the most used languages."""
    panels = languages_words.trend_panels(by_quarter, spoken)
    if panels:
        st.header("Events by language over time", anchor=False)
        show_trends(panels, filters.asked().selection, key="language_trends")


def materials_picture(materials: pd.DataFrame) -> None:
    """Originals against translations, language by language."""
    st.header("Written in it, or translated?", anchor=False)
    if materials.empty:
        page_parts.remark("No material was published in this period.")
        return
    st.caption("Plain: originals. Hatched: translations.")
    show_figure(originals_picture(materials, page_parts.theme_type()), key="originals")


def every_language(spoken: pd.DataFrame, materials: pd.DataFrame, people: pd.DataFrame) -> None:
    """Events, talks, materials and people of each language."""
    now = filters.asked()
    st.header("Language by language", anchor=False)
    listed = languages_words.by_language(spoken, materials, people)
    shown = ["name", "events", "share", "talks", "materials", "original_share"]
    if people.empty:
        page_parts.remark("People are counted for the whole program only: remove the filters to see them.")
    else:
        shown += ["everyone", "members"]
        if now.scope.role is not Role.PM:
            day = languages_words.quarter_words(now.selection)
            page_parts.remark(f"People of the whole program; members as of {day}. Small groups are protected.")
    tables.table_with_download(
        listed,
        "languages",
        alt="Languages with their events, talks, materials and people",
        columns={**COLUMNS, "name": st.column_config.TextColumn("Language", width=130), "members": "Members"},
        shown=shown,
        height=320,
    )


def coverage_table(coverage: pd.DataFrame, online: bool) -> None:
    """The map as a table: every country with its bounds."""
    table = coverage.copy()
    bounds = ["low", "high", "online_low", "online_high"]
    table[bounds] = table[bounds].round(3)
    if online:
        table[["low", "high", "state"]] = table[["online_low", "online_high", "online_state"]]
    st.subheader("Reach by country", anchor=False)
    tables.table_with_download(
        table.drop(columns=["online_low", "online_high", "online_state"]),
        "language_coverage",
        alt="Every country with the share of inhabitants who know a language offered there",
        columns={**COLUMNS, "name": st.column_config.TextColumn("Country", width=105)},
        shown=["name", "low", "high", "inhabitants", "state", "languages"],
        height=430,
    )


def country_table(code: str) -> None:
    """The languages of one country: who knows them, what was held, who could speak."""
    now = filters.asked()
    found = cached.answer(language_gaps, now.selection, now.scope, country=code)
    if found.empty:
        page_parts.remark("The filters leave this country out.")
        return
    found["members"] = [
        languages_words.members_words(row.at_least, row.at_most) for row in found.itertuples(index=False)
    ]
    st.subheader(plain(f"Languages of {found['name'].iloc[0]}"), anchor=False)
    known = languages_words.between(
        *(None if found[end].isna().iloc[0] else float(found[end].iloc[0]) for end in ("low", "high"))
    )
    words = {"known": f"{known} of the inhabitants know a language of the events held there."}
    words["unknown"] = "CLDR lists none of the languages of the events held there."
    words["nothing offered"] = "No event there names a language."
    st.caption(words[str(found["state"].iloc[0])])
    tables.table_with_download(
        found,
        f"languages_of_{code}",
        alt="Languages of the chosen country",
        columns=COLUMNS,
        shown=["language_name", "spoken_share", "events", "members"],
        height=330,
    )
