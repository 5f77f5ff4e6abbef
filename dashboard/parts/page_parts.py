"""What every page shows: heading, selection line, headline numbers, empty state, definitions, footer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import htpy as h
import streamlit as st

from dashboard import settings
from dashboard.asking import access, cached, filters, links
from dashboard.asking.linked import keep
from dashboard.parts import blocks, theme
from dashboard.parts.html import render
from dashboard.parts.shapes import Headline, Step
from dashboard.settings.databases import explained
from dashboard.words import numbers
from dashboard.words.definitions import definition
from dashboard.words.faults import fault_words
from dashboard.words.sentences import Counted, say, sentence_case
from dashboard.words.text import plain, visible
from data_access.answers import rows
from data_access.database.engine import DataVersion, NoReleaseError
from data_access.questions.events.counts import EventsTotal, events_total

Width = Literal["stretch", "content"]
FAVICON = Path(__file__).resolve().parents[1] / "assets" / "favicon.svg"
EVENTS_LIE_BETWEEN = "The program’s events lie between {first} and {last}."
ONLY_PLANNED = Counted("{n} event is planned.", "{n} events are planned.")
DATA_AS_OF = "Data as of {moment} (import {number})"
RELEASED = "People and money as released for the {quarter}; numbers of people are about so many"
RECORDED_SINCE = "Data as of {moment} (import {number}); last recorded {recorded}"
ABOUT = "Uplift shows what community programs achieve, where they are missing, and what that costs."


def configure(title: str) -> None:
    """What the browser's tab and Streamlit's menu say; the first thing a script does."""
    st.set_page_config(page_title=title, page_icon=str(FAVICON), layout="wide", menu_items={"About": ABOUT})


def theme_type() -> theme.ThemeType:
    """The viewer's theme, for colours that are decided here and not in the browser."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show(node: h.Node, width: Width = "stretch") -> None:
    """HTML on the page. The only way there: what is no element is shown as text."""
    st.html(render(node), width=width)


def nothing(words: str) -> None:
    """One line in the place of a list that has nothing to show."""
    show(blocks.none(words))


def heading(question: str, finding: h.Node, more: h.Node = "") -> None:
    """The page's question, the finding that answers it, made from the data, and a second sentence.

    Names in them lead on where they are made by `named.sentence`.
    """
    show(blocks.heading(question, finding, more))


def name_tab(name: str) -> None:
    """Let the browser's tab, its history and its bookmarks name a thing and the program."""
    program = cached.program(filters.asked().scope).name
    st.set_page_config(page_title=visible(say("{name} – {program}", name=name, program=program)))


def selection_line(fixed: str = "") -> None:
    """The active selection in words, each part removable, and the link to copy; or `fixed`, where it is not used."""
    now = filters.asked()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="selection_line"):
        parts = [] if fixed else [part for part in now.selection.parts_in_words(now.names) if part[0] in now.heeds]
        own_period = not fixed and "period" in now.heeds and now.selection.period != now.opening.period
        if not own_period:
            words = fixed or sentence_case(now.selection.period.in_words())
            show(blocks.selected(words), width="content")
        else:
            _chip(now.selection.period.in_words(), "period")
        for name, words in parts:
            _chip(words, name)
        if len(parts) + own_period > 1:
            st.button("Clear all", type="tertiary", key="clear_all", on_click=filters.reset)
        query = links.to_copy(now.selection, now.viewer.parameter, filters.own_parameters())
        show(blocks.copy_button(query), width="content")


def _chip(words: str, name: str) -> None:
    st.button(
        plain(sentence_case(words)),
        icon=":material/close:",
        icon_position="right",
        key=f"chip_{name}",
        on_click=filters.without,
        args=(name,),
    )


def headline_numbers(items: Sequence[Headline], compared: str = "") -> None:
    """The headline numbers side by side, and one line that says what they are compared with."""
    show(blocks.tiles(items, compared))


def chain(steps: Sequence[Step]) -> None:
    """Steps from left to right (from top to bottom on a phone), with the rate on each arrow."""
    show(blocks.chain(steps))


