"""The chart kit: a canvas of one look and size, the marks drawn on it, and the picture with its words.

Text is escaped here wherever it goes (names, labels, titles, ticks, hover boxes): callers pass it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dashboard.parts import grids, theme
from dashboard.parts.axes import (
    DOMAIN,
    Place,
    as_plotly,
    at_place,
    distances,
    length,
    on_axis,
    panels,
    right_across,
    suffix,
)
from dashboard.parts.drawn import Drawn, Picture
from dashboard.parts.grids import hatching, hover
from dashboard.parts.labels import escaped
from dashboard.words.text import visible

__all__ = ["DAYS", "LEGEND", "PERCENT", "Canvas", "Picture"]

# Settings of axes.
PERCENT: Mapping[str, Any] = {"tickformat": ".0%"}
DAYS: Mapping[str, Any] = {"tickformat": "%b\n%Y", "tickangle": 0}
LEGEND: Mapping[str, Any] = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
_SCATTER = {"type": "scatter"}


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
        # Plain parts, for Plotly's own figures check all that they hold again at each change.
        self._marks: list[dict[str, Any]] = []
        self._labels: list[dict[str, Any]] = []
        self._rules: list[dict[str, Any]] = []
        self._drawn: list[Drawn] = []
        self._names: dict[str, dict[Place, str]] = {"x": {}, "y": {}}
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
        self._layout |= panels(heights, gap / (height - top - bottom))

    def picture(self, alt: str, title: str, counted: Sequence[Drawn] = ()) -> Picture:
        """What was drawn, with its alternative in words and the finding that it shows as its title.

        `counted` are its marks where they stand at heights that are no values.
        """
        layout = {**self._layout, "annotations": self._labels, "shapes": self._rules}
        return Picture(self._marks, layout, visible(alt), visible(title), counted or self._drawn, self._names)

    def layout(self, **settings: Any) -> None:
        """Set what Plotly's layout knows besides axes and marks, such as `hovermode`."""
        self._layout |= settings

    def restyle(self, row: int, **settings: Any) -> None:
        """Set what Plotly's traces know for each mark in a row by now; settings of a part are added to the part's."""
        for mark in self._marks:
            if mark["yaxis"] == f"y{suffix(row)}":
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
        `keys` are not shown: they name the rows that a mark opens (`figures.Rows`).
        """
        colour = colour or self.palette.accent
        lengths = list(ends) if starts is None else [length(*each) for each in zip(starts, ends, strict=True)]
        along, across = ("y", "x") if horizontal else ("x", "y")
        bars: dict[str, Any] = {
            "type": "bar",
            along: on_axis(places),
            across: lengths,
            "base": None if starts is None else on_axis(starts),
            "orientation": "h" if horizontal else "v",
            "width": width,
            "marker": {"color": colour, "line": {"width": 0}, "pattern": hatching(hatched, self.palette)},
            **hover(said, keys),
        }
        if texts:
            fills = [colour] * len(texts) if isinstance(colour, str) else colour
            ink = [theme.text_on(fill) for fill in fills] if inside else self.palette.text
            bars |= {"text": [escaped(text) for text in texts], "textposition": "inside" if inside else "outside"}
            bars |= {"textfont": {"color": ink, "size": 12}, "textangle": 0, "insidetextanchor": "middle"}
            bars |= {"constraintext": "inside", "cliponaxis": False}
        self._draw(bars, name, row)
        told = said or texts
        self._drawn.append(Drawn(name, along, places, ends, starts or (), said=told, keys=keys))

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
        keys: Sequence[str] = (),
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
            self._draw({**_SCATTER, "x": on_axis([x[at] for at in known]), "y": values, **area, **hover(())}, "", row)
        closed = next((number for number, is_open in enumerate(opened) if is_open), len(x))
        parts = [(slice(0, closed), dash), (slice(max(closed - 1, 0), len(x)), "dot")]
        for part, style in parts if closed < len(x) else parts[:1]:
            if not x[part]:
                continue
            fills = [self.palette.background if is_open else colour for is_open in opened[part]]
            trace = {
                **_SCATTER,
                "x": on_axis(x[part]),
                "y": on_axis(y[part]),
                "mode": "lines+markers" if points else "lines",
                "line": {"color": colour, "width": width, "dash": style, "shape": shape},
                "marker": {"color": fills or colour, "size": points, "line": {"color": colour, "width": 2}},
                **hover(said[part], keys[part]),
            }
            self._draw(trace, name, row)
        self._drawn.append(Drawn(name, "x", x, y, low=low, high=high, said=said, keys=keys))

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
        keys: Sequence[str] = (),
        row: int = 1,
    ) -> None:
        """Draw points of a size and rim in pixels, with their intervals along x where `low` and `high` are given."""
        colour = colour or self.palette.accent
        rim_look = {"width": rim, "color": rim_colour or colour}
        trace = {
            **_SCATTER,
            "x": on_axis(x),
            "y": on_axis(y),
            "mode": "markers",
            "marker": {"symbol": symbol, "size": size, "color": colour, "line": rim_look},
            **hover(said, keys),
        }
        if high:
            trace["error_x"] = {
                "array": distances(x, high),
                "arrayminus": distances(low, x),
                "symmetric": False,
                "color": self.palette.context,
                "thickness": 2,
                "width": 0,
            }
        self._draw(trace, name, row)
        self._drawn.append(Drawn(name, "y", y, x, low=low, high=high, said=said, keys=keys))

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
        told: Sequence[Sequence[float | None]] = (),
        keys: Sequence[Sequence[str]] = (),
    ) -> None:
        """Draw a grid row by row, each cell in the colour of its value from 0 to `top`, with a `scale` in per cent.

        Where colours stand for bands, `told` are the values themselves.
        """
        bar = {
            **{"orientation": "h", "thickness": 10, "len": 0.5, "outlinewidth": 0, **PERCENT},
            **{"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "tickfont": {"color": self.palette.muted}},
        }
        shown = grids.cells(values, said, colours=colours, top=top, x=x, y=y, bar=bar if scale else None)
        self._marks.append(shown)
        across, down = x or range(len(values[0]) if values else 0), y or range(len(values))
        if keys:
            self._marks.append(grids.choosable(said, keys, across, down))
        self._drawn += grids.drawn_cells(told or values, said, keys, across, down)

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
            if f"y{suffix(number)}" in drawn:
                self._rules += ({**shape, "line": line} for shape in right_across(number, x, y))

    def in_words(self, rows: Sequence[Place], said: Sequence[str], keys: Sequence[str] = ()) -> None:
        """Write words where a mark may not stand, in these places of y; they are in the picture's table as well."""
        self._drawn.append(Drawn("", "y", rows, [None] * len(rows), said=said, keys=keys))
        for row, words in zip(rows, said, strict=True):
            self.label(words, x=0, y=row, colour=self.palette.muted)

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
        on_ground: bool = False,
    ) -> None:
        """Write next to the marks. Without `x` at the edge that `xanchor` names, without `y` as the panel's title.

        With `on_ground` the words have the page's ground under them, so that no line strikes them through.
        """
        axis = suffix(row)
        at: dict[str, Any] = {"x": at_place(x), "xref": f"x{axis}", "y": at_place(y), "yref": f"y{axis}"}
        if x is None:
            at |= {"x": 1 if xanchor == "right" else 0, "xref": DOMAIN.format(axis=f"x{axis}")}
        if y is None:
            at |= {"y": 1, "yref": DOMAIN.format(axis=f"y{axis}")}
            yanchor, yshift = "bottom", 4
        font = {"color": colour or self.palette.text, "size": size}
        shape: dict[str, Any] = {
            "xanchor": xanchor,
            "yanchor": yanchor,
            "xshift": xshift,
            "yshift": yshift,
            "font": font,
        }
        if on_ground:
            shape |= {"bgcolor": self.palette.background, "borderpad": 0, "opacity": 0.9}
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
            self._names["y"][number] = "".join(words)
        self.y_axis(visible=False, range=[len(labels) - 0.5, -0.75])

    def _draw(self, trace: dict[str, Any], name: str, row: int) -> None:
        axes = {"xaxis": f"x{suffix(row)}", "yaxis": f"y{suffix(row)}"}
        self._marks.append({**trace, "name": escaped(name), "showlegend": bool(name), **axes})

    def _set_axis(self, which: Literal["x", "y"], row: int | None, axis: dict[str, Any]) -> None:
        self._names[which] |= axis.get("labels", {})
        settings = as_plotly(axis)
        for number in range(1, self._rows + 1) if row is None else [row]:
            self._layout[f"{which}axis{suffix(number)}"] |= settings
