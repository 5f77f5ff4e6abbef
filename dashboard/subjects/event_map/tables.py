"""Below the map: the gaps ranked with their next step, towns out of reach, presence, and every country as a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep
from dashboard.parts import page_parts, tables
from dashboard.subjects.event_map import words
from dashboard.words.sentences import COUNTRIES, Counted, say
from data_access.answers import rows
from data_access.questions.event_map import members
from data_access.questions.event_map.gaps import CountryGap, country_gaps
from data_access.questions.event_map.reach import UncoveredTown, uncovered_cities
from data_access.questions.events import presence as events_presence
from data_access.questions.regions.profile import RegionProfile, region_profile
from data_access.selection import STAFF

_KEY = "table_gaps"
_NARROW = ("events", "expected", "ratio", "low", "high", "shrunken", "rate_per_million")
WIDTHS: dict[str, tables.Width] = {"name": "medium", "next_step": "medium", **dict.fromkeys(_NARROW, "small")}
TERRITORIES = Counted("{n} country or territory", "{n} countries and territories")
RANKED = "{countries} with clearly fewer events than expected, most missing first."
SELECT_A_ROW = "Select a row to see who could go."
SPEAKERS_FIRST = "Members who speak a language of the country first, then the nearest."
SPEAKERS_OF_IT_FIRST = "Members who speak the language first, then the nearest."


def gaps_ranked(gaps: pd.DataFrame) -> None:
    """Countries with fewer events than expected, by inhabitants or by members; inside, a row can be chosen."""
    now = filters.asked()
    inside = now.scope.inside
    shown = gaps
    if now.scope.role in STAFF:
        names = {"inhabitants": "By inhabitants", "members": "By members"}
        exposure = st.segmented_control(
            "Expected",
            list(names),
            format_func=names.__getitem__,
            required=True,
            **keep("exposure", names, "inhabitants"),
        )
        if exposure == "members":
            shown = cached.answer(country_gaps, now.selection, now.scope, exposure="members")
    if len(gaps) < 2:
        page_parts.empty("There is nothing to compare with.", "One country alone has all the events. Choose several.")
        return
    ranked = words.with_next_step(shown, inside)
    st.session_state["uplift_gap_rows"] = list(ranked["country"])
    if ranked.empty:
        page_parts.empty("No country stands out.", "None has clearly fewer events than its share would let expect.")
        return
    sentence = say(RANKED, countries=COUNTRIES(len(ranked)))
    st.caption(" ".join([sentence, SELECT_A_ROW]) if inside else sentence)
    tables.table_with_download(
        ranked,
        "gaps",
        alt="Countries with fewer events than expected",
        columns=words.RANKED_GAP,
        shown=["name", "events", "expected", "low", "high", "next_step"],
        widths=WIDTHS,
        height=320,
        on_select=_row_chosen if inside else None,
    )
    if unknown := words.unknown_words(shown):
        page_parts.remark(unknown)


def _row_chosen() -> None:
    chosen = st.session_state[_KEY].selection.rows
    codes = st.session_state.get("uplift_gap_rows", [])
    st.session_state["uplift_gap"] = codes[chosen[0]] if chosen and chosen[0] < len(codes) else ""


def who_could_go(gaps: pd.DataFrame) -> None:
    """For the chosen gap: members by language fit and distance (PM and board only)."""
    now = filters.asked()
    code = st.session_state.get("uplift_gap", "")
    if not code or not now.scope.inside:
        return
    name = next((gap.name for gap in rows(CountryGap, gaps) if gap.country == code), code)
    page_parts.opened(code)
    st.subheader(say("Who could go to {country}?", country=name), anchor=False)
    members_table(code, name)


def members_table(code: str, country: str, language: str = "") -> None:
    """Members who could go to a country, by language fit (one language, or any main one) and distance."""
    now = filters.asked()
    found = cached.answer(members.who_could_go, now.selection, now.scope, country=code, language=language)
    if found.empty:
        page_parts.remark("No active member is known.")
        return
    [first] = rows(members.PossibleTraveller, found.head(1))
    order = SPEAKERS_OF_IT_FIRST if language else SPEAKERS_FIRST
    st.caption(
        " ".join([order, say("Amounts are in {currency}.", currency=first.currency)]) if first.currency else order
    )
    tables.table_with_download(
        found,
        f"who_could_go_{code}{language}",
        alt=say("Members who could go to {country}", country=country),
        columns=members.PossibleTraveller,
        widths={"name": "medium"},
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
    with st.expander(words.towns_heading(now.selection), icon=":material/location_city:"):
        towns = cached.answer(uncovered_cities, now.selection, now.scope)
        if towns.empty:
            page_parts.remark("No town of 15,000 inhabitants and more among those asked for is that far.")
            return
        tables.table_with_download(
            towns,
            "uncovered_cities",
            alt="Towns without such an event within 100 km",
            columns=UncoveredTown,
            shown=["city", "name", "population", "distance_km"],
            height=320,
        )


def presence() -> None:
    """Weeks with events, region by region."""
    now = filters.asked()
    with st.expander("How steadily are we present in each region?", icon=":material/calendar_month:"):
        found = cached.answer(events_presence.presence, now.selection, now.scope)
        tables.table_with_download(
            found,
            "presence",
            alt="Weeks with events by region",
            columns=events_presence.RegionPresence,
            widths={"region": "medium"},
            shown=["region", "events", "weeks_with_events", "weeks", "share", "longest_silence", "last_event_on"],
            height=320,
        )


def profiles() -> None:
    """Since when each region has had events, how it grows, and who is there."""
    now = filters.asked()
    with st.expander("Since when, and how does each region grow?", icon=":material/flag:"):
        found = cached.answer(region_profile, now.selection, now.scope)
        people = ["members", "speakers", "organizers", "contributors", "circles", "largest_circle"]
        facts = [
            "name",
            "first_on",
            "events",
            "a_year",
            "last_year",
            "year_before",
            "growth",
            "cities",
            "main_languages",
        ]
        tables.table_with_download(
            found if now.scope.inside else found.drop(columns=people),
            "region_profile",
            alt="Regions by their events, growth, languages and people",
            columns=RegionProfile,
            widths={
                "name": "medium",
                **dict.fromkeys(("events", "a_year", "last_year", "year_before", "cities"), "small"),
            },
            shown=[*facts, *(people if now.scope.inside else [])],
            height=320,
        )


def every_country(gaps: pd.DataFrame) -> None:
    """What the map shows, as a table."""
    label = say("The map as a table: {territories}", territories=TERRITORIES(len(gaps)))
    with st.expander(label, icon=":material/table:"):
        tables.table_with_download(
            gaps,
            "country_gaps",
            alt="Countries with their events and what could be expected",
            columns=CountryGap,
            widths=WIDTHS,
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
