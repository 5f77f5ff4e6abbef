"""Plotly figures on a page: the one place that hands them to Streamlit, each with its alternative in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.parts import trends
from dashboard.parts.charts import Picture
from dashboard.parts.page_parts import theme_type
from dashboard.parts.shapes import Panel
from data_access.selection import Selection

# No tool bar: nothing on it helps a reader; scrolling a page must not zoom a chart.
CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False, "doubleClick": False}


def show_figure(picture: Picture, key: str) -> None:
    """Draw the picture in the page's own theme."""
    st.plotly_chart(picture.figure, theme=None, config=CONFIG, alt=picture.alt, key=key, width="stretch")


def choose_on_figure(picture: Picture, key: str) -> str:
    """Draw the picture, and return the key (see `Canvas.bars`) of the bar that was clicked, or ""."""
    event = st.plotly_chart(
        picture.figure,
        theme=None,
        config=CONFIG,
        alt=picture.alt,
        key=key,
        width="stretch",
        on_select="rerun",
        selection_mode="points",
    )
    points = event.get("selection", {}).get("points", []) if event else []
    data = points[0].get("customdata") if points else None
    return str(data[0]) if data else ""


def show_trends(panels: Sequence[Panel], selection: Selection, key: str) -> None:
    """Small multiples over one time axis, the selection's period in another colour than what came before it."""
    starts = min((panel.starts[0] for panel in panels if panel.starts), default=selection.period.start)
    boundary = selection.period.start if starts < selection.period.start else None
    sentences = ["Coloured: the chosen period. Grey: before it."] if boundary else []
    if any(is_open for panel in panels for is_open in panel.open):
        sentences.append("Hatched or dotted: not over yet.")
    if sentences:
        st.caption(" ".join(sentences))
    show_figure(trends.trend_picture(panels, boundary, theme_type()), key)
