"""The cells of a grid as Plotly reads them, and the points over them that can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dashboard.parts import theme
from dashboard.parts.axes import Place, on_axis
from dashboard.parts.drawn import Drawn
from dashboard.parts.labels import escaped

HOVER = "%{customdata}<extra></extra>"
_UNSEEN = {"marker": {"opacity": 0}}


def hover(said: Sequence[str], keys: Sequence[str] = ()) -> dict[str, Any]:
    """What is said when the pointer is over each of these marks; with `keys`, each carries the one of its rows."""
    texts = [escaped(text) for text in said]
    if keys:
        # Plotly reads what it shows as markup; of what it does not show nothing is left that could be.
        pairs = [[quote(key), text] for key, text in zip(keys, texts, strict=True)]
        return {"customdata": pairs, "hovertemplate": "%{customdata[1]}<extra></extra>"}
    return {"customdata": texts, "hovertemplate": HOVER} if texts else {"hoverinfo": "skip"}


def hatching(hatched: Sequence[bool], palette: theme.Palette) -> dict[str, Any]:
    """Stripes over the bars of which this is true."""
    shapes = ["/" if is_hatched else "" for is_hatched in hatched]
    return {"shape": shapes, "fillmode": "overlay", "fgcolor": palette.background, "size": 6}


def cells(
    values: Sequence[Sequence[float | None]],
    said: Sequence[Sequence[str]],
    *,
    colours: Sequence[Sequence[float | str]],
    top: float,
    x: Sequence[str],
    y: Sequence[str],
    bar: dict[str, Any] | None,
) -> dict[str, Any]:
    """The trace of a grid, with a scale where it has a `bar` of colours."""
    return {
        "type": "heatmap",
        "z": [list(row) for row in values],
        "x": on_axis(x) or None,
        "y": on_axis(y) or None,
        "zmin": 0,
        "zmax": top,
        "colorscale": [list(step) for step in colours],
        "showscale": bar is not None,
        "colorbar": bar,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "customdata": [[escaped(text) for text in row] for row in said],
        "hovertemplate": HOVER,
        "xaxis": "x",
        "yaxis": "y",
    }


def choosable(
    said: Sequence[Sequence[str]], keys: Sequence[Sequence[str]], x: Sequence[Place], y: Sequence[Place]
) -> dict[str, Any]:
    """Unseen points over the cells that have a key: Plotly lets no cell be chosen, but points."""
    some = [(row, column) for row, line in enumerate(keys) for column, key in enumerate(line) if key]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": on_axis([x[column] for _, column in some]),
        "y": on_axis([y[row] for row, _ in some]),
        "marker": {"symbol": "square", "size": 18, "opacity": 0},
        "selected": _UNSEEN,
        "unselected": _UNSEEN,
        "showlegend": False,
        **hover([said[row][column] for row, column in some], [keys[row][column] for row, column in some]),
        "xaxis": "x",
        "yaxis": "y",
    }


def drawn_cells(
    values: Sequence[Sequence[float | None]],
    said: Sequence[Sequence[str]],
    keys: Sequence[Sequence[str]],
    x: Sequence[Place],
    y: Sequence[Place],
) -> list[Drawn]:
    """The cells as marks, a series a row of the grid."""
    return [
        Drawn("", "x", x, values[row], said=said[row], keys=keys[row] if keys else (), row=y[row])
        for row in range(len(values))
    ]
