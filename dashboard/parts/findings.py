"""What a picture shows, in a sentence: its title. Groups are ranked only where their intervals tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.parts.shapes import Dot, Panel, Series
from dashboard.words.numbers import percent
from dashboard.words.sentences import DAYS, say
from data_access.selection import Period, add_months

NOTHING = "Nothing can be shown yet."
HALF = 0.5
_COMPARED = {
    (True, 1): "{label}: {value} in {month}, up from {before} a year before.",
    (True, 0): "{label}: {value} in {month}, as a year before.",
    (True, -1): "{label}: {value} in {month}, down from {before} a year before.",
    (False, 1): "{label}: {value} in {month}, up from {before} in {first}.",
    (False, 0): "{label}: {value} in {month}, as in {first}.",
    (False, -1): "{label}: {value} in {month}, down from {before} in {first}.",
}


def of_panels(panels: Sequence[Panel]) -> str:
    """The first measure and the last one, each in its newest span that is over, against the same a year before."""
    found = [said for panel in panels if (said := _of_panel(panel))]
    return " ".join(dict.fromkeys((found[0], found[-1]))) if found else NOTHING


def _of_panel(panel: Panel) -> str:
    known = {
        start: value
        for start, value, is_open in zip(panel.starts, panel.values, panel.open, strict=True)
        if value is not None and not is_open
    }
    if not known:
        return ""
    last, value = max(known.items())
    year_before = add_months(last, -12)
    is_year = year_before in known
    first = year_before if is_year else min(known)
    if first == last:
        return say(
            "{label}: {value} in {month}.", label=panel.label, value=panel.shown(value), month=_span(panel, last)
        )
    before = known[first]
    return say(
        _COMPARED[is_year, (value > before) - (value < before)],
        label=panel.label,
        value=panel.shown(value),
        month=_span(panel, last),
        before=panel.shown(before),
        first=_span(panel, first),
    )


def _span(panel: Panel, start: date) -> str:
    return Period(start, add_months(start, panel.months)).in_words()


def of_dots(dots: Sequence[Dot]) -> str:
    """The highest and the lowest share, where their intervals do not meet; else that none stands apart."""
    shown = [dot for dot in dots if dot.share is not None and not dot.muted]
    if not shown:
        return NOTHING
    low, high = min(shown, key=lambda dot: dot.share or 0), max(shown, key=lambda dot: dot.share or 0)
    told = {"name": high.name, "share": percent(high.share or 0), "other": low.name, "least": percent(low.share or 0)}
    if high is low:
        return say("{name}: {share}.", **told)
    if (high.low or 0) > (low.high or 0):
        return say("{name} is highest at {share}, {other} lowest at {least}.", **told)
    return say("No group stands apart: from {least} to {share}, and their intervals meet.", **told)


def of_dots_against_others(dots: Sequence[Dot]) -> str:
    """The value that differs most from the population at large, beyond its interval; else as `of_dots` of a heading."""
    differing = [
        dot
        for dot in dots
        if dot.share is not None
        and dot.reference is not None
        and not dot.muted
        and not (dot.low or 0) <= dot.reference <= (dot.high or 0)
    ]
    if differing:
        most = max(differing, key=lambda dot: abs((dot.share or 0) - (dot.reference or 0)))
        template = "{name}: {share}, against {reference} of the population at large."
        return say(template, name=most.name, share=percent(most.share or 0), reference=percent(most.reference or 0))
    headings = list(dict.fromkeys(dot.heading for dot in dots if dot.share is not None and not dot.muted))
    return of_dots([dot for dot in dots if dot.heading == headings[0]]) if headings else NOTHING


def of_series(series: Sequence[Series]) -> str:
    """How a share has changed from its first to its last known point, or where several of them have come to."""
    known = [(line, [at for at, value in enumerate(line.y) if value == value]) for line in series]
    known = [(line, places) for line, places in known if places]
    if not known:
        return NOTHING
    if len(known) > 1:
        ends = sorted(((line.y[places[-1]], line.name) for line, places in known), reverse=True)
        told = {"name": ends[0][1], "share": percent(ends[0][0]), "other": ends[-1][1], "least": percent(ends[-1][0])}
        return say("{name} has come to {share}, {other} to {least}.", **told)
    line, places = known[0]
    first, last = places[0], places[-1]
    told = {"name": line.name, "share": percent(line.y[last]), "before": percent(line.y[first])}
    if first == last:
        return say("{name}: {share}.", **told)
    if _apart(line, first, last):
        rises = line.y[last] > line.y[first]
        return say(
            "{name} rose from {before} to {share}." if rises else "{name} fell from {before} to {share}.", **told
        )
    return say("{name}: {share}; no change that stands out since the first, {before}.", **told)


def of_curves(series: Sequence[Series], *, stairs: bool) -> str:
    """Of one curve where it begins and ends, by what was said of it; of a rising one after how long half had come."""
    if len(series) != 1:
        return of_series(series)
    [line] = series
    known = [at for at, value in enumerate(line.y) if value == value]
    if not known:
        return NOTHING
    if not stairs:
        return say("{first}; {last}.", first=line.said[known[0]], last=line.said[known[-1]])
    half = next((line.x[at] for at in known if line.y[at] >= HALF), None)
    if isinstance(half, int | float):
        return say("{name}: half took the step within {days}.", name=line.name, days=DAYS(round(half)))
    return say(
        "{name}: {share} took the step so far, fewer than half.", name=line.name, share=percent(line.y[known[-1]])
    )


def _apart(line: Series, first: int, last: int) -> bool:
    """Whether two points' intervals do not meet; points without one are what they are."""
    if last >= len(line.low) or line.low[last] != line.low[last] or line.low[first] != line.low[first]:
        return line.y[first] != line.y[last]
    return line.low[last] > line.high[first] or line.high[last] < line.low[first]


def of_counts(counts: Sequence[tuple[str, int]], most: str, equal: str) -> str:
    """By templates with {name} and {n}: the one with most, or, where several have as many, that."""
    if not any(n for _, n in counts):
        return NOTHING
    top = max(n for _, n in counts)
    first = [name for name, n in counts if n == top]
    return say(most if len(first) == 1 else equal, name=first[0], n=top)
