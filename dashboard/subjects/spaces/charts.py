"""The pictures of spaces: events adding up against what is due, and the bridge from the goal to what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.parts import theme
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.subjects.spaces import words
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access.questions.spaces import newcomers as bridge
from data_access.questions.spaces.newcomers import BridgeStep
from data_access.questions.spaces.schedule import SpaceMonth, SpaceSchedule

ROW, LABEL, MARGINS = 62, 30, 60
BAR = 52


def months_picture(
    schedules: Sequence[SpaceSchedule], months: Sequence[SpaceMonth], theme_type: theme.ThemeType
) -> Picture:
    """A row a space: its events of the year adding up (solid), and what is due (dashed), on one scale."""
    by_space: dict[str, list[SpaceMonth]] = {}
    for month in months:
        by_space.setdefault(month.space, []).append(month)
    shown = [row for row in schedules if by_space.get(row.space)]
    canvas = Canvas(theme_type, len(shown) * (ROW + LABEL) + MARGINS, right=12, top=30, rows=len(shown), gap=LABEL)
    palette = canvas.palette
    top = max([1.0, *(max(row.held, row.due) for row in shown)])
    for number, row in enumerate(shown, start=1):
        found = by_space[row.space]
        # Everything begins with nothing.
        days: list[date] = [row.year_starts, *(month.month for month in found)]
        said = [say("Due: {due}", due=round(month.due)) for month in found]
        canvas.line(
            days, [0, *(month.due for month in found)], colour=palette.text, dash="dash", width=1.5,
            said=["", *said], row=number,
        )  # fmt: skip
        held = [say("{held} held by {day}", held=month.held, day=month.month) for month in found]
        canvas.line(
            days, [0, *(month.held for month in found)], points=4, opened=[False, *(month.open for month in found)],
            colour=palette.alarm if words.is_alarming(row) else palette.accent, said=["", *held], row=number,
        )  # fmt: skip
        canvas.label(Bold(short(row.name, 30)), row=number)
        canvas.label(words.gap_words(row), xanchor="right", colour=palette.muted, size=12, row=number)
        canvas.y_axis(range=[0, top * 1.08], tickvals=[0, round(top)], row=number)
    canvas.x_axis(**DAYS, nticks=7)
    return canvas.picture(
        " ".join(say("{space}: {said}.", space=row.name, said=words.space_words(row)) for row in shown)
    )


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
    )
    canvas.listed_above([[Bold(words.STEPS[row.step])] for row in steps], lift=11)
    for number, row in enumerate(steps):
        canvas.label(
            words.step_words(row) if row.step in (bridge.GOAL, bridge.REACHED) else numbers.signed(row.people),
            y=number, xanchor="right", yanchor="bottom", yshift=11, size=12, colour=palette.muted,
        )  # fmt: skip
    canvas.x_axis(visible=False, range=[min([0, *starts]), max([1, *ends])])
    return canvas.picture(bridge_in_words(steps))


def bridge_in_words(steps: Sequence[BridgeStep]) -> str:
    """The bridge for readers who do not see it."""
    return " ".join(say("{step}: {said}.", step=words.STEPS[row.step], said=words.step_words(row)) for row in steps)
