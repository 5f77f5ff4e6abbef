"""The chart kit: a canvas of one look and size, the marks drawn on it, and the picture with its words.

Text is escaped here wherever it goes (names, labels, titles, ticks, hover boxes): callers pass it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.parts.labels import escaped
from dashboard.words.text import visible

# Where a mark stands on an axis: a number, a day or a category; None leaves a gap.
Place = float | date | str | None
# Settings of axes.
PERCENT: Mapping[str, Any] = {"tickformat": ".0%"}
DAYS: Mapping[str, Any] = {"tickformat": "%b\n%Y", "tickangle": 0}
LEGEND: Mapping[str, Any] = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
SHORTEST = 0.4  # a bar from 5 to 5 can still be seen
_DAY_MS = 86_400_000
_DOMAIN = "{axis} domain"  # a whole panel along its axis, as Plotly calls it
_HOVER = "%{customdata}<extra></extra>"
_SCATTER = {"type": "scatter"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, and the same in words for readers who do not see it."""

    figure: go.Figure
    alt: str


class Canvas:
    """A new figure in the look of a theme, `height` pixels high, with margins in pixels.

    `rows` is the number of panels over one x axis, or their relative heights; `gap` is the pixels between two of them.
    Marks lie one over the other in the order of the calls, in `row` (1 is the top one) and in our accent colour unless
    a `colour` is given. A mark with a `name` is in the legend, one with `said` shows these texts on hover. Values are
    lists of equal length.
    """

    def __init__(
        self,
        theme_type: theme.ThemeType,
        height: float,
        *,
        left: float = 8,
        right: float = 8,
        top: float = 24,
        bottom: float = 8,
        rows: int | Sequence[float] = 1,
        gap: float = 0,
        legend: bool = False,
        barmode: Literal["group", "stack", "overlay"] = "group",
        bargap: float | None = None,
    ) -> None:
        self.palette = theme.PALETTES[theme_type]
        # All is plain until `picture`, which has Plotly check it once: its own updates check everything again each time.
        self._marks: list[dict[str, Any]] = []
        self._labels: list[dict[str, Any]] = []
        self._rules: list[dict[str, Any]] = []
        heights = [1.0] * rows if isinstance(rows, int) else list(rows)
        self._rows = len(heights)
        self._layout: dict[str, Any] = {
            "template": theme.template(theme_type),
            "height": height,
            "margin": {"l": left, "r": right, "t": top, "b": bottom},
            "showlegend": legend,
            "legend": LEGEND,
            "barmode": barmode,
            "bargap": bargap,
        }
        self._layout |= _axes(heights, gap / (height - top - bottom))

    def picture(self, alt: str) -> Picture:
        """What was drawn, with its alternative in words."""
        figure = go.Figure(self._marks, {**self._layout, "annotations": self._labels, "shapes": self._rules})
        return Picture(figure, visible(alt))

    def layout(self, **settings: Any) -> None:
        """Set what Plotly's layout knows besides axes and marks, such as `hovermode`."""
        self._layout |= settings

    def restyle(self, row: int, **settings: Any) -> None:
        """Set what Plotly's traces know for each mark in a row by now; settings of a part are added to the part's."""
        for mark in self._marks:
            if mark["yaxis"] == f"y{_number(row)}":
                for name, setting in settings.items():
                    mark[name] = {**mark[name], **setting} if isinstance(setting, dict) else setting

    def bars(
        self,
        places: Sequence[Place],
        ends: Sequence[Place],
        *,
        starts: Sequence[Place] | None = None,
        name: str = "",
        colour: str | Sequence[str] = "",
        horizontal: bool = False,
        width: float | None = None,
        hatched: Sequence[bool] = (),
        texts: Sequence[str] = (),
        inside: bool = False,
        said: Sequence[str] = (),
        keys: Sequence[str] = (),
        row: int = 1,
    ) -> None:
        """Draw a bar at each place, from zero or from its start to its end (starts and ends may be days).

        `width` is in units of the axis of places. `texts` stand at the ends of the bars, or `inside` those with room.
        `keys` are not shown: `choose_on_figure` returns the key of the bar that was clicked.
        """
        colour = colour or self.palette.accent
        lengths = list(ends) if starts is None else [_length(*each) for each in zip(starts, ends, strict=True)]
        along, across = ("y", "x") if horizontal else ("x", "y")
        bars: dict[str, Any] = {
            "type": "bar",
            along: _on_axis(places),
            across: lengths,
            "base": None if starts is None else _on_axis(starts),
            "orientation": "h" if horizontal else "v",
            "width": width,
            "marker": {"color": colour, "line": {"width": 0}, "pattern": self._hatching(hatched)},
            **_hover(said, keys),
        }
        if texts:
            fills = [colour] * len(texts) if isinstance(colour, str) else colour
            ink = [theme.text_on(fill) for fill in fills] if inside else self.palette.text
            bars |= {"text": [escaped(text) for text in texts], "textposition": "inside" if inside else "outside"}
            bars |= {"textfont": {"color": ink, "size": 12}, "textangle": 0, "insidetextanchor": "middle"}
            bars |= {"constraintext": "inside", "cliponaxis": False}
        self._draw(bars, name, row)

    def line(
        self,
        x: Sequence[Place],
        y: Sequence[Place],
        *,
        name: str = "",
        colour: str = "",
        width: float = 2.5,
        dash: str = "solid",
        stairs: bool = False,
        points: float = 0,
        low: Sequence[float] = (),
        high: Sequence[float] = (),
        opened: Sequence[bool] = (),
        said: Sequence[str] = (),
        row: int = 1,
    ) -> None:
        """Draw a line, with points of this size in pixels, over its interval from `low` to `high` as a faint area.

        From the first `opened` value on the line is dotted: this part begins at the last closed point and is a trace
        of its own; open points are hollow.
        """
        colour, shape = colour or self.palette.accent, "hv" if stairs else "linear"
        known = [at for at, value in enumerate(low) if value == value]
        for edge, fill in ((low, None), (high, "tonexty")) if known else ():
            fill_line = {"width": 0, "shape": shape}
            area = {"fill": fill, "fillcolor": theme.faint(colour), "line": fill_line, "mode": "lines"}
            values = [edge[at] for at in known]
            self._draw({**_SCATTER, "x": _on_axis([x[at] for at in known]), "y": values, **area, **_hover(())}, "", row)
        closed = next((number for number, is_open in enumerate(opened) if is_open), len(x))
        parts = [(slice(0, closed), dash), (slice(max(closed - 1, 0), len(x)), "dot")]
        for part, style in parts if closed < len(x) else parts[:1]:
            if not x[part]:
                continue
            fills = [self.palette.background if is_open else colour for is_open in opened[part]]
            trace = {
                **_SCATTER,
                "x": _on_axis(x[part]),
                "y": _on_axis(y[part]),
                "mode": "lines+markers" if points else "lines",
                "line": {"color": colour, "width": width, "dash": style, "shape": shape},
                "marker": {"color": fills or colour, "size": points, "line": {"color": colour, "width": 2}},
                **_hover(said[part]),
            }
            self._draw(trace, name, row)

    def dots(
        self,
        x: Sequence[Place],
        y: Sequence[Place],
        *,
        name: str = "",
        colour: str | Sequence[str] = "",
        symbol: str = "circle",
        size: float = 11,
        rim: float = 0,
        rim_colour: str = "",
        low: Sequence[float] = (),
        high: Sequence[float] = (),
        said: Sequence[str] = (),
        row: int = 1,
    ) -> None:
        """Draw points of a size and rim in pixels, with their intervals along x where `low` and `high` are given."""
        colour = colour or self.palette.accent
        rim_look = {"width": rim, "color": rim_colour or colour}
        trace = {
            **_SCATTER,
            "x": _on_axis(x),
            "y": _on_axis(y),
            "mode": "markers",
            "marker": {"symbol": symbol, "size": size, "color": colour, "line": rim_look},
            **_hover(said),
        }
        if high:
            trace["error_x"] = {
                "array": _distances(x, high),
                "arrayminus": _distances(low, x),
                "symmetric": False,
                "color": self.palette.context,
                "thickness": 2,
                "width": 0,
            }
        self._draw(trace, name, row)

    def cells(
        self,
        values: Sequence[Sequence[float | None]],
        said: Sequence[Sequence[str]],
        *,
        colours: Sequence[Sequence[float | str]],
        top: float,
        x: Sequence[str] = (),
        y: Sequence[str] = (),
        scale: bool = False,
    ) -> None:
        """Draw a grid row by row, each cell in the colour of its value from 0 to `top`, with a `scale` in per cent."""
        trace = {
            "type": "heatmap",
            "z": [list(row) for row in values],
            "x": _on_axis(x) or None,
            "y": _on_axis(y) or None,
            "zmin": 0,
            "zmax": top,
            "colorscale": [list(step) for step in colours],
            "showscale": scale,
            "colorbar": {
                **{"orientation": "h", "thickness": 10, "len": 0.5, "outlinewidth": 0, **PERCENT},
                **{"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "tickfont": {"color": self.palette.muted}},
            },
            "xgap": 2,
            "ygap": 2,
            "hoverongaps": False,
            "customdata": [[escaped(text) for text in row] for row in said],
            "hovertemplate": _HOVER,
            "xaxis": "x",
            "yaxis": "y",
        }
        self._marks.append(trace)

    def rule(
        self,
        *,
        x: Place = None,
        y: Place = None,
        colour: str = "",
        dash: str = "dot",
        row: int | Literal["all"] = "all",
    ) -> None:
        """Draw a thin line right across at `x` or `y`, in the panels that hold a mark by now."""
        line = {"color": colour or self.palette.context, "width": 1, "dash": dash}
        drawn = {mark["yaxis"] for mark in self._marks}
        for number in range(1, self._rows + 1) if row == "all" else [row]:
            across, up = f"x{_number(number)}", f"y{_number(number)}"
            if up not in drawn:
                continue
            if x is not None:
                ends = {"x0": _at(x), "x1": _at(x), "xref": across, "y0": 0, "y1": 1, "yref": _DOMAIN.format(axis=up)}
                self._rules.append({"type": "line", "line": line, **ends})
            if y is not None:
                ends = {"x0": 0, "x1": 1, "xref": _DOMAIN.format(axis=across), "y0": _at(y), "y1": _at(y), "yref": up}
                self._rules.append({"type": "line", "line": line, **ends})

    def label(
        self,
        *words: str,
        x: Place = None,
        y: Place = None,
        xanchor: Literal["left", "center", "right"] = "left",
        yanchor: Literal["top", "middle", "bottom"] = "middle",
        xshift: float = 0,
        yshift: float = 0,
        colour: str = "",
        size: float = 13,
        row: int = 1,
    ) -> None:
        """Write next to the marks. Without `x` at the edge that `xanchor` names, without `y` as the panel's title."""
        axis = _number(row)
        at: dict[str, Any] = {"x": _at(x), "xref": f"x{axis}", "y": _at(y), "yref": f"y{axis}"}
        if x is None:
            at |= {"x": 1 if xanchor == "right" else 0, "xref": _DOMAIN.format(axis=f"x{axis}")}
        if y is None:
            at |= {"y": 1, "yref": _DOMAIN.format(axis=f"y{axis}")}
            yanchor, yshift = "bottom", 4
        font = {"color": colour or self.palette.text, "size": size}
        shape = {"xanchor": xanchor, "yanchor": yanchor, "xshift": xshift, "yshift": yshift, "font": font}
        self._labels.append({"text": escaped(*words), "showarrow": False, **at, **shape})

    def x_axis(self, *, row: int | None = None, **axis: Any) -> None:
        """Set the x axis of a row, or of all: `title`, `labels` (text by place), and what Plotly's axes know."""
        self._set_axis("x", row, axis)

    def y_axis(self, *, row: int | None = None, **axis: Any) -> None:
        """Set the y axis in the same way."""
        self._set_axis("y", row, axis)

    def listed(self, labels: Sequence[str]) -> None:
        """Make y a list from the top, 0, 1, 2, …, with its labels at the left."""
        look: dict[str, Any] = {"ticks": "", "zeroline": False, "tickfont": {"color": self.palette.text}}
        self.y_axis(labels=dict(enumerate(labels)), range=[len(labels) - 0.5, -0.5], **look)

    def listed_above(self, labels: Sequence[Sequence[str]], lift: float) -> None:
        """Make y a list from the top, each label `lift` pixels above its row's middle: phones need no margin for it."""
        for number, words in enumerate(labels):
            self.label(*words, y=number, yanchor="bottom", yshift=lift)
        self.y_axis(visible=False, range=[len(labels) - 0.5, -0.75])

    def _hatching(self, hatched: Sequence[bool]) -> dict[str, Any]:
        shapes = ["/" if is_hatched else "" for is_hatched in hatched]
        return {"shape": shapes, "fillmode": "overlay", "fgcolor": self.palette.background, "size": 6}

    def _draw(self, trace: dict[str, Any], name: str, row: int) -> None:
        axes = {"xaxis": f"x{_number(row)}", "yaxis": f"y{_number(row)}"}
        self._marks.append({**trace, "name": escaped(name), "showlegend": bool(name), **axes})

    def _set_axis(self, which: Literal["x", "y"], row: int | None, axis: dict[str, Any]) -> None:
        settings = _axis(axis)
        for number in range(1, self._rows + 1) if row is None else [row]:
            self._layout[f"{which}axis{_number(number)}"] |= settings


def _number(row: int) -> str:
    """The end of an axis's name in Plotly: the first has no number."""
    return "" if row == 1 else str(row)


def _axes(heights: Sequence[float], spacing: float) -> dict[str, Any]:
    """The axes of panels below each other, of these relative heights and that far apart; the lowest has the ticks."""
    room = 1 - spacing * (len(heights) - 1)
    found: dict[str, Any] = {}
    top = 1.0
    for row, height in enumerate(heights, start=1):
        bottom = max(top - room * height / sum(heights), 0.0)
        above = {"matches": f"x{_number(len(heights))}", "showticklabels": False} if row < len(heights) else {}
        found[f"xaxis{_number(row)}"] = {"anchor": f"y{_number(row)}", "domain": [0.0, 1.0], "fixedrange": True, **above}
        found[f"yaxis{_number(row)}"] = {"anchor": f"x{_number(row)}", "domain": [bottom, top], "fixedrange": True}
        top = bottom - spacing
    return found


def _hover(said: Sequence[str], keys: Sequence[str] = ()) -> dict[str, Any]:
    texts = [escaped(text) for text in said]
    if keys:
        pairs = [list(pair) for pair in zip(keys, texts, strict=True)]
        return {"customdata": pairs, "hovertemplate": "%{customdata[1]}<extra></extra>"}
    return {"customdata": texts, "hovertemplate": _HOVER} if texts else {"hoverinfo": "skip"}


def _on_axis(places: Sequence[Place]) -> list[Any]:
    return [_at(place) for place in places]


def _at(place: Place) -> Any:
    """As Plotly reads it: a day as text; a category's name, which is also the label of its tick, escaped."""
    if isinstance(place, date):
        return place.isoformat()
    return escaped(place) if isinstance(place, str) else place


def _length(start: Any, end: Any) -> float:
    if isinstance(start, date):
        return float((end - start).days * _DAY_MS)
    return max(end - start, SHORTEST) if end else 0


def _distances(lows: Sequence[Any], highs: Sequence[Any]) -> list[float]:
    return [high - low for low, high in zip(lows, highs, strict=True)]


def _axis(axis: dict[str, Any]) -> dict[str, Any]:
    """Plotly's settings of an axis, their texts escaped."""
    if "labels" in axis:
        labels = axis.pop("labels")
        axis |= {"tickvals": list(labels), "ticktext": list(labels.values())}
    if "ticktext" in axis:
        axis["ticktext"] = [escaped(text) for text in axis["ticktext"]]
    if "range" in axis:
        axis["range"] = _on_axis(axis["range"])
    if "title" in axis:
        axis["title"] = {"text": escaped(axis["title"])}
    return axis | {name: escaped(axis[name]) for name in ("tickprefix", "ticksuffix") if name in axis}
