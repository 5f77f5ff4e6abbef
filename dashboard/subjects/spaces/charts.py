"""The pictures of spaces: events adding up against what is due, and the bridge from the goal to what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.parts import theme
from dashboard.parts.axes import Place
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.drawn import Drawn
from dashboard.parts.labels import Bold, short
from dashboard.subjects.spaces import words
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access.questions.spaces import newcomers as bridge
from data_access.questions.spaces.newcomers import BridgeStep
from data_access.questions.spaces.schedule import SpaceMonth, SpaceSchedule

ROW, MARGINS = 88, 40
# Of a space's row, the part that its lines may take; its name stands above.
HIGH = 0.7
BAR = 52


@dataclass
class _Strokes:
    """Several lines that are drawn as one, with a gap after each: (day, height, what is said of it)."""

    x: list[Place] = field(default_factory=list)
    y: list[Place] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def add(self, points: Sequence[tuple[date, float, str]], key: str = "") -> None:
        """With the `key` of a space, each point that says something opens its events up to that day."""
        for day, height, said in points:
            self.x.append(day)
            self.y.append(height)
            self.said.append(said)
            # A row's zero is a whole number, and its top lies below the next one: on it nothing was held.
            self.keys.append(f"{key}.{day.isoformat()}" if key and said and height % 1 else "")
        self.x.append(points[-1][0])
        self.y.append(None)
        self.said.append("")
        self.keys.append("")


def months_picture(
    schedules: Sequence[SpaceSchedule], months: Sequence[SpaceMonth], theme_type: theme.ThemeType
) -> Picture:
    """A row a space: its events of the year adding up (solid), and what is due (dashed), on one scale."""
    by_space: dict[str, list[SpaceMonth]] = {}
    for month in months:
        by_space.setdefault(month.space, []).append(month)
    shown = [row for row in schedules if by_space.get(row.space)]
    # All in one panel, a unit of y apart: a panel a space would take five times as long to make.
    canvas = Canvas(theme_type, len(shown) * ROW + MARGINS, right=12, top=12)
    palette = canvas.palette
    top = max([1, *(max(row.held, row.due) for row in shown)])
    due, closed, waiting = _Strokes(), {True: _Strokes(), False: _Strokes()}, {True: _Strokes(), False: _Strokes()}
    ticks: dict[float, str] = {}
    # Each written once: a hundred points share a dozen days.
    days = {day: numbers.day(day) for day in {each.month for each in months}}
    counts = {n: numbers.number(n) for each in months for n in (each.held, round(each.due))}
    for number, row in enumerate(shown):
        base, found, is_late = len(shown) - 1 - number, by_space[row.space], words.is_alarming(row)
        ticks |= {base: "0", base + HIGH: numbers.compact(top)}
        # Everything begins with nothing.
        start = (row.year_starts, float(base), "")
        owed = [
            (each.month, base + HIGH * each.due / top, say("Due: {n}", n=counts[round(each.due)])) for each in found
        ]
        held = [
            (
                each.month,
                base + HIGH * each.held / top,
                say("{n} held by {day}", n=counts[each.held], day=days[each.month]),
            )
            for each in found
        ]
        over = sum(not each.open for each in found)
        due.add([start, *owed])
        closed[is_late].add([start, *held[:over]], row.space)
        if over < len(found):
            waiting[is_late].add([start, *held][over:], row.space)
        canvas.label(Bold(short(row.name, 30)), y=base + HIGH, yanchor="bottom", yshift=3)
        said = words.gap_words(row)
        canvas.label(said, y=base + HIGH, xanchor="right", yanchor="bottom", yshift=3, colour=palette.muted, size=12)
    canvas.line(due.x, due.y, colour=palette.text, dash="dash", width=1.5, said=due.said)
    for is_late, colour in ((False, palette.accent), (True, palette.alarm)):
        canvas.line(closed[is_late].x, closed[is_late].y, points=4, colour=colour, **_told(closed[is_late]))
        open_part = waiting[is_late]
        canvas.line(open_part.x, open_part.y, points=4, dash="dot", colour=colour, **_told(open_part))
    canvas.y_axis(range=[-0.04, len(shown) - 0.02], labels=ticks, zeroline=False)
    canvas.x_axis(**DAYS, nticks=7)
    return canvas.picture(
        " ".join(say("{space}: {said}.", space=row.name, said=words.space_words(row)) for row in shown),
        _months_finding(shown),
        _as_counted(shown, by_space),
    )


def _told(strokes: _Strokes) -> dict[str, Any]:
    return {"said": strokes.said, "keys": strokes.keys}


def _months_finding(shown: Sequence[SpaceSchedule]) -> str:
    if not shown:
        return "No space has events this year."
    furthest = min(shown, key=lambda row: row.gap)
    if furthest.gap >= 0:
        return "No space is behind its schedule."
    return say("{space} is furthest off: {said}.", space=short(furthest.name, 40), said=words.gap_words(furthest))


def _as_counted(shown: Sequence[SpaceSchedule], by_space: Mapping[str, Sequence[SpaceMonth]]) -> list[Drawn]:
    """The numbers of events: the picture holds heights."""
    counted = []
    for row in shown:
        days = [each.month for each in by_space[row.space]]
        keys = [f"{row.space}.{each.month.isoformat()}" if each.held else "" for each in by_space[row.space]]
        said = [say("{space}: {n} held", space=row.name, n=each.held) for each in by_space[row.space]]
        held: list[Place] = [each.held for each in by_space[row.space]]
        counted += [
            Drawn(say("{space}, held", space=row.name), "x", days, held, said=said, keys=keys),
            Drawn(say("{space}, due", space=row.name), "x", days, [round(each.due) for each in by_space[row.space]]),
        ]
    return counted


def bridge_picture(steps: Sequence[BridgeStep], theme_type: theme.ThemeType) -> Picture:
    """A bar a step, from the goal at the top to what came: each loss or gain begins where the one before it ends."""
    canvas = Canvas(theme_type, BAR * len(steps) + 24, left=4, right=4, top=8, bottom=4)
    palette = canvas.palette
    colours: Mapping[str, str] = {bridge.GOAL: palette.context, bridge.REACHED: palette.accent}
    starts, ends, at = [], [], 0
    for row in steps:
        before, after = (0, row.people) if row.step in (bridge.GOAL, bridge.REACHED) else (at, at + row.people)
        starts.append(min(before, after))
        ends.append(max(before, after))
        at = after
    lost = {row.step: palette.alarm if row.people < 0 else palette.accent for row in steps}
    canvas.bars(
        range(len(steps)),
        ends,
        starts=starts,
        colour=[
            colours.get(row.step, palette.context if row.step in words.STILL_OPEN else lost[row.step]) for row in steps
        ],
        horizontal=True,
        width=0.42,
        hatched=[row.step in words.STILL_OPEN for row in steps],
        said=[say("{step}: {said}", step=words.STEPS[row.step], said=words.step_words(row)) for row in steps],
        keys=[row.step if row.people else "" for row in steps],
    )
    canvas.listed_above([[Bold(words.STEPS[row.step])] for row in steps], lift=11)
    for number, row in enumerate(steps):
        canvas.label(
            words.step_words(row) if row.step in (bridge.GOAL, bridge.REACHED) else numbers.signed(row.people),
            y=number, xanchor="right", yanchor="bottom", yshift=11, size=12, colour=palette.muted,
        )  # fmt: skip
    canvas.x_axis(visible=False, range=[min([0, *starts]), max([1, *ends])])
    return canvas.picture(bridge_in_words(steps), _bridge_finding(steps))


def _bridge_finding(steps: Sequence[BridgeStep]) -> str:
    people = {row.step: row.people for row in steps}
    told = {"reached": people.get(bridge.REACHED, 0), "goal": people.get(bridge.GOAL, 0)}
    return say("{reached} of the {goal} that were aimed at became active.", **told)


def bridge_in_words(steps: Sequence[BridgeStep]) -> str:
    """The bridge for readers who do not see it."""
    return " ".join(say("{step}: {said}.", step=words.STEPS[row.step], said=words.step_words(row)) for row in steps)
