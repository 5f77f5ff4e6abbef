"""What every page is made of: heading, selection line, headline numbers, empty state, definitions, footer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import theme
from dashboard.parts.shapes import Bar, Headline, Step
from dashboard.words import numbers
from dashboard.words.definitions import definition
from dashboard.words.text import markup, plain, with_code
from data_access.database.engine import EMPTY, DatabaseError

FAVICON = Path(__file__).resolve().parents[1] / "assets" / "favicon.svg"
ABOUT = "Uplift shows what community programs achieve, where they are missing, and what that costs."


def theme_type() -> theme.ThemeType:
    """The viewer's theme, for colours that are decided here and not in the browser."""
    return "dark" if st.context.theme.type == "dark" else "light"


def heading(question: str, finding: str, more: str = "") -> None:
    """The page's question, the finding that answers it, made from the data, and a second sentence beside it."""
    second = f'<p class="up-more">{markup(more)}</p>' if more else ""
    st.html(
        f'<div class="up-heading"><p class="up-question">{markup(question)}</p>'
        f'<h1 class="up-finding">{markup(finding)}</h1>{second}</div>'
    )


def selection_line(fixed: str = "") -> None:
    """The active selection in words, each part removable, and the link to copy; or `fixed`, where it is not used."""
    now = filters.asked()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="selection_line"):
        parts = [] if fixed else now.selection.parts_in_words(now.names)
        own_period = not fixed and now.selection.period != now.opening.period
        if not own_period:
            words = fixed or _sentence_case(now.selection.period.in_words())
            st.html(f'<p class="up-selection">{markup(words)}</p>', width="content")
        else:
            _chip(now.selection.period.in_words(), "period")
        for name, words in parts:
            _chip(words, name)
        if len(parts) + own_period > 1:
            st.button("Clear all", type="tertiary", key="clear_all", on_click=filters.reset)
        query = links.to_copy(now.selection, now.viewer.parameter, filters.own_parameters())
        st.html(
            f'<button type="button" class="up-copy" data-query="{markup(query)}">Copy link</button>', width="content"
        )


def _chip(words: str, name: str) -> None:
    st.button(
        plain(_sentence_case(words)),
        icon=":material/close:",
        icon_position="right",
        key=f"chip_{name}",
        on_click=filters.without,
        args=(name,),
    )


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


_ARROWS = {1: "▲", -1: "▼", 0: ""}


def headline_numbers(items: Sequence[Headline], compared: str = "") -> None:
    """The headline numbers side by side, and one line that says what they are compared with."""
    tiles = "".join(_tile(item) for item in items)
    below = f'<p class="up-compared">{markup(compared)}</p>' if compared else ""
    st.html(f'<ul class="up-tiles" aria-label="Headline numbers">{tiles}</ul>{below}')


def _tile(item: Headline) -> str:
    arrow = f'<span aria-hidden="true">{_ARROWS[item.direction]} </span>' if item.direction else ""
    change = f'<span class="up-change">{arrow}{markup(item.change)}</span>' if item.change else ""
    note = f'<span class="up-note">{markup(item.note)}</span>' if item.note else ""
    return (
        f'<li class="up-tile"><span class="up-label">{markup(item.label)}</span>'
        f'<span class="up-value">{markup(item.value)}</span>{change}{note}{_trend(item.trend)}</li>'
    )


def _trend(bars: Sequence[Bar]) -> str:
    drawn = "".join(
        f'<i class="{" ".join(_bar_classes(bar))}" style="height:{max(2, round((bar.height or 0) * 100))}%"></i>'
        for bar in bars
    )
    return f'<span class="up-trend" aria-hidden="true">{drawn}</span>' if bars else ""


def _bar_classes(bar: Bar) -> list[str]:
    flags = (("now", bar.current), ("open", bar.open), ("none", bar.height is None))
    return [name for name, is_set in flags if is_set]


def chain(steps: Sequence[Step]) -> None:
    """Steps from left to right (from top to bottom on a phone), with the rate on each arrow."""
    drawn: list[str] = []
    for step in steps:
        if drawn:
            before = f"<small>{markup(step.rate_before)}</small>" if step.rate_before else ""
            drawn.append(f'<li class="up-link"><b>{markup(step.rate)}</b>{before}</li>')
        drawn.append(f'<li class="up-step"><b>{markup(step.value)}</b><span>{markup(step.label)}</span></li>')
    st.html(f'<ol class="up-chain">{"".join(drawn)}</ol>')


def empty(why: str, advice: str, action: str = "", on_click: Callable[[], None] | None = None) -> None:
    """An empty state: why there is nothing, what to do, and the way there in one click."""
    with st.container(border=True):
        st.html(f'<p class="up-empty">{markup(why)}</p><p>{with_code(advice)}</p>')
        if action and on_click:
            st.button(action, type="primary", key="empty_action", on_click=on_click)


def nothing_here(now: filters.Asked) -> None:
    """The empty page: says whether the filters, the period or the whole program are the reason, and ends the run."""
    if now.offered.first is None or now.offered.last is None:
        heading("Nothing to show yet", "This program has no events.")
        empty("No events have been imported.", "Import your data on the Data page, or with `uplift import`.")
    else:
        heading("Nothing to show for this choice", "No events match what you chose.")
        selection_line()
        if now.selection.narrowed_by or now.selection.status != ("held",):
            advice = "Remove a filter above, or start again from the view this page opens with."
        else:
            first, last = numbers.day(now.offered.first), numbers.day(now.offered.last)
            advice = f"The program’s events lie between {first} and {last}."
        empty("No event was found.", advice, "Show the opening view", filters.reset)
    footer()
    st.stop()


def remark(text: str) -> None:
    """Small print of our own, with `commands` set as code."""
    st.html(f'<p class="up-compared">{with_code(text)}</p>')


def linked_choice(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few choices (value → words), kept in the address under `key` so that a link opens the same view."""
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key, "")
        st.session_state[key] = asked if asked in options else next(iter(options))
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        required=True,
        on_change=lambda: st.query_params.update({key: st.session_state[key]}),
    )
    return str(chosen)


def how_counted(*names: str) -> None:
    """The definitions of the page's numbers, folded away."""
    program = cached.program()
    with st.expander("How is this counted?", icon=":material/help:"):
        listed = (definition(name, program) for name in names)
        rows = "".join(f"<dt>{markup(title)}</dt><dd>{markup(text)}</dd>" for title, text in listed)
        st.html(f'<dl class="up-definitions">{rows}</dl>')


def footer() -> None:
    """What the data is as of, and whether everything works."""
    version = cached.version()
    if version == EMPTY:
        words = "No data has been imported yet"
    else:
        finished = datetime.fromisoformat(version.finished_at).replace(tzinfo=UTC)
        words = f"Data as of {numbers.moment(finished)} (import {version.import_id})"
    st.html(
        f'<footer class="up-footer"><span>{markup(words)}</span>'
        '<a href="./readyz" target="_blank" rel="noopener">Is everything working?</a></footer>'
    )
    st.button("Redraw", key="redraw")  # never seen: the page's script presses it when the theme changes


def no_database(problem: DatabaseError) -> None:
    """The whole page when there is no program to show."""
    heading("Nothing to show yet", "There is no program in this database.")
    st.info(plain(str(problem).replace("`", "")), icon=":material/database:")