def empty(why: str, advice: str, action: str = "", on_click: Callable[[], None] | None = None) -> None:
    """An empty state: why there is nothing, what to do, and the way there in one click."""
    with st.container(border=True):
        show(blocks.empty(why, advice))
        if action and on_click:
            st.button(action, type="primary", key="empty_action", on_click=on_click)


def nothing_here(now: filters.Asked, below: Callable[[], None] | None = None) -> None:
    """The empty page: says whether the filters, the period or the whole program are the reason, and ends the run.

    `below` is what can be done on the page all the same.
    """
    if now.offered.first is None or now.offered.last is None:
        heading("Nothing to show yet", "This program has no events.")
        empty("No events have been imported.", "Import your data on the Data page, or with `uplift import`.")
    else:
        heading("Nothing to show for this choice", "No events match what you chose.")
        selection_line()
        if now.selection.narrowed_by or now.selection.status != ("held",):
            advice = "Remove a filter above, or start again from the view this page opens with."
        else:
            advice = say(EVENTS_LIE_BETWEEN, first=now.offered.first, last=now.offered.last)
        if planned := planned_words(now):
            empty(planned, "None has been held yet.", "Show what is planned", show_planned)
        else:
            empty("No event was found.", advice, "Show the opening view", filters.reset)
    if below:
        below()
    footer()
    st.stop()


def planned_words(now: filters.Asked) -> str:
    """How many events of the choice are planned, where those that were held are asked for; nothing for none."""
    if now.selection.status != ("held",) or "status" not in now.heeds:
        return ""
    found = rows(EventsTotal, cached.answer(events_total, replace(now.selection, status=("planned",)), now.scope))
    return ONLY_PLANNED(found[0].events) if found[0].events else ""


def show_planned() -> None:
    """Ask for the events that are planned. For callbacks."""
    filters.narrow("status", ("planned",))


def opened(what: str) -> None:
    """Mark the part that a row of a table opened; the page's script brings the reader there."""
    show(blocks.opened(what), width="content")


def remark(text: str, width: Width = "stretch") -> None:
    """Small print of our own, with `commands` set as code."""
    show(blocks.remark(text), width)


def linked_choice(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few choices (value → words), kept in the address under `key` so that a link opens the same view."""
    kept = keep(key, options, next(iter(options)))
    chosen = st.segmented_control(label, list(options), format_func=options.__getitem__, required=True, **kept)
    return str(chosen)


def how_counted(*names: str) -> None:
    """The definitions of the page's numbers, folded away."""
    program = cached.program(filters.asked().scope)
    with st.expander("How is this counted?", icon=":material/help:"):
        show(blocks.definitions(definition(name, program) for name in names))


def data_as_of(version: DataVersion) -> str:
    """How old the imported data are, and when something was recorded since."""
    moments = [_moment(at) for at in (version.imported_at, version.finished_at)]
    template = DATA_AS_OF if version.import_id == version.imported else RECORDED_SINCE
    return say(template, moment=moments[0], number=str(version.imported), recorded=moments[1])


def data_words(version: DataVersion) -> str:
    """The same, also where nothing was imported."""
    return data_as_of(version) if version.imported else "No data has been imported yet"


def _moment(text: str) -> str:
    return numbers.moment(datetime.fromisoformat(text).replace(tzinfo=UTC))


def footer() -> None:
    """What the data is as of, what was released for who is outside, and whether everything works."""
    version, now = cached.version(), filters.asked()
    said = [data_words(version)]
    if quarter := cached.released_quarter(now.scope, now.selection.over_by):
        said.append(say(RELEASED, quarter=quarter.in_words()))
    show(blocks.footer(" · ".join(said)))
    st.button("Redraw", key="redraw")  # never seen: the page's script presses it when the theme changes


def no_database(problem: Exception) -> None:
    """The whole page when there is no program to show, or none that can be read. Raises what is a mistake of ours."""
    fault = explained(problem, settings.current())
    if fault is not None:
        words = fault_words(fault, access.is_this_machine())
        heading("What cannot be shown", fault.outside)
    elif isinstance(problem, NoReleaseError):
        words = str(problem)
        heading("Nothing to show yet", "Nothing was released yet.")
    else:
        raise problem
    st.info(plain(words.replace("`", "")), icon=":material/database:")
