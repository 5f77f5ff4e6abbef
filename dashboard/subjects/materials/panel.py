"""The parts of the Materials page: kinds, topics, and whose context talks and materials come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.linked import keep
from dashboard.parts import behind, page_parts
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.originals import ORIGIN_NAMES, originals_picture
from dashboard.parts.tables import Width, table_with_download
from dashboard.subjects.materials import charts, words
from dashboard.words.sentences import MATERIALS, say
from dashboard.words.text import plain
from data_access.answers import rows
from data_access.questions.events.counts import ONLINE
from data_access.questions.materials.contexts import (
    TALKS,
    AuthorsOfAudience,
    WorkOfAuthor,
    authors_and_audiences,
    works_of_audience,
)
from data_access.questions.materials.kinds import MaterialsOfKind
from data_access.questions.materials.listed import NO_KIND as WITHOUT_KIND
from data_access.questions.materials.topics import ONLINE_EVENTS, CoveredTopic, TopicAmong, topics_by_language

_WORKS = ("done_on", "name", "home", "work", "title", "given_in", "relation")
_SMALL: dict[str, Width] = dict.fromkeys(
    ("materials", "originals", "translations", "languages", "regions", "events", "share", "works", "known"), "small"
)


def kinds(found: pd.DataFrame) -> None:
    """Originals against translations, kind by kind."""
    st.header("What is made?", anchor=False)
    if found.empty:
        page_parts.nothing("No material was published in this period.")
        return
    drawn, listed = st.columns(2, gap="medium")
    with drawn:
        st.caption("Plain: originals. Hatched: translations.")
        bars = words.bars(rows(MaterialsOfKind, found))
        show_figure(originals_picture(bars, page_parts.theme_type()), key="kinds", rows=_of_kind)
    with listed:
        table_with_download(
            found,
            "materials_by_kind",
            alt="Materials by kind",
            columns=MaterialsOfKind,
            shown=["kind", "materials", "original_share", "languages"],
            widths=_SMALL | {"original_share": "small"},
        )


def _of_kind(mark: str) -> Opened:
    """The originals, or the translations, of a kind."""
    kind, _, origin = mark.rpartition(".")
    name = words.NO_KIND if kind == WITHOUT_KIND else kind
    where = say("{name}, {origin}", name=name, origin=ORIGIN_NAMES[origin])
    return behind.materials_of(filters.asked().selection, where, kind=kind, origin=origin)


@st.fragment
def topics(found: pd.DataFrame) -> None:
    """Topics by language or region, and every topic with its events and materials."""
    now = filters.asked()
    st.header("About what, and where is it taught?", anchor=False)
    covered = rows(CoveredTopic, found)
    if not any(row.topic for row in covered):
        page_parts.nothing("No event of this period names a topic.")
        return
    by = st.segmented_control(
        "Topics",
        list(words.SPREAD),
        format_func=words.SPREAD.__getitem__,
        required=True,
        **keep("topics_by", words.SPREAD, "language"),
        label_visibility="collapsed",
    )
    among = cached.answer(topics_by_language, now.selection, now.scope, by=by or "language")
    grid = words.grid(covered, rows(TopicAmong, among))
    if grid.columns:
        st.caption("Events, the most frequent topics first. An event counts in each of its topics and languages.")
        picture = charts.grid_picture(grid, page_parts.theme_type())
        show_figure(picture, key="topics", rows=_events_about(grid, by or "language"))
    else:
        page_parts.nothing("The most frequent topics are in materials only, and no event names them.")
    with st.expander("Every topic, and the figures behind the picture", icon=":material/table:"):
        table_with_download(
            found,
            "topics",
            alt="Topics with their events and materials",
            columns=CoveredTopic,
            widths=_SMALL,
            height=320,
        )
        table_with_download(
            among,
            "topics_by_language",
            alt="Events of each topic by language or region",
            columns=TopicAmong,
            shown=["topic", "name", "events"],
            widths=_SMALL,
            height=320,
        )


def _events_about(grid: words.TopicGrid, by: str) -> Rows:
    """The events of a cell: about a topic, in a language or region; regions count online events separately."""

    def opened(mark: str) -> Opened:
        row, at = (int(part) for part in mark.split("."))
        where = say("{topic}, {where}", topic=grid.topics[row], where=grid.columns[at])
        about = replace(filters.asked().selection, topic=(grid.topics[row],))
        if by == "language":
            return behind.events_of(replace(about, language=(grid.codes[at],)), where)
        if grid.codes[at] == ONLINE_EVENTS:
            return behind.events_of(replace(about, mode=(ONLINE,)), where)
        return behind.events_of(replace(about, region=(grid.codes[at],)), where, online=False)

    return opened


@st.fragment
def contexts() -> None:
    """Where authors live against where they are heard and read (PM and board): it is counted from people's homes."""
    now = filters.asked()
    st.header("In whose context?", anchor=False)
    with st.container(horizontal=True):
        of = st.segmented_control(
            "Of",
            list(words.WORKS),
            format_func=words.WORKS.__getitem__,
            required=True,
            **keep("context_of", words.WORKS, "talks"),
            label_visibility="collapsed",
        )
        of = of or "talks"
        names = words.BY[of]
        by = st.segmented_control(
            "Context",
            list(names),
            format_func=names.__getitem__,
            required=True,
            **keep(f"context_by_{of}", names, "region"),
            label_visibility="collapsed",
        )
    answer = cached.answer(authors_and_audiences, now.selection, now.scope, of=of, by=by or "region")
    found = rows(AuthorsOfAudience, answer)
    if not found:
        page_parts.nothing("Nothing was given, or published, in this period.")
        return
    st.markdown(plain(words.context_sentences(found, of)))
    _drawn(found, of, by or "region")
    table_with_download(
        answer.assign(name=[row.name or words.NO_PLACE for row in found]),
        f"authors_and_audiences_{of}",
        alt="Where authors live, against where they are heard and read",
        columns=AuthorsOfAudience,
        shown=["name", "works", "known", "same_country", "same_region", "elsewhere", "share", "low", "high"],
        widths=dict.fromkeys(("works", "known", "same_country", "same_region", "elsewhere", "low", "high"), "small"),
        height=320,
    )


def _drawn(found: Sequence[AuthorsOfAudience], of: str, by: str) -> None:
    dots = words.dots(found)
    if not dots:
        return
    st.caption("From the country itself, of those of which both places are known, with 95% intervals.")
    names = {dot.key: dot.name for dot in dots}

    def works(mark: str) -> Opened:
        now, among = filters.asked(), mark.removeprefix(words.AMONG)
        answer = cached.answer(works_of_audience, now.selection, now.scope, of=of, by=by, among=among)
        total = int(answer["total"].iloc[0]) if len(answer) else 0
        noun = words.TALKS if of == TALKS else MATERIALS
        line = say("{works}: {where}", works=noun(total), where=names[mark])
        told = answer.assign(relation=answer["relation"].map(words.LIVES))
        return Opened(line, told, WorkOfAuthor, _WORKS)

    show_figure(charts.context_picture(dots, page_parts.theme_type()), key="contexts", rows=works)
