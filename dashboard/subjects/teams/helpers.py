"""Who could help a team: people by the language, place or skill that it needs (program manager and board)."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.tables import table_with_download
from dashboard.words.text import visible
from data_access.questions.teams.helpers import PossibleHelper, who_could_help
from data_access.selection import Selection

_SHOWN = ("name", "home_city", "home_country", "fits", "in_area", "contributions", "last_on", "member")


@st.fragment
def who_could_help_here(team: str, area: str | None) -> None:
    """What the team needs, and who has it and is not in the team; at first people of its own area."""
    now = filters.asked()
    st.header("Who could help?", anchor=False)
    offered = {name: dict(now.offered.values.get(name, ())) for name in ("area", "language", "country")}
    columns = st.columns(3)
    with columns[0]:
        skill = _need("Focus area", offered["area"], f"help_area_{team}", area)
    with columns[1]:
        language = _need("Language", now.names.get("language", offered["language"]), f"help_language_{team}")
    with columns[2]:
        country = _need("Lives in", offered["country"], f"help_country_{team}")
    if not (skill or language or country):
        page_parts.nothing("Choose what the team needs: a skill, a language or a place.")
        return
    needed = Selection(
        as_of=now.selection.as_of,
        team=(team,),
        area=(skill,) if skill else (),
        language=(language,) if language else (),
        country=(country,) if country else (),
    )
    found = cached.answer(who_could_help, needed, now.scope)
    if found.empty:
        page_parts.nothing("Nobody who was active within a year fits, or all who fit are in the team.")
        return
    st.caption("Active within a year or members, and not in the team: the twenty who fit most needs, best first.")
    table_with_download(
        found,
        f"who_could_help_{team}",
        alt="People who could help the team",
        columns=PossibleHelper,
        shown=[name for name in _SHOWN if found[name].notna().any()],
        widths={"name": "medium", **dict.fromkeys(("fits", "in_area", "contributions", "home_country"), "small")},
        height=280,
    )


def _need(label: str, offered: Mapping[str, str], key: str, first: str | None = None) -> str:
    """One need, or nothing."""
    choices = sorted(offered, key=lambda value: offered[value])
    start = choices.index(first) if first in choices else None
    return (
        st.selectbox(
            label, choices, index=start, format_func=lambda value: visible(offered[value]), placeholder="Any", key=key
        )
        or ""
    )
