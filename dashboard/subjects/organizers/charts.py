"""The pictures of events and organizers: phases of arcs, projects, first-time organizers, needs, events a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.parts import findings, theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold, group_name, short
from dashboard.words import numbers
from dashboard.words.sentences import EVENTS, PEOPLE, say
from data_access.contract.organizer_tables import NEED_KINDS
from data_access.questions.events.arcs import PHASES, WHOLE, ProjectEvents
from data_access.questions.organizers.effort import ScaleYear
from data_access.questions.organizers.growth import BEFORE, FIRST_TIME, QuarterOrganizers
from data_access.questions.organizers.needs import OrganizerNeeds

BAR, MOST_PROJECTS = 44, 12
SCALES = ("micro", "regional", "annual", "")
SCALE_NAMES = {"micro": "Micro", "regional": "Regional", "annual": "Annual", "": "Not recorded"}
_SMALL = 86


def phases_picture(phases: Sequence[tuple[str, int]], events: int, theme_type: theme.ThemeType) -> Picture:
    """A bar a phase: how many of all events have a task in it; the last one all three."""
    canvas = Canvas(theme_type, BAR * len(phases) + 12, left=4, right=4, top=4, bottom=4)
    palette = canvas.palette
    said = [say("{phase}: {n} of {events}", phase=name, n=n, events=EVENTS(events)) for name, n in phases]
    colours = [palette.accent] * (len(phases) - 1) + [palette.alarm]
    counts = [n for _, n in phases]
    keys = [key if n else "" for key, n in zip((*PHASES, WHOLE), counts, strict=True)]
    canvas.bars(range(len(phases)), counts, colour=colours, horizontal=True, width=0.34, said=said, keys=keys)
    canvas.listed_above([[Bold(name)] for name, _ in phases], lift=8)
    for number, (_, n) in enumerate(phases):
        share = say("{n} ({share})", n=n, share=numbers.percent(n / events)) if events else numbers.number(n)
        canvas.label(share, y=number, xanchor="right", yanchor="bottom", yshift=8, size=12, colour=palette.muted)
    canvas.x_axis(visible=False, range=[0, max(1, events)])
    return canvas.picture(
        " ".join(["Events with tasks, by phase.", *(say("{said}.", said=each) for each in said)]),
        _whole_arcs(phases, events),
    )


def _whole_arcs(phases: Sequence[tuple[str, int]], events: int) -> str:
    return say("{n} of {events} have tasks before, during and after.", n=phases[-1][1], events=EVENTS(events))


def projects_picture(projects: Sequence[ProjectEvents], theme_type: theme.ThemeType) -> Picture:
    """A bar a project: events with a task for it, by scale; those with most events."""
    shown = [row for row in projects if row.project][:MOST_PROJECTS]
    canvas = Canvas(theme_type, BAR * len(shown) + 44, left=4, right=4, top=34, bottom=4, legend=True, barmode="stack")
    for scale in SCALES:
        counts = [_of_scale(row, scale) for row in shown]
        if any(counts):
            name = SCALE_NAMES[scale]
            said = [
                say("{project}, {scale}: {n}", project=short(row.project), scale=name.lower(), n=n)
                for row, n in zip(shown, counts, strict=True)
            ]
            colour = theme.category_colour(scale, SCALES, theme_type)
            # Events whose scale is not recorded cannot be asked for.
            keys = [f"{scale}.{at}" if n and scale else "" for at, n in enumerate(counts)]
            look: dict[str, Any] = {"name": name, "colour": colour, "horizontal": True, "width": 0.34}
            canvas.bars(range(len(shown)), counts, **look, said=said, keys=keys)
    canvas.listed_above([[Bold(short(row.project, 32))] for row in shown], lift=8)
    for number, row in enumerate(shown):
        words = say("{events}, {said}", events=EVENTS(row.events), said=_completed(row))
        canvas.label(words, y=number, xanchor="right", yanchor="bottom", yshift=8, size=12, colour=canvas.palette.muted)
    canvas.x_axis(visible=False, range=[0, max((row.events for row in shown), default=1)])
    each = [
        say("{project}: {events}, {said}.", project=row.project, events=EVENTS(row.events), said=_completed(row))
        for row in shown
    ]
    return canvas.picture(
        " ".join(["Projects by the events that set a task for them.", *each]),
        findings.of_counts(
            [(short(row.project), row.events) for row in shown],
            "{name} is moved on by most events: {n}.",
            "No project is moved on by more events than {name}: {n}.",
        ),
    )


def _of_scale(row: ProjectEvents, scale: str) -> int:
    known = {"micro": row.micro, "regional": row.regional, "annual": row.annual}
    return known.get(scale, row.events - sum(known.values()))


def _completed(row: ProjectEvents) -> str:
    if row.completed is None:
        return "completions not reported"
    return say("{n} completed", n=row.completed)


def growth_picture(quarters: Sequence[QuarterOrganizers], theme_type: theme.ThemeType) -> Picture:
    """A bar a quarter: who organized for the first time, and who had before; hatched while the quarter is open."""
    canvas = Canvas(theme_type, 260, right=8, top=34, legend=True, barmode="stack")
    names = [row.quarter for row in quarters]
    opened = [row.open for row in quarters]
    parts = (
        ("For the first time", [row.first_time for row in quarters], canvas.palette.accent),
        ("Had organized before", [row.organizers - row.first_time for row in quarters], canvas.palette.context),
    )
    for name, counts, colour in parts:
        said = [
            say("{quarter}, {part}: {people}", quarter=quarter, part=name.lower(), people=PEOPLE(n))
            for quarter, n in zip(names, counts, strict=True)
        ]
        which = FIRST_TIME if colour == canvas.palette.accent else BEFORE
        keys = [f"{which}.{row.starts_on}" if n else "" for row, n in zip(quarters, counts, strict=True)]
        canvas.bars(names, counts, name=name, colour=colour, hatched=opened, said=said, keys=keys)
    canvas.x_axis(type="category", tickangle=0, nticks=7)
    canvas.y_axis(title="People", rangemode="tozero", nticks=5)
    each = [
        say(
            "{quarter}: {people}, {first} for the first time.",
            quarter=row.quarter,
            people=PEOPLE(row.organizers),
            first=row.first_time,
        )
        for row in quarters
    ]
    return canvas.picture(" ".join(["Organizers by quarter.", *each]), _growth_finding(quarters))


def _growth_finding(quarters: Sequence[QuarterOrganizers]) -> str:
    over = [row for row in quarters if not row.open and row.organizers]
    if not over:
        return findings.NOTHING
    told = {"quarter": over[-1].quarter, "first": over[-1].first_time, "people": over[-1].organizers}
    return say("{quarter}: {first} of {people} organizers were new to it.", **told)


def needs_picture(needs: Sequence[OrganizerNeeds], theme_type: theme.ThemeType) -> Picture:
    """A bar a kind of need: how many are open, those over 30 days apart."""
    shown = [row for row in needs if row.open]
    canvas = Canvas(theme_type, BAR * len(shown) + 44, left=4, right=4, top=34, bottom=4, legend=True, barmode="stack")
    palette = canvas.palette
    parts = (
        ("Open over 30 days", [row.overdue for row in shown], palette.alarm),
        ("Open for less", [row.open - row.overdue for row in shown], palette.accent),
    )
    for name, counts, colour in parts:
        keys = [f"{row.kind}.{name == parts[0][0]:d}" if n else "" for row, n in zip(shown, counts, strict=True)]
        said = [
            say("{kind}, {part}: {n}", kind=NEED_KINDS[row.kind], part=name.lower(), n=n)
            for row, n in zip(shown, counts, strict=True)
        ]
        canvas.bars(
            range(len(shown)), counts, name=name, colour=colour, horizontal=True, width=0.34, said=said, keys=keys
        )
    canvas.listed_above([[Bold(NEED_KINDS[row.kind])] for row in shown], lift=8)
    for number, row in enumerate(shown):
        canvas.label(
            _open_words(row), y=number, xanchor="right", yanchor="bottom", yshift=8, size=12, colour=palette.muted
        )
    canvas.x_axis(visible=False, range=[0, max((row.open for row in shown), default=1)])
    each = [say("{kind}: {said}.", kind=NEED_KINDS[row.kind], said=_open_words(row)) for row in shown]
    return canvas.picture(" ".join(["Open needs by kind.", *each]), _needs_finding(shown))


def _needs_finding(shown: Sequence[OrganizerNeeds]) -> str:
    told = {"n": sum(row.open for row in shown), "late": sum(row.overdue for row in shown)}
    return say("{n} needs are open, {late} of them for over 30 days.", **told)


def _open_words(row: OrganizerNeeds) -> str:
    return say("{n} open, {late} over 30 days", n=row.open, late=row.overdue)


def years_picture(years: Sequence[ScaleYear], theme_type: theme.ThemeType) -> Picture:
    """A panel a scale: events of each year, those of unfinished years at their pace and hatched."""
    scales = [scale for scale in SCALES if any(row.scale == scale for row in years)]
    names = sorted({row.year for row in years})
    canvas = Canvas(theme_type, _SMALL * len(scales) + 40, right=8, top=26, rows=len(scales), gap=30)
    sentences = []
    for number, scale in enumerate(scales, start=1):
        by_year = {row.year: row for row in years if row.scale == scale}
        paces = [by_year[year].a_year or 0.0 if year in by_year else 0.0 for year in names]
        known = [by_year[year].events if year in by_year else 0 for year in names]
        # What is told as a pace differs from what was counted.
        partial = [abs(pace - count) > 0.02 * max(count, 1) for pace, count in zip(paces, known, strict=True)]
        said = [
            say("{year}: {events}, {pace} a year", year=year, events=EVENTS(count), pace=numbers.tenths(pace))
            for year, count, pace in zip(names, known, paces, strict=True)
        ]
        texts = [numbers.compact(round(pace)) for pace in paces]
        keys = [f"{scale}.{year}" if n and scale else "" for year, n in zip(names, known, strict=True)]
        canvas.bars(names, paces, hatched=partial, texts=texts, said=said, keys=keys, row=number)
        canvas.label(Bold(group_name(SCALE_NAMES[scale])), row=number)
        canvas.y_axis(row=number, visible=False, range=[0, max([1.0, *paces]) * 1.3])
        sentences += [say("{scale}, {said}.", scale=SCALE_NAMES[scale], said=each) for each in said]
    canvas.x_axis(type="category", tickangle=0)
    return canvas.picture(" ".join(sentences), _years_finding(years))


def _years_finding(years: Sequence[ScaleYear]) -> str:
    if not years:
        return findings.NOTHING
    newest = max(row.year for row in years)
    paces = [(SCALE_NAMES[row.scale], round(row.a_year or 0)) for row in years if row.year == newest]
    said = findings.of_counts(
        paces, "{name} events are held most often: {n} a year", "None is held more often than {name}: {n} a year"
    )
    return say("{year}: {said}.", year=newest, said=said.rstrip("."))
