"""Pictures of members: the strip of quarters with a shape for each state, and how many met the floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import short
from dashboard.subjects.members.words import quarter
from dashboard.words.numbers import number
from dashboard.words.ranges import people_words
from dashboard.words.sentences import EVENTS, QUARTERS, say
from data_access.questions.members.standing import AT_RISK, GRACE, LEFT, MET, MISSED, ON_TRACK, STATES, MemberStanding
from data_access.questions.members.summary import FloorCount

MOST_MEMBERS = 30
SYMBOLS = {
    MET: "circle",
    ON_TRACK: "diamond",
    AT_RISK: "triangle-up",
    MISSED: "x",
    GRACE: "circle-open",
    LEFT: "square-open",
}
_ROW_HEIGHT = 24


def _colours(palette: theme.Palette) -> dict[str, str]:
    return {
        MET: palette.accent,
        ON_TRACK: theme.with_contrast(theme.OKABE_ITO[2], palette.background, 3.0),
        AT_RISK: palette.alarm,
        MISSED: palette.text,
        GRACE: palette.context,
        LEFT: palette.muted,
    }


def strip_picture(
    standing: Sequence[MemberStanding], theme_type: theme.ThemeType, in_all: int | None = None
) -> Picture:
    """A row a member, a column a quarter; the worst off of the newest quarter on top, of so many members in all."""
    # The answer lists the newest quarter first and the worst off first in it.
    order = list(dict.fromkeys(row.person_key for row in standing))[:MOST_MEMBERS]
    place = {key: at for at, key in enumerate(order)}
    names = {row.person_key: short(row.name or row.person_key) for row in standing}
    quarters = sorted({row.quarter for row in standing})
    column = {day: at for at, day in enumerate(quarters)}
    canvas = Canvas(theme_type, max(len(order), 3) * _ROW_HEIGHT + 70, top=48, bottom=4)
    colours = _colours(canvas.palette)
    for state, symbol in SYMBOLS.items():
        shown = [row for row in standing if row.state == state and row.person_key in place]
        canvas.dots(
            [column[row.quarter] for row in shown],
            [place[row.person_key] for row in shown],
            name=state,
            colour=colours[state],
            symbol=symbol,
            size=12,
            rim=2,
            said=[_said(row, names[row.person_key]) for row in shown],
            keys=[f"{row.quarter.isoformat()}.{row.person_key}" for row in shown],
        )
    heads = {at: f"Q{day.month // 3 + 1}\n{day.year}" for day, at in column.items()}
    canvas.x_axis(labels=heads, range=[-0.5, len(quarters) - 0.5], side="top", ticks="", zeroline=False)
    canvas.listed([names[key] for key in order])
    return canvas.picture(strip_in_words(standing, in_all), _newest_states(standing, in_all))


def _said(row: MemberStanding, name: str) -> str:
    events = EVENTS(row.held)
    if row.scheduled:
        held = say("{events} held, {scheduled} scheduled", events=events, scheduled=row.scheduled)
    else:
        held = say("{events} held", events=events)
    lines = [name, say("{quarter}: {state}", quarter=quarter(row.quarter), state=row.state), held]
    if row.streak:
        lines.append(say("{quarters} in a row", quarters=QUARTERS(row.streak)))
    return "\n".join(lines)


def strip_in_words(standing: Sequence[MemberStanding], in_all: int | None = None) -> str:
    """The strip for readers who do not see it."""
    return say("Members by quarter. {newest}", newest=_newest_states(standing, in_all))


def _newest_states(standing: Sequence[MemberStanding], in_all: int | None = None) -> str:
    newest = max(row.quarter for row in standing)
    counts = Counter(row.state for row in standing if row.quarter == newest)
    states = ", ".join(f"{number(counts[state])} {state}" for state in STATES if counts[state])
    shown = len({row.person_key for row in standing})
    if in_all is not None and shown < in_all:
        # Or it would contradict the numbers of all members above.
        return say(
            "{quarter}, of the {shown} worst off: {states}.", quarter=quarter(newest), shown=shown, states=states
        )
    return say("{quarter}: {states}.", quarter=quarter(newest), states=states)


def summary_picture(summary: Sequence[FloorCount], floor: int, theme_type: theme.ThemeType) -> Picture:
    """Ranges of members who met the floor, missed it, were in grace, or left, quarter by quarter."""
    canvas = Canvas(theme_type, 320, legend=True)
    colours = _colours(canvas.palette)
    for state in (MET, MISSED, GRACE, LEFT):
        shown = [row for row in summary if row.state == state]
        canvas.bars(
            [quarter(row.quarter) for row in shown],
            [row.at_most for row in shown],
            starts=[row.at_least for row in shown],
            name=state.capitalize(),
            colour=colours[state],
            said=[_count_said(row) for row in shown],
        )
    canvas.y_axis(title="Members (from … to)")
    return canvas.picture(summary_in_words(summary, floor), summary_in_words(summary, floor))


def _count_said(row: FloorCount) -> str:
    return say(
        "{quarter}: {people} members, {state}",
        quarter=quarter(row.quarter),
        people=people_words(row.at_least, row.at_most),
        state=row.state,
    )


def summary_in_words(summary: Sequence[FloorCount], floor: int) -> str:
    """The bars for readers who do not see them: the last quarter."""
    last = [row for row in summary if row.state == MET][-1]
    return say(
        "In {quarter}, {met} members met the floor of {events}.",
        quarter=quarter(last.quarter),
        met=people_words(last.at_least, last.at_most),
        events=EVENTS(floor),
    )
