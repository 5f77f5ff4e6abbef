"""The tables of the Languages page: gaps with who could speak there, every language, and the map as a table."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import named, page_parts
from dashboard.parts.tables import Width, table_with_download
from dashboard.subjects.event_map import tables as event_map_tables
from dashboard.words.numbers import day
from dashboard.words.ranges import people_words, share_words
from dashboard.words.sentences import Counted, say
from dashboard.words.text import plain
from data_access.answers import Count, Share, Text, columns_of, rows, table
from data_access.questions.events.counts import ATTENDANCE
from data_access.questions.languages.coverage import LANGUAGE_CODE, SHARE_OF_EVENTS, LanguageOfEvents
from data_access.questions.languages.gaps import CountryCoverage, LanguageGap, language_gaps
from data_access.questions.languages.materials import MaterialsInLanguage
from data_access.questions.languages.reach import NOTHING_OFFERED, NextLanguage
from data_access.questions.languages.speakers import EVERYONE, MEMBERS, LanguageSpeakers
from data_access.questions.named.entries import COUNTRY

GAPS = Counted("{n} gap", "{n} gaps")
_ROWS, _CHOSEN = "uplift_language_rows", "uplift_language_gap"


class GapInWords(NamedTuple):
    """What is made of a gap for its row on the page, next to the answer's own columns."""

    would_reach: Annotated[
        int, Count("Would reach", "inhabitants", help="Inhabitants not reached yet who know the language")
    ]
    members: Annotated[str, Text("Members", help="Active members, anywhere, who speak it")]
    next_step: Annotated[str, Text("Next step")]


GAP_COLUMNS = (*columns_of(LanguageGap), *columns_of(GapInWords))
GAP_WIDTHS: dict[str, Width] = {
    "name": 110,
    "language_name": 92,
    "would_reach": 105,
    "spoken_share": "small",
    "members": "small",
}


def gaps_to_close(gaps: pd.DataFrame) -> None:
    """What would reach most people who are not reached yet; inside, a row shows who could speak there."""
    names_people = filters.asked().scope.inside
    ranked = _ranked(rows(LanguageGap, gaps))
    st.session_state[_ROWS] = [(row.country, row.language, row.name, row.language_name) for row, _ in ranked]
    if not ranked:
        page_parts.empty("No gap is known.", "Wherever CLDR has figures, the languages reach all inhabitants.")
        return
    caption = say(
        "{gaps}: a country’s language in which no event was held there, most people first.", gaps=GAPS(len(ranked))
    )
    st.caption(" ".join([caption, "Select a row to see who could speak there."]) if names_people else caption)
    found = pd.concat(
        [table(LanguageGap, [row for row, _ in ranked]), table(GapInWords, [said for _, said in ranked])], axis=1
    )
    shown = ["name", "language_name", "would_reach", "spoken_share", "members"]
    table_with_download(
        found if names_people else found.drop(columns="next_step"),
        "language_gaps",
        alt="Languages that would reach people who are not reached yet, by country",
        columns=GAP_COLUMNS,
        shown=[*shown, "next_step"] if names_people else shown,
        widths={**GAP_WIDTHS, "next_step": "medium"},
        height=320,
        on_select=_row_chosen if names_people else None,
    )


def _ranked(gaps: list[LanguageGap]) -> list[tuple[LanguageGap, GapInWords]]:
    """Languages that would reach people who are not reached yet, in the country where they live; most people first."""
    found = []
    for row in gaps:
        if row.gain and row.inhabitants is not None and row.events == 0:
            advice = "Select the row: who could speak" if row.at_least else "Find a speaker"
            found.append((row, GapInWords(round(row.gain * row.inhabitants), _members(row), advice)))
    return sorted(found, key=lambda pair: (-pair[1].would_reach, pair[0].country, pair[0].language))


def _members(gap: LanguageGap) -> str:
    """`12`, `10 to 14`, `fewer than 5`, or `–` where it may not be shown."""
    if gap.at_least is None or gap.at_most is None:
        return "–"
    return people_words(gap.at_least, gap.at_most)


def _row_chosen() -> None:
    chosen, known = st.session_state["table_language_gaps"].selection.rows, st.session_state.get(_ROWS, [])
    st.session_state[_CHOSEN] = known[chosen[0]] if chosen and chosen[0] < len(known) else None


def who_could_speak() -> None:
    """For the chosen gap: members who speak the language, nearest first (PM and board only)."""
    chosen = st.session_state.get(_CHOSEN)
    if chosen and filters.asked().scope.inside:
        code, language, country, name = chosen
        question = say("Who could speak {language} in {country}?", language=name, country=country)
        page_parts.opened("".join((code, language)))
        st.subheader(plain(question), anchor=False)
        event_map_tables.members_table(code, country, language)


def what_to_add(following: pd.DataFrame) -> None:
    """The next languages by what they would add."""
    with st.expander("Which language would add most reach?", icon=":material/add_circle:"):
        table_with_download(
            following.round({"gain_low": 4, "gain_high": 4}),
            "language_next",
            alt="Languages by how many further inhabitants they would reach",
            columns=NextLanguage,
            shown=["name", "people_low", "people_high", "gain_low", "gain_high", "certain"],
        )


