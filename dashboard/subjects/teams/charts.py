"""Pictures of teams: growth under its stages, the funnel around stage changes, times from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from dashboard.parts import findings, theme
from dashboard.parts.charts import DAYS as DAY_AXIS
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.parts.shapes import Aim
from dashboard.words.numbers import short_day
from dashboard.words.ranges import people_words
from dashboard.words.sentences import DAYS, TEAMS, say
from data_access.contract.lifecycle import ORDER
from data_access.questions.teams.board import TeamStanding
from data_access.questions.teams.details import ChangeStep, TeamQuarter
from data_access.questions.teams.stages import StageTransition, TeamStay

# A narrower part of the band has no room for its stage's title.
ROOM_FOR_A_TITLE = 0.2
SHORT_DAYS = 800
# What the keys of marks begin with that stand for a stage, or for a team.
STAGE, TEAM = "stage", "team"


def growth_picture(
    quarters: Sequence[TeamQuarter],
    history: Sequence[TeamStay],
    as_of: date,
    theme_type: theme.ThemeType,
    aims: Sequence[Aim] = (),
) -> Picture:
    """The stages as a band over time; under it active contributors by quarter (exact, or as ranges), goal, targets."""
    canvas = Canvas(theme_type, 380, rows=[0.16, 0.84], gap=17, barmode="overlay")
    if history:
        _stage_band(canvas, history, as_of)
    if quarters:
        _active(canvas, quarters)
    _goal_line(canvas, quarters)
    for aim in aims:
        words = say("target: {value}", value=aim.value)
        canvas.line(
            [aim.first, aim.last], [aim.value, aim.value], colour=canvas.palette.text, width=1.5, dash="dash",
            said=[words, words], row=2,
        )  # fmt: skip
        canvas.label(words, x=aim.last, y=aim.value, xanchor="right", yanchor="bottom", size=12, row=2)
    for stay in history[1:]:
        canvas.rule(x=stay.entered_on, row=2)
    canvas.y_axis(visible=False, row=1)
    canvas.y_axis(title="Active contributors", rangemode="tozero", nticks=5, row=2)
    firsts = [*(stay.entered_on for stay in history), *(quarter.counted_on for quarter in quarters)]
    is_short = bool(firsts) and (as_of - min(firsts)).days < SHORT_DAYS
    canvas.x_axis(type="date", **{**DAY_AXIS, "dtick": "M3"} if is_short else {"tickformat": "%Y", "dtick": "M12"})
    return canvas.picture(growth_in_words(quarters, history), _growth_finding(quarters))


def _stage_band(canvas: Canvas, history: Sequence[TeamStay], as_of: date) -> None:
    starts = [stay.entered_on for stay in history]
    ends = [max(stay.left_on or as_of, stay.entered_on + timedelta(days=1)) for stay in history]
    least = (as_of - min(starts)).days * ROOM_FOR_A_TITLE
    spans = zip(history, starts, ends, strict=True)
    canvas.bars(
        [0] * len(history),
        ends,
        starts=starts,
        name="Stages",
        colour=[theme.SEQUENTIAL[ORDER[stay.stage]] for stay in history],
        horizontal=True,
        width=0.9,
        texts=[stay.title if (end - start).days > least else "" for stay, start, end in spans],
        inside=True,
        said=[
            say("{stage}: {days} from {day}", stage=stay.title, days=DAYS(stay.days), day=stay.entered_on)
            for stay in history
        ],
    )
    canvas.restyle(1, marker={"line": {"color": canvas.palette.background, "width": 1}})
    canvas.layout(uniformtext={"mode": "hide", "minsize": 10})


def _active(canvas: Canvas, quarters: Sequence[TeamQuarter]) -> None:
    """Exact numbers are a line whose open end is dotted; ranges are bars."""
    days, (lows, highs) = [quarter.counted_on for quarter in quarters], _ends(quarters)
    said = [
        say("{people} active on {day}", people=people, day=day)
        for people, day in zip(_people(quarters), days, strict=True)
    ]
    if lows == highs:
        opened = [quarter.open for quarter in quarters]
        keys = [day.isoformat() if low else "" for day, low in zip(days, lows, strict=True)]
        canvas.line(days, lows, name="Active contributors", points=4, opened=opened, said=said, keys=keys, row=2)
        return
    canvas.bars(
        days,
        highs,
        starts=lows,
        name="Active contributors",
        width=timedelta(days=55) / timedelta(milliseconds=1),
        hatched=[low == 0 < high for low, high in zip(lows, highs, strict=True)],
        said=said,
        row=2,
    )


def _goal_line(canvas: Canvas, quarters: Sequence[TeamQuarter]) -> None:
    goals = [
        (quarter.counted_on, quarter.goal_at_least, quarter.goal_at_most)
        for quarter in quarters
        if quarter.goal_at_least is not None and quarter.goal_at_most is not None
    ]
    if not goals:
        return
    days, (_, low, high) = [day for day, *_ in goals], goals[-1]
    people, ink = people_words(low, high), canvas.palette.text
    said = say("Ten times those active at the start of “Growing tenfold”: {people}", people=people)
    canvas.line(
        days, [low] * len(goals), name="Goal", colour=ink, width=1.5, dash="dash", said=[said] * len(goals), row=2
    )
    canvas.label(Bold(say("Goal: {people}", people=people)), x=days[0], y=low, yanchor="top", size=12, row=2)


def _ends(rows: Sequence[TeamQuarter | ChangeStep]) -> tuple[list[int], list[int]]:
    return [row.at_least for row in rows], [row.at_most for row in rows]


def _people(rows: Sequence[TeamQuarter | ChangeStep]) -> list[str]:
    return [people_words(row.at_least, row.at_most) for row in rows]


def _growth_finding(quarters: Sequence[TeamQuarter]) -> str:
    if not quarters:
        return "Nobody has contributed to this team yet."
    first, last = quarters[0], quarters[-1]
    people, last_people = _people([first, last])
    told = {"people": last_people, "day": last.counted_on, "before": people, "first": first.counted_on}
    if first is last:
        return say("{people} active on {day}.", **told)
    return say("{people} active on {day}; {before} on {first}.", **told)


def growth_in_words(quarters: Sequence[TeamQuarter], history: Sequence[TeamStay]) -> str:
    """The growth picture for readers who do not see it."""
    entries = [say("{stage} from {day}", stage=stay.title, day=stay.entered_on) for stay in history]
    stages = say("Stages: {stages}.", stages="; ".join(entries))
    if not quarters:
        return " ".join((stages, "No contributions yet."))
    first, last = quarters[0], quarters[-1]
    people, last_people = _people([first, last])
    active = say(
        "Active contributors: {people} on {day}, {last_people} on {last_day}.",
        people=people,
        day=first.counted_on,
        last_people=last_people,
        last_day=last.counted_on,
    )
    if last.goal_at_least is None or last.goal_at_most is None:
        return " ".join((active, stages))
    goal = say("Goal: {people}.", people=people_words(last.goal_at_least, last.goal_at_most))
    return " ".join((active, goal, stages))


def funnel_picture(funnel: Sequence[ChangeStep], theme_type: theme.ThemeType) -> Picture:
    """Newcomers before (grey) and after (ours) each stage change: new, active, core; open windows hatched."""
    changes = list(dict.fromkeys((row.changed_on, row.next_title) for row in funnel))
    canvas = Canvas(theme_type, 160 * len(changes) + 40, right=40, top=30, rows=len(changes), gap=30, bargap=0.3)
    for number, (changed_on, title) in enumerate(changes, start=1):
        for side, colour in (("before", canvas.palette.context), ("after", canvas.palette.accent)):
            rows = [row for row in funnel if (row.changed_on, row.side) == (changed_on, side)]
            if rows:
                _side_bars(canvas, rows, side, colour, number)
        canvas.label(Bold(title), f", {short_day(changed_on)}", row=number)
    canvas.y_axis(autorange="reversed")
    # Room for the words after the longest bar.
    canvas.x_axis(range=[0, max(1, *(row.at_most for row in funnel)) * 1.35], showgrid=True, nticks=8)
    canvas.x_axis(title="People", row=len(changes))
    return canvas.picture(funnel_in_words(funnel), _funnel_finding(funnel))


def _side_bars(canvas: Canvas, rows: Sequence[ChangeStep], side: str, colour: str, number: int) -> None:
    (lows, highs), people = _ends(rows), _people(rows)
    exact = lows == highs
    canvas.bars(
        [row.step.capitalize() for row in rows],
        highs,
        starts=[0] * len(rows) if exact else lows,
        name=side.capitalize(),
        colour=[
            theme.faint(colour, 0.45) if low == 0 < high and not exact else colour
            for low, high in zip(lows, highs, strict=True)
        ],
        horizontal=True,
        hatched=[not row.closed for row in rows],
        texts=[f"{side}: {each}" for each in people],
        said=[f"{side}, {row.step}: {each}" for row, each in zip(rows, people, strict=True)],
        keys=[f"{row.step}.{row.first_day}.{row.last_day}" if exact and row.at_most else "" for row in rows],
        row=number,
    )


def _funnel_finding(funnel: Sequence[ChangeStep]) -> str:
    if not funnel:
        return findings.NOTHING
    newest = [row for row in funnel if row.changed_on == funnel[-1].changed_on and row.step == funnel[-1].step]
    people = dict(zip((row.side for row in newest), _people(newest), strict=True))
    told = {"stage": newest[0].next_title, "step": newest[0].step, **people}
    if len(people) == 2:
        return say("“{stage}”: {before} {step} before it, {after} {step} after it.", **told)
    template = "“{stage}”: {after} {step} after it." if "after" in people else "“{stage}”: {before} {step} before it."
    return say(template, **told)


def funnel_in_words(funnel: Sequence[ChangeStep]) -> str:
    """The bars for readers who do not see them."""
    return " ".join(
        say(
            "{stage}, {day}, {side}: {people} {step}.",
            stage=row.next_title,
            day=short_day(row.changed_on),
            side=row.side,
            people=people,
            step=row.step,
        )
        for row, people in zip(funnel, _people(funnel), strict=True)
    )


def transitions_picture(
    stages: Sequence[StageTransition], board: Sequence[TeamStanding], theme_type: theme.ThemeType
) -> Picture:
    """Each stage's usual time (quartiles and median, Kaplan–Meier) and the teams that are in it now, by days."""
    canvas = Canvas(theme_type, 86 * len(stages) + 60, top=8)
    palette = canvas.palette
    # Stays of a stage that no quarter of its teams has left have no quartile: the line then ends open, at the edge.
    known = [team.days_in_stage for team in board]
    ends = [end for stage in stages for end in (stage.q3_days, stage.median_days)]
    edge = float(max([30, *(days for days in (*known, *ends) if days is not None)])) * 1.08
    place = {stage.title: number for number, stage in enumerate(stages)}
    for number, stage in enumerate(stages):
        if stage.q1_days is not None:
            end = edge if stage.q3_days is None else stage.q3_days
            canvas.line([stage.q1_days, end], [number] * 2, colour=theme.faint(palette.context, 0.55), width=10)
    here = {team.title for team in board}
    medians = [(stage.title, stage.median_days) for stage in stages if stage.median_days is not None]
    canvas.dots(
        [days for _, days in medians],
        [place[title] for title, _ in medians],
        name="Median time to move on",
        colour=palette.text,
        symbol="line-ns-open",
        size=22,
        rim=3,
        said=[say("Median of “{stage}”: {days}", stage=title, days=DAYS(round(days))) for title, days in medians],
        keys=[f"{STAGE}.{title}" if title in here else "" for title, _ in medians],
    )
    for stalled, symbol, colour in ((False, "circle", palette.accent), (True, "triangle-up", palette.alarm)):
        teams = [
            (short(team.name), place[team.title], team.days_in_stage or 0, team.team)
            for team in board
            if team.title in place and (team.stalled is True) == stalled
        ]
        canvas.dots(
            [days for *_, days, _ in teams],
            [at for _, at, *_ in teams],
            name="Stalled" if stalled else "In the stage now",
            colour=colour,
            symbol=symbol,
            rim=1,
            rim_colour=palette.background,
            said=[say("{team}: {days}", team=name, days=DAYS(days)) for name, _, days, _ in teams],
            keys=[f"{TEAM}.{key}" for *_, key in teams],
        )
    canvas.listed([_two_lines(stage.title) for stage in stages])
    canvas.x_axis(title="Days in the stage", range=[0, edge], showgrid=True)
    return canvas.picture(transitions_in_words(stages), _transitions_finding(stages))


def _two_lines(title: str) -> str:
    """A long title broken after its middle word, for narrow screens."""
    words = title.split()
    half = (len(words) + 1) // 2
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}" if len(title) > 12 else title


def _transitions_finding(stages: Sequence[StageTransition]) -> str:
    known = [(stage.median_days, stage.title) for stage in stages if stage.median_days is not None]
    if not known:
        return "No stage has been left by half of its teams."
    days, title = max(known)
    return say(
        "“{stage}” takes longest: half of the teams leave it within {days}.", stage=title, days=DAYS(round(days))
    )


def transitions_in_words(stages: Sequence[StageTransition]) -> str:
    """The same in a sentence a stage."""
    return " ".join(_transition_in_words(stage) for stage in stages)


def _transition_in_words(stage: StageTransition) -> str:
    here = TEAMS(stage.open)
    if stage.median_days is None:
        return say("{stage}: not half of the teams have moved on, {teams} still in it.", stage=stage.title, teams=here)
    return say(
        "{stage}: half of the teams move on within {days}, {teams} still in it.",
        stage=stage.title,
        days=DAYS(round(stage.median_days)),
        teams=here,
    )
