"""Small charts as SVG, drawn when the site is published: they need no script, and print as they are.

A chart says in words what it shows; numbers stand beside it as text, so that they stay legible at every width.
Colours are classes of the style sheet: the page's policy allows no styles inside the text, and themes change them.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.words.text import markup


def bar(low: float, high: float, most: float) -> str:
    """A bar from the left: filled up to `low`, paler up to `high`. Decoration: its number stands beside it."""
    scale = 100 / most if most > 0 else 0.0
    filled, reach = _short(low * scale), _short(max(high - low, 0) * scale)
    pale = f'<rect class="pale" x="{filled}" width="{reach}" height="8"/>' if high > low else ""
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100" height="8"/><rect class="fill" width="{filled}" height="8"/>{pale}</svg>'
    )


def interval(share: float, low: float, high: float) -> str:
    """A share from 0 to 1 as a tick on its interval."""
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" y="3.5" width="100" height="1"/>'
        f'<rect class="pale" x="{_short(low * 100)}" y="2" width="{_short((high - low) * 100)}" height="4"/>'
        f'<rect class="fill" x="{_short(max(share * 100 - 0.5, 0))}" width="1" height="8"/></svg>'
    )


def columns(lows: Sequence[float], highs: Sequence[float], names: Sequence[str], said: str) -> str:
    """Columns over time, each filled up to its least and paler up to its most; `said` is the text alternative."""
    most = max([*highs, 1])
    parts = []
    for index, (low, high, name) in enumerate(zip(lows, highs, names, strict=True)):
        top, filled = 100 * high / most, 100 * low / most
        pale = _column("pale", index, top) if high > low else ""
        full = _column("fill", index, filled)
        parts.append(f"<g><title>{markup(name)}</title>{pale}{full}</g>")
    width = max(10 * len(parts), 10)
    return (
        f'<svg class="columns" viewBox="0 0 {width} 101" preserveAspectRatio="none" role="img" '
        f'aria-label="{markup(said)}">{"".join(parts)}<rect class="base" y="100" width="{width}" height="1"/></svg>'
    )


def _column(kind: str, index: int, height: float) -> str:
    at = f'x="{index * 10 + 1}" y="{_short(100 - height)}" width="8" height="{_short(height)}"'
    return f'<rect class="{kind}" {at}/>'


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