class LanguageFigures(NamedTuple):
    """All that is known of a language; people in words."""

    language: Annotated[str, LANGUAGE_CODE]
    name: Annotated[str, Text("Language")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[float | None, SHARE_OF_EVENTS]
    talks: Annotated[int | None, Count("Talks", "talks")]
    attendance: Annotated[int | None, ATTENDANCE]
    countries: Annotated[int | None, Count("Countries", "countries")]
    materials: Annotated[int, Count("Materials", "materials")]
    originals: Annotated[int, Count("Original materials", "materials")]
    translations: Annotated[int, Count("Translations", "materials")]
    original_share: Annotated[float | None, Share("Originals", help="Of the materials in this language")]
    everyone: Annotated[str | None, Text("People", help="Known to the program, who speak it")]
    members: Annotated[str | None, Text("Members", help="Active members who speak it")]


def every_language(spoken: pd.DataFrame, materials: pd.DataFrame, people: pd.DataFrame) -> None:
    """Events, talks, materials and people of each language."""
    now = filters.asked()
    st.header("Language by language", anchor=False)
    shown = ["name", "events", "share", "talks", "materials", "original_share", "everyone", "members"]
    left_out = [] if now.scope.inside else ["talks"]
    if people.empty:
        left_out += ["everyone", "members"]
    elif not now.scope.inside:
        counted_on = next(row.counted_on for row in rows(LanguageSpeakers, people))
        page_parts.remark(say("People of the whole program, as released for {day}.", day=day(counted_on)))
    shown = [name for name in shown if name not in left_out]
    table_with_download(
        table(LanguageFigures, _figures(spoken, materials, people)).drop(columns=left_out),
        "languages",
        alt="Languages with their events, talks, materials and people",
        columns=LanguageFigures,
        shown=shown,
        widths={**dict.fromkeys(shown, "small"), "name": 130},
        height=320,
    )


def _figures(spoken: pd.DataFrame, materials: pd.DataFrame, people: pd.DataFrame) -> list[LanguageFigures]:
    """One row a language, most events first, then most materials."""
    held = {row.language: row for row in rows(LanguageOfEvents, spoken)}
    written = {row.language: row for row in rows(MaterialsInLanguage, materials)}
    speak = {
        (row.group, row.language): people_words(row.at_least, row.at_most) for row in rows(LanguageSpeakers, people)
    }
    found = []
    for language in held.keys() | written.keys():
        own, texts = held.get(language), written.get(language)
        found.append(
            LanguageFigures(
                language=language,
                name=own.name if own else texts.name if texts else language,
                events=own.events if own else 0,
                share=None if own is None or own.share is None else own.share,
                talks=own.talks if own else 0,
                attendance=own.attendance if own else None,
                countries=own.countries if own else None,
                materials=texts.materials if texts else 0,
                originals=texts.originals if texts else 0,
                translations=texts.translations if texts else 0,
                original_share=round(texts.original_share, 3) if texts else None,
                everyone=speak.get((EVERYONE, language)),
                members=speak.get((MEMBERS, language)),
            )
        )
    return sorted(found, key=lambda row: (-row.events, -row.materials, row.language))


def coverage_table(coverage: pd.DataFrame, online: bool) -> None:
    """The map as a table: every country with its bounds."""
    found = coverage.round(dict.fromkeys(("low", "high", "online_low", "online_high"), 3))
    if online:
        found[["low", "high", "state"]] = found[["online_low", "online_high", "online_state"]]
    st.subheader("Reach by country", anchor=False)
    table_with_download(
        found.drop(columns=["online_low", "online_high", "online_state"]),
        "language_coverage",
        alt="Countries with the share of inhabitants who know a language offered there",
        columns=CountryCoverage,
        shown=["name", "low", "high", "inhabitants", "state", "languages"],
        widths={"name": 105, "low": "small", "high": "small"},
        height=430,
    )


def country_table(code: str) -> None:
    """The languages of one country: who knows them, what was held, who could speak."""
    now = filters.asked()
    answer = cached.answer(language_gaps, now.selection, now.scope, country=code)
    found = rows(LanguageGap, answer)
    if not found:
        page_parts.remark("The filters leave this country out.")
        return
    st.subheader(plain(say("Languages of {country}", country=found[0].name)), anchor=False)
    st.caption(_reached(found[0]))
    named.onward((COUNTRY, code, found[0].name))
    table_with_download(
        answer.assign(members=[_members(row) for row in found]),
        f"languages_of_{code}",
        alt="Languages of the chosen country",
        columns=GAP_COLUMNS,
        shown=["language_name", "spoken_share", "events", "members"],
        widths={**GAP_WIDTHS, "events": "small"},
        height=330,
    )


def _reached(country: LanguageGap) -> str:
    """How many inhabitants know a language of the events held there."""
    if country.low is None or country.high is None:
        return "CLDR lists none of the languages of the events held there."
    if country.state == NOTHING_OFFERED:
        return "No event there names a language."
    known = share_words(country.low, country.high)
    return say("{known} of the inhabitants know a language of the events held there.", known=known)
