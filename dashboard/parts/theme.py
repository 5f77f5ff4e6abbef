"""The look: palettes for light and dark, colours with enough contrast, one Plotly template."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import plotly.graph_objects as go

ThemeType = Literal["light", "dark"]
FONT = '"Source Sans", "Segoe UI", system-ui, sans-serif'


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme: `accent` is ours, `context` what it is compared with, `alarm` only what needs action."""

    background: str
    surface: str
    text: str
    muted: str
    line: str
    accent: str
    context: str
    alarm: str


# `background`, `surface`, `text`, `accent` are those of dashboard/streamlit.toml; a test compares them.
PALETTES: dict[ThemeType, Palette] = {
    "light": Palette(
        background="#ffffff",
        surface="#f1f4f8",
        text="#18222f",
        muted="#525f70",
        line="#dfe4eb",
        accent="#005f99",
        context="#8793a3",
        alarm="#b3261e",
    ),
    "dark": Palette(
        background="#10161f",
        surface="#1b2430",
        text="#e8edf4",
        muted="#a3b0c0",
        line="#2b3644",
        accent="#6cbcf0",
        context="#718094",
        alarm="#ff8f85",
    ),
}

# Okabe and Ito (2008): distinguishable with every common colour vision; "other" is always the last, a grey.
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
MOST_CATEGORIES = len(OKABE_ITO)
# ColorBrewer, both safe for colour-blind readers: Blues for amounts, PuOr for less and more than expected.
SEQUENTIAL = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")
DIVERGING = ("#e66101", "#fdb863", "#f7f7f7", "#b2abd2", "#5e3c99")

# A value has the same colour on every page.
FIXED_CATEGORIES: dict[str, int] = {
    **{"in_person": 0, "online": 1, "hybrid": 2},
    **{"micro": 4, "regional": 3, "annual": 5},
    **{"held": 0, "planned": 4, "cancelled": 5},
}


def category_colour(value: str, among: tuple[str, ...], theme: ThemeType) -> str:
    """The colour of a value: fixed where the value is known, else by its place among all values of its kind."""
    position = FIXED_CATEGORIES.get(value)
    if position is None:
        position = among.index(value) if value in among else MOST_CATEGORIES
    if position >= MOST_CATEGORIES:
        return PALETTES[theme].context
    return with_contrast(OKABE_ITO[position], PALETTES[theme].background, 3.0)


def with_contrast(colour: str, background: str, least: float) -> str:
    """The colour, made darker or lighter in its own hue until it stands out from the background by `least` to one."""
    darker = luminance(background) > 0.5
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while contrast(colour, background) < least and 0 < lightness < 1:
        lightness = max(0.0, lightness - 0.01) if darker else min(1.0, lightness + 0.01)
        colour = "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def faint(colour: str, opacity: float = 0.15) -> str:
    """`rgba(0,95,153,0.15)` for `#005f99`: for areas, and for marks that stand back."""
    red, green, blue = (round(part * 255) for part in _channels(colour))
    return f"rgba({red},{green},{blue},{opacity})"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(colour: str) -> str:
    """The text colour, of the light or of the dark theme, that stands out more from this colour."""
    return max(("#ffffff", PALETTES["light"].text), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@cache
def template(theme: ThemeType) -> go.layout.Template:
    """The one Plotly template. Transparent, so that the page's own background shows."""
    palette = PALETTES[theme]
    axis = {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zerolinecolor": palette.context,
        "tickfont": {"color": palette.muted, "size": 12},
        "title": {"font": {"color": palette.muted, "size": 12}},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": palette.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [with_contrast(colour, palette.background, 3.0) for colour in OKABE_ITO],
            "colorscale": {"sequential": scale(SEQUENTIAL), "diverging": scale(DIVERGING)},
            "xaxis": {**axis, "showgrid": False, "ticks": "outside", "tickcolor": palette.line},
            "yaxis": {**axis, "rangemode": "tozero"},
            "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": palette.surface,
                "bordercolor": palette.context,
                "font": {"family": FONT, "color": palette.text},
            },
            "separators": ".,",
            "dragmode": False,
        }
    )


def scale(colours: Sequence[str]) -> list[list[float | str]]:
    """The colours at equal distances, as Plotly's colour scales are written."""
    return [[index / (len(colours) - 1), colour] for index, colour in enumerate(colours)]
