"""Diversity on the map: what people say about themselves, region by region, with the table that says the same."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep, put
from dashboard.maps.show import SOURCES, show_layer
from dashboard.parts import page_parts
from dashboard.parts.tables import table_with_download
from dashboard.subjects.people import tables, words
from dashboard.words.sentences import say
from dashboard.words.text import plain, visible
from data_access.answers import rows
from data_access.geography.polygons import drawn_codes
from data_access.questions.people.diversity import UNDISCLOSED, VALUE, AttributeShare, attribute_shares
from data_access.questions.people.diversity_map import CountryDiversity, diversity_by_country

_REGION, _HANDLED = "people_map_region", "uplift_people_map_choice"
_COLUMNS = ["member_of", "shown", "share", "of_people", "low", "high"]


def nothing_said() -> None:
    """Instead of a part that has nothing to show."""
    page_parts.empty(
        "Too few people have said something about themselves.",
        "A dimension is shown once enough people answered it. Answers come with the table person_attributes.",
    )


def choose_dimension(shares: pd.DataFrame, key: str) -> str | None:
    """The chosen dimension; None: nothing was said of any."""
    offered = words.dimensions_of(row for row in rows(AttributeShare, shares) if row.kind == VALUE)
    if not offered:
        nothing_said()
        return None
    kept = keep(key, offered, "gender" if "gender" in offered else offered[0])
    chosen = st.selectbox("Dimension", offered, format_func=lambda name: visible(words.heading_of(name)), **kept)
    return str(chosen)


def on_the_map(now: filters.Asked, population: str, shares: pd.DataFrame) -> None:
    """The map of one value's share, and next to it every region, or all that is said in the chosen one."""
    left, right = st.columns(2)
    with left:
        dimension = choose_dimension(shares, "people_map_dimension")
    if dimension is None:
        return
    said = [row for row in rows(AttributeShare, shares) if row.dimension == dimension]
    offered = [row.value for row in said if row.kind in (VALUE, UNDISCLOSED)]
    with right:
        kept = keep(f"people_map_value_{dimension}", offered, next(iter(offered), None))
        value = str(st.selectbox("Value", offered, format_func=visible, **kept))
    by_region = cached.answer(attribute_shares, now.selection, now.scope, population=population, by="region")
    st.markdown(plain(words.regions_finding(shares, by_region, dimension, value)))
    _map_and_regions(population, dimension, value, by_region)


@st.fragment
def _map_and_regions(population: str, dimension: str, value: str, by_region: pd.DataFrame) -> None:
    """A fragment: choosing a region runs this part of the page alone."""
    now, size = filters.asked(), filters.asked().scope.min_group_size
    options = {"population": population, "dimension": dimension, "value": value}
    drawn, aside = st.columns([2, 1], gap="medium")
    with drawn:
        answer = show_layer("diversity", now.selection, {}, "people_map", **options)
        page_parts.remark(
            say("{sources} People by the region of their home: all its countries look alike.", sources=SOURCES)
        )
    with aside:
        told = cached.answer(diversity_by_country, now.selection, now.scope, **options)
        _take_choice(answer, {row.country: row.region for row in rows(CountryDiversity, told)})
        known = list(dict.fromkeys(row.member_of for row in rows(AttributeShare, by_region)))
        region = st.selectbox(
            "People of",
            known,
            index=None,
            format_func=lambda name: visible(words.group_words(name, size)),
            placeholder="Choose here or on the map",
            **keep(_REGION, known),
        )
        of_dimension = by_region["dimension"] == dimension
        if region is None:
            shown = by_region[of_dimension & (by_region["value"] == value)].sort_values("share", ascending=False)
            columns, alt = _COLUMNS, say("“{value}” by region", value=value)
        else:
            shown = by_region[of_dimension & (by_region["member_of"] == region)]
            columns, alt = ["value", *_COLUMNS[1:]], say("{dimension} in the region", dimension=dimension)
        table_with_download(
            tables.shares_in_words(shown, size),
            f"people_{population}_on_the_map",
            alt=alt,
            columns=tables.about(tables.SHARE_OF_REGION, now.scope.inside),
            shown=columns,
            widths=tables.SMALL,
            height=470,
        )


def _take_choice(answer: object, regions: dict[str, str]) -> None:
    """Choose the region of the country that was clicked on the map, once: the box may choose another later."""
    choice = answer.get("picked") if isinstance(answer, dict) else None
    if not isinstance(choice, dict) or choice == st.session_state.get(_HANDLED):
        return
    st.session_state[_HANDLED] = choice
    if choice.get("code") in drawn_codes():
        st.session_state[_REGION] = regions.get(str(choice["code"]))
        put(_REGION, st.session_state[_REGION])
