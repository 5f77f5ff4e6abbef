"""Small charts as SVG, drawn when the site is published: they need no script, and print as they are.

A chart says in words what it shows; numbers stand next to it as text, so that they stay legible at every width.
Colours are classes of the style sheet: the page's policy allows no styles inside the text, and themes change them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import htpy as h

from dashboard.parts.html import render, style_sheet


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its class, the size of its coordinates, its shapes, and its text alternative; "" for decoration."""

    name: str
    width: int
    height: int
    shapes: h.Node
    said: str = ""

    def inline(self) -> h.Element:
        """The chart as a part of the page, whose style sheet colours it."""
        return self._svg()[self.shapes]

    def image(self, css: str) -> h.VoidElement:
        """The chart as an image with its own style sheet, for a page that takes no drawings."""
        drawn = render(self._svg(xmlns="http://www.w3.org/2000/svg")[style_sheet(css), self.shapes])
        data = b64encode(drawn.encode()).decode()
        return h.img(f".{self.name}", alt=self.said, src=f"data:image/svg+xml;base64,{data}")

    def _svg(self, **more: str) -> h.Element:
        seen = {"role": "img", "aria-label": self.said} if self.said else {"aria-hidden": "true", "focusable": "false"}
        box = {"viewBox": f"0 0 {self.width} {self.height}", "preserveAspectRatio": "none"}
        return h.svg(f".{self.name}", {**more, **box, **seen})


# How a page shows its charts: a page that takes no drawings provides another way for all that stand in it.
SHOWN_AS: h.Context[Callable[[Drawing], h.Node]] = h.Context("how charts are shown", default=Drawing.inline)


@SHOWN_AS.consumer
def _shown(show: Callable[[Drawing], h.Node], drawing: Drawing) -> h.Node:
    return show(drawing)


def bar(low: float, high: float, most: float) -> h.Renderable:
    """A bar from the left: filled up to `low`, paler up to `high`. Decoration: its number stands next to it."""
    scale = 100 / most if most > 0 else 0.0
    filled, reach = _short(low * scale), _short(max(high - low, 0) * scale)
    shapes = [
        h.rect(".track", width="100", height="8"),
        h.rect(".fill", width=filled, height="8"),
        h.rect(".pale", x=filled, width=reach, height="8") if high > low else None,
    ]
    return _shown(Drawing("bar", 100, 8, shapes))


def interval(share: float, low: float, high: float) -> h.Renderable:
    """A share from 0 to 1 as a tick on its interval."""
    shapes = [
        h.rect(".track", y="3.5", width="100", height="1"),
        h.rect(".pale", x=_short(low * 100), y="2", width=_short((high - low) * 100), height="4"),
        h.rect(".fill", x=_short(max(share * 100 - 0.5, 0)), width="1", height="8"),
    ]
    return _shown(Drawing("bar", 100, 8, shapes))


def columns(lows: Sequence[float], highs: Sequence[float], names: Sequence[str], said: str) -> h.Renderable:
    """Columns over time, each filled up to its least and paler up to its most; `said` is the text alternative."""
    most = max([*highs, 1])
    width = max(10 * len(names), 10)
    shapes = [
        h.g[
            h.title[name],
            _column("pale", index, 100 * high / most) if high > low else None,
            _column("fill", index, 100 * low / most),
        ]
        for index, (low, high, name) in enumerate(zip(lows, highs, names, strict=True))
    ]
    return _shown(Drawing("columns", width, 101, [shapes, h.rect(".base", y="100", width=width, height="1")], said))


def _column(kind: str, index: int, height: float) -> h.Element:
    return h.rect(f".{kind}", x=index * 10 + 1, y=_short(100 - height), width="8", height=_short(height))


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
