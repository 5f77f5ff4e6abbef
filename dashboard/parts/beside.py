"""Two selections side by side: the same page's finding, numbers and picture for both, whatever the page is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard.asking import filters
from dashboard.asking.linked import keep
from dashboard.parts import blocks, page_parts
from dashboard.parts.charts import Picture
from dashboard.parts.figures import show_figure
from dashboard.parts.shapes import Headline
from dashboard.words import periods
from dashboard.words.sentences import sentence_case
from dashboard.words.text import plain
from data_access.narrowing import FILTERS
from data_access.selection import Period, Selection

BY, WITH, NOTHING, PERIOD = "beside", "beside_with", "", "period"


@dataclass(frozen=True, slots=True)
class Side:
    """What a page says of one selection; `about` where it tells of another time than was chosen, as a whole year."""

    finding: str
    headlines: Sequence[Headline] = ()
    picture: Picture | None = None
    about: str = ""


def side_by_side(of: Callable[[Selection], Side], key: str, only: Collection[str] | None = None) -> None:
    """The chooser of another selection, and both; nothing on a page that heeds no filter.

    `of` makes a side of a selection; `key` is that of the page's picture. `only` names the filters by which the sides
    can differ for this viewer, where that is not all that the page heeds.
    """
    now = filters.asked()
    ways = {name: way for name, way in _ways(now).items() if only is None or name in only}
    if not ways:
        return
    st.header("Side by side", anchor=False)
    left, right = st.columns(2)
    labels = {NOTHING: "Nothing", **{name: label for name, (label, _) in ways.items()}}
    with left:
        by = str(st.selectbox("Compare by", list(labels), format_func=labels.__getitem__, **keep(BY, labels, NOTHING)))
    if by == NOTHING:
        return
    named = ways[by][1]
    with right:
        chosen = st.selectbox(
            "Compare with",
            list(named),
            index=None,
            format_func=lambda value: named.get(value, value),
            placeholder="Choose",
            **keep(WITH, named),
        )
    if chosen is None:
        return
    differs: dict[str, Any] = {by: Period.parse(chosen) if by == PERIOD else (chosen,)}
    other = replace(now.selection, **differs)
    with st.container(key="beside_sides"):
        for number, selection in enumerate((now.selection, other)):
            with st.container():
                side = of(selection)
                _side(side.about or _words(now, selection, by, named), side, f"{key}_side_{number}")


def _ways(now: filters.Asked) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """By what two selections can differ on this page, with the values of each by name."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    if PERIOD in now.heeds:
        listed = periods.choices(now.selection.as_of, now.offered.first, now.offered.last)
        found[PERIOD] = ("Period", {str(period): name for period, name in listed.items()})
    for item in FILTERS:
        if item.name in now.heeds and (named := filters.named_values(now, item.name, item.choices)):
            found[item.name] = (item.label, named)
    return found


def _words(now: filters.Asked, selection: Selection, by: str, named: Mapping[str, str]) -> str:
    if by == PERIOD:
        return sentence_case(selection.period.in_words())
    own: Any = getattr(selection, by)
    return ", ".join(named.get(value, value) for value in own) or "All"


def _side(heading: str, side: Side, key: str) -> None:
    st.subheader(plain(heading), anchor=False)
    page_parts.remark(side.finding)
    if side.headlines:
        page_parts.show(blocks.tiles(side.headlines))
    if side.picture:
        show_figure(side.picture, key)
