"""What was achieved: the measures of the period against the one before, and the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dashboard.parts import aims
from dashboard.parts.labels import short
from dashboard.report.questions import Asker
from dashboard.report.shapes import (
    BarsPicture,
    NamedBar,
    ReportFigure,
    ReportPicture,
    ReportSection,
    ReportTable,
    TimePicture,
)
from dashboard.subjects.impact import words
from dashboard.words import numbers, periods
from dashboard.words.measures import LABELS
from dashboard.words.sentences import EVENTS, Counted, say
from data_access.program import Program
from data_access.questions.events.counts import MonthEvents, events_by_month
from data_access.questions.impact.measuring import ABOUT
from data_access.questions.impact.summary import ImpactMeasure, impact_summary
from data_access.questions.impact.targets import (
    BEHIND,
    NOT_BEGUN,
    NOT_MEASURED,
    TargetProgress,
    named_metric,
    targets_progress,
)
from data_access.selection import Role

NAME, MOST_TARGETS, MOST_MONTHS = 44, 20, 24
_UNMEASURED = Counted(
    "{n} target cannot be measured for this reader, and is not listed.",
    "{n} targets cannot be measured for this reader, and are not listed.",
)
Names = Mapping[str, Mapping[str, str]]


def achieved(asker: Asker, program: Program) -> ReportSection:
    """The seven measures, and the events month by month."""
    answer = asker.ask(impact_summary)
    summary = words.ImpactSummary.of(answer.frame, program.currency, program.min_group_size)
    tiles = {tile.label: tile for tile in words.headlines(summary, {})}
    figures = []
    for at, row in enumerate(answer.rows(ImpactMeasure)):
        if row.value is None and row.measure == "spend" and asker.scope.role is Role.PUBLIC:
            continue  # it stands in the publication
        tile = tiles[words.MEASURES[row.measure].label]
        notes = tuple(filter(None, (tile.change, tile.note)))
        figures.append(answer.figure(at, "value", tile.label, tile.value, by=("measure",), notes=notes))
    picture, pictured, source = _by_month(asker)
    return ReportSection(
        key="impact",
        title="What was achieved",
        finding=words.finding(asker.selection, summary),
        more=tuple(filter(None, (words.compared_words(asker.selection, summary),))),
        figures=tuple(figures),
        picture=picture,
        pictured=pictured,
        sources=(answer.source, source),
        counted=("period", *words.MEASURES, "change"),
    )


def _by_month(asker: Asker) -> tuple[ReportPicture | None, tuple[ReportFigure, ...], int]:
    """Events of each month, over a longer time than the period."""
    longer = periods.trend_selection(asker.selection)
    answer = asker.ask(events_by_month, longer)
    rows = answer.rows(MonthEvents)
    first = max(len(rows) - MOST_MONTHS, 0)
    period, as_of = asker.selection.period, asker.selection.as_of
    starts = [periods.first_day(row.month) for row in rows[first:]]
    if not starts:
        return None, (), answer.source
    said = [
        say("{month}: {events}", month=numbers.month(start), events=EVENTS(row.events))
        for start, row in zip(starts, rows[first:], strict=True)
    ]
    drawn = TimePicture(
        caption=say(
            "Events held each month, from {first} to {last}",
            first=numbers.month(starts[0]),
            last=numbers.month(starts[-1]),
        ),
        series="Events",
        names=tuple(numbers.month(start) for start in starts),
        values=tuple(float(row.events) for row in rows[first:]),
        current=tuple(period.start <= start < period.end for start in starts),
        open=tuple(periods.is_open_month(start, as_of) for start in starts),
    )
    pictured = tuple(
        answer.figure(first + at, "events", name, numbers.number(row.events), by=("month",))
        for at, (name, row) in enumerate(zip(drawn.names, rows[first:], strict=True))
    )
    alt = say("Columns of events by month. {months}.", months="; ".join(said))
    return ReportPicture(drawn, alt), pictured, answer.source


def targets(asker: Asker, program: Program, names: Names) -> ReportSection | None:
    """Each target of the time, with what is reached and how much of its time is gone."""
    answer = asker.ask(targets_progress)
    found = answer.rows(TargetProgress)
    known = [at for at, row in enumerate(found) if row.state != NOT_MEASURED]
    if not known:
        return None
    behind = [row for row in found if row.state == BEHIND]
    # What lags comes first, then what is for the whole program.
    order = sorted(known, key=lambda at: (found[at].state != BEHIND, bool(found[at].scope), at))
    shown = [(at, found[at]) for at in order[:MOST_TARGETS]]
    bars = tuple(_bar(row, names) for _, row in shown if row.share is not None and row.state != NOT_BEGUN)
    said = [
        say("{name}: {reached} reached, {gone} of the time gone", name=bar.name, reached=bar.shown, gone=_gone(bar))
        for bar in bars
    ]
    by = ("metric", "scope", "period_start", "period_end")

    def cells(at: int, row: TargetProgress) -> tuple[str | ReportFigure, ...]:
        unit = program.currency if named_metric(row.metric) == "spend" else ""
        name = target_name(row, names)
        shown = {
            "value": _reached(row, unit),
            "target": _amount(row.target, unit),
            "share": "–" if row.share is None else numbers.percent(row.share),
            "elapsed": "–" if row.elapsed is None else numbers.percent(row.elapsed),
        }
        values = [answer.figure(at, column, name, text, by=by) for column, text in shown.items()]
        return (name, *values, numbers.short_day(row.period_end), row.state.replace("_", " "))

    table = ReportTable(
        "Targets, those that are behind first",
        ("Target", "So far", "Aim", "Reached", "Time gone", "By", "State"),
        tuple(cells(at, row) for at, row in shown),
        frozenset({1, 2, 3, 4}),
    )
    return ReportSection(
        key="targets",
        title="Against the targets",
        finding=aims.finding(found),
        more=tuple(_left_out(found, behind, names)),
        picture=_picture(bars, said),
        tables=(table,),
        sources=(answer.source,),
        counted=("targets",),
    )


def _left_out(found: Sequence[TargetProgress], behind: Sequence[TargetProgress], names: Names) -> Iterator[str]:
    noted = next((row for row in behind if row.pace), None)
    if noted is not None and noted.pace is not None:
        yield say(
            "{target}: {pace} a week would be needed from now on to reach the aim by {day}.",
            target=target_name(noted, names),
            pace=numbers.two_figures(noted.pace),
            day=noted.period_end,
        )
    unmeasured = sum(row.state == NOT_MEASURED for row in found)
    if unmeasured:
        yield _UNMEASURED(unmeasured)
    if len(found) - unmeasured > MOST_TARGETS:
        yield say("{n} further targets are not listed.", n=len(found) - unmeasured - MOST_TARGETS)


def _picture(bars: tuple[NamedBar, ...], said: Sequence[str]) -> ReportPicture | None:
    if not bars:
        return None
    drawn = BarsPicture(
        "How much of each target is reached", "Reached", bars[:12], "how much of its time is gone", percent=True
    )
    return ReportPicture(drawn, say("Bars of what is reached of each target. {bars}.", bars="; ".join(said[:12])))


def _bar(row: TargetProgress, names: Names) -> NamedBar:
    share = row.share or 0
    name = target_name(row, names)
    behind = row.state == BEHIND
    shown = say("{share}, behind" if behind else "{share}", share=numbers.percent(share))
    return NamedBar(name, min(share, 1.25), shown, mark=row.elapsed, alarm=behind)


def _gone(bar: NamedBar) -> str:
    return numbers.percent(bar.mark or 0)


def target_name(row: TargetProgress, names: Names) -> str:
    """`Events`, `Active contributors: Docs crew`."""
    measure = short(LABELS.get(named_metric(row.metric), row.metric), NAME)
    if not row.scope:
        return measure
    return say("{measure}: {about}", measure=measure, about=short(aims.scope_words(row.scope, names), NAME))


def _reached(row: TargetProgress, currency: str) -> str:
    """The value as its reader may see it: what is released is about so much."""
    if row.value is None:
        return "–"
    amount = _amount(row.value, currency)
    return say("about {amount}", amount=amount) if row.note.startswith(ABOUT) and row.value else amount


def _amount(value: object, currency: str) -> str:
    amount = float(str(value))
    return numbers.money(round(amount), currency) if currency else numbers.number(amount)
