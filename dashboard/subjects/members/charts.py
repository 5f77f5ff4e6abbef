"""Pictures of members: the strip of quarters with a shape for each state, and how many met the floor."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.subjects.teams.circles import label
from dashboard.words.periods import quarter_name
from dashboard.words.text import counted
from data_access import answers
from data_access.questions.frames import records
from data_access.questions.members.standing import AT_RISK, GRACE, MET, MISSED, ON_TRACK, MemberStanding
from data_access.selection import Period

MOST_MEMBERS = 30
SYMBOLS = {MET: "circle", ON_TRACK: "diamond", AT_RISK: "triangle-up", MISSED: "x", GRACE: "circle-open"}
_ROW_HEIGHT = 24


def _colours(palette: theme.Palette) -> dict[str, str]:
    return {
        MET: palette.accent,
        ON_TRACK: theme.with_contrast(theme.OKABE_ITO[2], palette.background, 3.0),
        AT_RISK: palette.alarm,
        MISSED: palette.text,
        GRACE: palette.context,
    }


def strip_figure(standing: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """A row a member, a column a quarter; the worst off of the newest quarter on top."""
    palette = theme.PALETTES[theme_type]
    rows = answers.rows(MemberStanding, standing)
    # The answer lists the newest quarter first and the worst off first in it.
    order = list(dict.fromkeys(row.person_key for row in rows))[:MOST_MEMBERS]
    place = {key: number for number, key in enumerate(order)}
    names = {row.person_key: label(row.name or row.person_key) for row in rows}
    quarters = sorted({row.quarter for row in rows})
    column = {day: number for number, day in enumerate(quarters)}
    figure = go.Figure()
    colours = _colours(palette)
    for state, symbol in SYMBOLS.items():
        shown = [row for row in rows if row.state == state and row.person_key in place]
        figure.add_trace(
            go.Scatter(
                name=state,
                x=[column[row.quarter] for row in shown],
                y=[place[row.person_key] for row in shown],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 12,
                    "color": colours[state],
                    "line": {"width": 2, "color": colours[state]},
                },
                text=[_hover(row, names[row.person_key]) for row in shown],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    figure.update_xaxes(
        tickvals=list(column.values()),
        ticktext=[f"Q{day.month // 3 + 1}<br>{day.year}" for day in quarters],
        range=[-0.5, len(quarters) - 0.5],
        side="top",
        ticks="",
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=list(place.values()),
        ticktext=[names[key] for key in order],
        range=[len(order) - 0.5, -0.5],
        showgrid=True,
        zeroline=False,
        ticks="",
    )
    figure.update_layout(
        template=theme.template(theme_type), height=max(len(order), 3) * _ROW_HEIGHT + 70, margin={"t": 48, "b": 4}
    )
    return figure


def _hover(row: MemberStanding, name: str) -> str:
    planned = f", {row.scheduled} scheduled" if row.scheduled else ""
    streak = f"<br>{counted(row.streak, 'quarter')} in a row" if row.streak else ""
    when = quarter_name(Period.quarter_of(row.quarter))
    return f"{name}<br>{when}: {row.state}<br>{counted(row.held, 'event')} held{planned}{streak}"


def summary_figure(summary: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """Ranges of members who met the floor, missed it, or were in grace, quarter by quarter."""
    palette = theme.PALETTES[theme_type]
    colours = _colours(palette)
    figure = go.Figure()
    for state in (MET, MISSED, GRACE):
        shown = [row for row in records(summary) if row["state"] == state]
        figure.add_trace(
            go.Bar(
                name=state.capitalize(),
                x=[quarter_name(Period.quarter_of(row["quarter"])) for row in shown],
                base=[int(row["at_least"]) for row in shown],
                y=[max(int(row["at_most"]) - int(row["at_least"]), 0.3) for row in shown],
                marker={"color": colours[state]},
                customdata=[[int(row["at_least"]), int(row["at_most"])] for row in shown],
                hovertemplate="%{x}: %{customdata[0]} to %{customdata[1]} members<extra>" + state + "</extra>",
            )
        )
    figure.update_yaxes(title_text="Members (from … to)")
    figure.update_layout(
        template=theme.template(theme_type),
        height=320,
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
    return figure
