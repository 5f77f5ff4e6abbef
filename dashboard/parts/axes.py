"""Axes as Plotly reads them: their names, panels below each other, and where a mark stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from dashboard.parts.labels import escaped

# Where a mark stands on an axis: a number, a day or a category; None leaves a gap.
Place = float | date | str | None
SHORTEST = 0.4  # a bar from 5 to 5 can still be seen
DOMAIN = "{axis} domain"  # a whole panel along its axis, as Plotly calls it
_DAY_MS = 86_400_000


def suffix(row: int) -> str:
    """The end of an axis's name in Plotly: the first has no number."""
    return "" if row == 1 else str(row)


def panels(heights: Sequence[float], spacing: float) -> dict[str, Any]:
    """The axes of panels below each other, of these relative heights and that far apart; the lowest has the ticks."""
    room = 1 - spacing * (len(heights) - 1)
    found: dict[str, Any] = {}
    top = 1.0
    for row, height in enumerate(heights, start=1):
        bottom = max(top - room * height / sum(heights), 0.0)
        end = suffix(row)
        follows = {"matches": f"x{suffix(len(heights))}", "showticklabels": False} if row < len(heights) else {}
        found[f"xaxis{end}"] = {"anchor": f"y{end}", "domain": [0.0, 1.0], "fixedrange": True, **follows}
        found[f"yaxis{end}"] = {"anchor": f"x{end}", "domain": [bottom, top], "fixedrange": True}
        top = bottom - spacing
    return found


def on_axis(places: Sequence[Place]) -> list[Any]:
    """Each of the places as Plotly reads it."""
    return [at_place(place) for place in places]


def at_place(place: Place) -> Any:
    """As Plotly reads it: a day as text; a category's name, which is also the label of its tick, escaped."""
    if isinstance(place, date):
        return place.isoformat()
    return escaped(place) if isinstance(place, str) else place


def as_plotly(axis: dict[str, Any]) -> dict[str, Any]:
    """Plotly's settings of an axis, their texts escaped."""
    if "labels" in axis:
        labels = axis.pop("labels")
        axis |= {"tickvals": list(labels), "ticktext": list(labels.values())}
    if "ticktext" in axis:
        axis["ticktext"] = [escaped(text) for text in axis["ticktext"]]
    if "range" in axis:
        axis["range"] = on_axis(axis["range"])
    if "title" in axis:
        axis["title"] = {"text": escaped(axis["title"])}
    return axis | {name: escaped(axis[name]) for name in ("tickprefix", "ticksuffix") if name in axis}


def right_across(row: int, x: Place, y: Place) -> Iterator[dict[str, Any]]:
    """Lines over the whole of a panel: one up and down at `x`, one from side to side at `y`."""
    across, up = f"x{suffix(row)}", f"y{suffix(row)}"
    if x is not None:
        ends = {"x0": at_place(x), "x1": at_place(x), "y0": 0, "y1": 1}
        yield {"type": "line", **ends, "xref": across, "yref": DOMAIN.format(axis=up)}
    if y is not None:
        ends = {"x0": 0, "x1": 1, "y0": at_place(y), "y1": at_place(y)}
        yield {"type": "line", **ends, "xref": DOMAIN.format(axis=across), "yref": up}


def length(start: Any, end: Any) -> float:
    """How long a bar is that can be seen; days are in milliseconds."""
    if isinstance(start, date):
        return float((end - start).days * _DAY_MS)
    return max(end - start, SHORTEST) if end else 0


def distances(lows: Sequence[Any], highs: Sequence[Any]) -> list[float]:
    """How far each is from the other, as Plotly takes intervals."""
    return [high - low for low, high in zip(lows, highs, strict=True)]
