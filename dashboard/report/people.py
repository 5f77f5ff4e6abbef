"""How people become contributors, and where teams stand. No name of a person is in it, whoever reads."""

from __future__ import annotations

from dataclasses import replace

from dashboard.parts.labels import short
from dashboard.report.questions import Asker, ReportAnswer
from dashboard.report.shapes import BarsPicture, Cell, NamedBar, ReportFigure, ReportPicture, ReportSection, ReportTable
from dashboard.subjects.funnel import words as funnel_words
from dashboard.subjects.teams import words as team_words
from dashboard.subjects.teams.cards import states
from dashboard.subjects.teams.measures import measure_of, measure_words
from dashboard.words import numbers
from dashboard.words.counts import NOT_SHOWN, RANGES, percent_range, shown_percent
from dashboard.words.sentences import say
from dashboard.words.steps import STEP_NAMES
from data_access.answers import plain, rows
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.teams.board import TeamStanding, team_board
from data_access.selection import Period, Selection, add_months

NAME, MOST_TEAMS = 40, 16
YEAR_OF_JOINING = "Looked at are the people of the twelve months to the end of the period: newer ones still have time."


def joined_selection(selection: Selection) -> Selection:
    """The people whose funnel is told: those of a year at least, because a step may take half a year."""
    months = selection.period.in_months
    if months is None or months >= 12:
        return selection
    return replace(selection, period=Period(add_months(selection.period.end, -12), selection.period.end))


def funnel(asker: Asker) -> ReportSection | None:
    """Joined → casual → active → core."""
    wider = joined_selection(asker.selection)
    answer = asker.ask(contributor_funnel, wider)
    steps = answer.rows(FunnelStep)
    if not steps or not steps[0].at_most:
        return None
    period = Period.parse(steps[0].cohort)
    more = [funnel_words.in_the_end(steps), funnel_words.weakest(steps)]
    if not asker.scope.exact:
        more += [funnel_words.as_released(steps, period), RANGES]
    elif wider.period != asker.selection.period:
        more.append(YEAR_OF_JOINING)
    bars = tuple(NamedBar(STEP_NAMES[step.step], float(step.people or 0), _said(step)) for step in steps)
    said = [say("{step}: {people}", step=bar.name, people=bar.shown) for bar in bars]
    drawn = BarsPicture("People who joined, and how far they have come", "People", bars)
    return ReportSection(
        key="funnel",
        title="How people become contributors",
        finding=funnel_words.finding(steps, period),
        more=tuple(filter(None, more)),
        picture=ReportPicture(drawn, say("Bars of people by step. {bars}.", bars="; ".join(said))),
        tables=(_steps_table(answer, steps),),
        sources=(answer.source,),
        counted=("levels", "cohort", "conversion", *(() if asker.scope.exact else ("small_groups",))),
    )


def _said(step: FunnelStep) -> str:
    people = funnel_words.shown_people(step)
    if step.share_of_start is None or step.step == "joined":
        return people
    return say("{people}, {share} of start", people=people, share=shown_percent(step.share_of_start))


def _steps_table(answer: ReportAnswer, steps: list[FunnelStep]) -> ReportTable:
    lines: list[tuple[Cell, ...]] = []
    for at, step in enumerate(steps):
        name, by = STEP_NAMES[step.step], ("step",)
        interval = NOT_SHOWN if step.low is None or step.high is None else percent_range(step.low, step.high)
        days = NOT_SHOWN if step.median_days is None else numbers.number(step.median_days)
        texts = {
            "people": funnel_words.shown_people(step),
            "share_of_start": shown_percent(step.share_of_start),
            "share_of_previous": shown_percent(step.share_of_previous),
        }
        values = [answer.figure(at, column, name, text, by=by) for column, text in texts.items()]
        lines.append((name, *values, interval, answer.figure(at, "median_days", name, days, by=by)))
    heads = ("Step", "People so far", "Of start", "Of the step before, time over", "95% interval", "Median days")
    return ReportTable("The steps", heads, tuple(lines), frozenset(range(1, 6)))


def teams(asker: Asker) -> ReportSection | None:
    """Every team with its stage, what it needs to move on, and whether it is stalled."""
    answer = asker.ask(team_board)
    board = answer.rows(TeamStanding)
    if not board:
        return None
    staged = [(at, row) for at, row in enumerate(board) if row.stage]
    own = [pair for pair in staged if pair[1].team in asker.scope.teams]
    shown = [*own, *(pair for pair in staged if pair not in own)][:MOST_TEAMS]
    lines: list[tuple[Cell, ...]] = []
    bars: list[NamedBar] = []
    reached_of: list[ReportFigure] = []
    for at, row in shown:
        name, measure = short(row.name, NAME), measure_of(row, asker.scope)
        reached_of += _measured(answer, at, name)
        lines.append(_team_line(answer, at, row, measure_words(measure)))
        if measure and measure.progress is not None:
            stalled = row.stalled is True
            reached = say("{share}, stalled" if stalled else "{share}", share=numbers.percent(measure.progress))
            bars.append(NamedBar(name, measure.progress, reached, alarm=stalled))
    picture = None
    if bars:
        said = [say("{team}: {share}", team=bar.name, share=bar.shown) for bar in bars]
        drawn = BarsPicture(
            "How much of its stage’s exit measure each team has reached", "Reached", tuple(bars), percent=True
        )
        picture = ReportPicture(drawn, say("Bars of the exit measure by team. {bars}.", bars="; ".join(said)))
    heads = ("Team", "Stage", "Days in it", "Exit measure", "Open risks", "State")
    more = [team_words.more(board)]
    if len(staged) > len(shown):
        more.append(say("{n} further teams are not listed.", n=len(staged) - len(shown)))
    return ReportSection(
        key="teams",
        title="Where teams stand",
        finding=team_words.finding(board),
        more=tuple(filter(None, more)),
        picture=picture,
        pictured=tuple(reached_of),
        tables=(ReportTable("Teams, longest in their stage first", heads, tuple(lines), frozenset({2, 4})),),
        sources=(answer.source,),
        counted=("stages", "exit_measures", "stalled"),
    )


def _measured(answer: ReportAnswer, at: int, name: str) -> list[ReportFigure]:
    """What the words and the bar of an exit measure are made of."""
    cells = answer.raw.iloc[at]
    columns = (
        "exit_at_least",
        "exit_at_most",
        "exit_threshold",
        "second_at_least",
        "second_at_most",
        "second_threshold",
    )
    return [
        answer.figure(at, column, name, numbers.number(round(float(cells[column]), 2)), by=("team",))
        for column in columns
        if plain(cells[column]) is not None
    ]


def _team_line(answer: ReportAnswer, at: int, row: TeamStanding, measure: str) -> tuple[Cell, ...]:
    name, by = short(row.name, NAME), ("team",)
    return (
        name,
        row.title or "–",
        answer.figure(at, "days_in_stage", name, numbers.number(row.days_in_stage or 0), by=by),
        measure,
        answer.figure(at, "open_risks", name, numbers.number(row.open_risks), by=by),
        ", ".join(word.lower() for word in states(row)) or "–",
    )


def standing(asker: Asker) -> list[TeamStanding]:
    """The board of teams, as the section above tells it."""
    return rows(TeamStanding, asker.ask(team_board).frame)
