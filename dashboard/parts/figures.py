"""Plotly figures on a page: the one place that hands them to Streamlit, each with its finding, its words and its files.

A figure whose marks have keys opens their rows: by a click, or from the list below it. Which are open stands in the
address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import blocks, named, time_notes, trends
from dashboard.parts.charts import Picture
from dashboard.parts.downloads import download_button
from dashboard.parts.drawn import HEADINGS
from dashboard.parts.page_parts import data_words, nothing, show, theme_type
from dashboard.parts.shapes import NAMED, Panel, Thing
from dashboard.parts.spreadsheet import to_csv
from dashboard.parts.tables import Columns, Whole, table_with_download
from dashboard.words.sentences import say
from dashboard.words.text import plain, visible
from data_access.selection import INSIDE, STAFF, Selection

# No tool bar: nothing on it helps a reader; scrolling a page must not zoom a chart.
CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False, "doubleClick": False}
ROWS = "rows"
SOURCE = "{program}: {selection}. {data}. Shown on {day}."


class Opened(NamedTuple):
    """The rows behind a mark: a sentence, the rows or the first of the `whole`, and the things that the mark is of."""

    words: str
    table: pd.DataFrame
    columns: Columns
    shown: Sequence[str] | None = None
    whole: Whole | None = None
    about: Sequence[Thing] = ()


# Given the key of a mark.
Rows = Callable[[str], Opened | None]


def show_figure(
    picture: Picture, key: str, *, rows: Rows | None = None, chooses: str = "", listed: bool = True
) -> None:
    """Draw the picture in the page's own theme, under what it shows, over its files and the rows of its marks.

    Where the page shows the rows of a mark itself, a click `chooses` it in the widget of this name (`linked.keep`).
    Marks that stand one by one below the picture anyway are not `listed` in a box besides.
    """
    now = filters.asked()
    picture = time_notes.noted(picture, now, theme_type())
    openable = picture.openable() if rows else {}
    show(blocks.picture_title(picture.title))
    _draw(picture, key, (lambda each: _mark_chosen(each, chooses)) if openable or chooses else None)
    chosen = _opened(key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"below_{key}"):
        if openable and listed:
            _choose(key, openable, chosen)
        show(blocks.save_picture(key, picture.title, source(now)), "content")
        download_button("CSV", lambda: as_csv(picture), f"{key}.csv", "text/csv", f"csv_{key}", quiet=True)
    if rows and chosen in openable:
        _rows(key, openable[chosen], rows(chosen))


def as_csv(picture: Picture) -> bytes:
    """The picture's marks as a file."""
    table = picture.table()
    return to_csv(table, [HEADINGS[str(name)] for name in table])


def show_published(picture: Picture, key: str, source_words: str) -> None:
    """Draw a picture of the publication, whose numbers have files of their own."""
    show(blocks.picture_title(picture.title))
    _draw(picture, key, None)
    show(blocks.save_picture(key, picture.title, source_words, as_csv(picture).decode("utf-8-sig")), "content")


def _draw(picture: Picture, key: str, on_select: Callable[[str], None] | None) -> None:
    if on_select is None:
        st.plotly_chart(picture.figure, theme=None, config=CONFIG, alt=picture.alt, key=key, width="stretch")
        return
    st.plotly_chart(
        picture.figure,
        theme=None,
        config=CONFIG,
        alt=picture.alt,
        key=key,
        width="stretch",
        on_select=lambda: on_select(key),
        selection_mode="points",
    )


def source(now: filters.Asked) -> str:
    """From what a picture was made, and when: it stands in the picture's files."""
    program = cached.program(now.scope)
    said = [words for name, words in now.selection.parts_in_words(now.names) if name in now.heeds]
    if "period" in now.heeds:
        said = [now.selection.period.in_words(), *said]
    return say(
        SOURCE,
        program=visible(program.name),
        selection="; ".join(said) or "the whole program",
        data=data_words(cached.version()),
        day=now.selection.as_of,
    )


def opened_mark(key: str) -> str:
    """The key of the mark whose rows are open under the figure of this key; "" for none."""
    return _opened(key)


def _opened(key: str) -> str:
    figure, _, mark = st.query_params.get(ROWS, "").partition("~")
    return mark if figure == key else ""


def _open(key: str, mark: str) -> None:
    if mark:
        st.query_params[ROWS] = f"{key}~{mark}"
    elif _opened(key):
        st.query_params.pop(ROWS, None)


def _mark_chosen(key: str, chooses: str) -> None:
    """A mark was clicked, or clicked again: its rows open, or close. For callbacks."""
    points = st.session_state[key].get("selection", {}).get("points", [])
    data = points[0].get("customdata") if points else None
    mark = unquote(str(data[0])) if data else ""
    if not chooses:
        _open(key, mark)
    elif mark:
        st.query_params[chooses] = mark


def _choose(key: str, openable: dict[str, str], chosen: str) -> None:
    widget = f"rows_of_{key}"
    shown = chosen if chosen in openable else None
    if widget not in st.session_state or st.session_state[widget] != shown:
        st.session_state[widget] = shown
    st.selectbox(
        "Rows behind the chart",
        list(openable),
        format_func=lambda mark: openable.get(mark, mark),
        key=widget,
        placeholder="Show the rows of…",
        label_visibility="collapsed",
        width=300,
        on_change=lambda: _open(key, st.session_state[widget] or ""),
    )


def _rows(key: str, said: str, found: Opened | None) -> None:
    with st.container(border=True, key=f"behind_{key}"):
        if found is None or found.table.empty:
            nothing(say("No rows are behind “{mark}”.", mark=said))
            return
        st.markdown(plain(found.words))
        named.onward(*found.about)
        name = f"rows_{key}"
        table_with_download(
            found.table, name, alt=found.words, columns=found.columns, shown=found.shown, whole=found.whole
        )


def show_trends(panels: Sequence[Panel], selection: Selection, key: str, rows: Rows | None = None) -> None:
    """Small multiples over one time axis, the selection's period in another colour than what came before it."""
    role = filters.asked().viewer.role
    if role not in INSIDE:
        closed = NAMED if role in STAFF else None
        panels = [replace(panel, opens="") if closed is None or panel.opens in closed else panel for panel in panels]
    boundary = trends.boundary(panels, selection)
    sentences = ["Coloured: the chosen period. Grey: before it."] if boundary else []
    if any(is_open for panel in panels for is_open in panel.open):
        sentences.append("Hatched or dotted: not over yet.")
    if sentences:
        st.caption(" ".join(sentences))
    show_figure(trends.trend_picture(panels, boundary, theme_type()), key, rows=rows)
