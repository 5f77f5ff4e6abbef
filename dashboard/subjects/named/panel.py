"""The page of one thing with a name: its finding, its time line, and the ways onward. One composition for all kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import htpy as h
import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import named, page_parts, timeline
from dashboard.subjects.named import words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.named.country import country_timeline
from data_access.questions.named.entries import COUNTRY, EVENT, PERSON, SPACE, TEAM, TimelineEntry
from data_access.questions.named.event import event_timeline
from data_access.questions.named.names import NameFound, names_found, what_is
from data_access.questions.named.person import person_timeline
from data_access.questions.named.space import space_timeline
from data_access.questions.named.team import team_timeline
from data_access.selection import Role, Selection

_LONGEST = 200
# Where more of a thing is shown or can be recorded: what the link says, the page, and what its address carries.
_ONWARD: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    PERSON: (),
    TEAM: (("All teams", "teams", ""),),
    EVENT: (("Record what became of it", "event-map", "event"),),
    COUNTRY: (("The country on the event map", "event-map", "country"), ("Its languages", "languages", "country")),
    SPACE: (("Its schedule and newcomers", "spaces", "space"),),
}


def _asked(kind: str, key: str) -> pd.DataFrame:
    """The time line, as known on the day; filters change nothing on it."""
    now = filters.asked()
    selection, scope, most = Selection(as_of=now.selection.as_of), now.scope, timeline.MOST
    ask: Mapping[str, Callable[[], pd.DataFrame]] = {
        PERSON: lambda: cached.answer(person_timeline, selection, scope, person=key, most=most),
        TEAM: lambda: cached.answer(team_timeline, selection, scope, team=key, most=most),
        EVENT: lambda: cached.answer(event_timeline, selection, scope, event=key, most=most),
        COUNTRY: lambda: cached.answer(country_timeline, selection, scope, country=key, most=most),
        SPACE: lambda: cached.answer(space_timeline, selection, scope, space=key, most=most),
    }
    return ask[kind]()


@dataclass(frozen=True)
class Shown:
    """What a page is of, and its time line."""

    thing: NameFound
    told: pd.DataFrame


def page(kind: str) -> None:
    """The whole page of the thing that the address names, else the way to look for one."""
    key = st.query_params.get(named.KEY, "")[:_LONGEST]
    shown = about(kind, key) if key else None
    if shown is None:
        _look_for(kind, key)
    else:
        line(shown)


def about(kind: str, key: str) -> Shown | None:
    """The finding, the first numbers and the ways onward; None, and nothing shown, where nothing has the key."""
    now = filters.asked()
    selection = Selection(as_of=now.selection.as_of)
    found = rows(NameFound, cached.answer(what_is, selection, now.scope, kind=kind, key=key))
    if not found:
        return None
    thing, told = found[0], _asked(kind, found[0].key)
    entries = rows(TimelineEntry, told)
    page_parts.name_tab(thing.name)
    page_parts.heading(words.QUESTIONS[kind], words.finding(thing, entries, selection.as_of))
    page_parts.selection_line(say("As known on {day}", day=selection.as_of))
    if first := words.tiles(kind, entries):
        page_parts.headline_numbers(first)
    onward(kind, thing.key)
    return Shown(thing, told)


def line(shown: Shown) -> None:
    """The time line."""
    timeline.show(shown.told, words.TOLD, shown.thing.name)


def time_line(kind: str, key: str, name: str) -> None:
    """The time line at the end of a page that says more of the thing before."""
    st.header("Everything on one time line", anchor=False)
    timeline.show(_asked(kind, key), words.TOLD, name)


def _to(where: str, query: Mapping[str, str]) -> str:
    return f"/{where}?{urlencode(query)}" if query else f"/{where}"


def onward(kind: str, key: str) -> None:
    """The ways to pages that show more of the thing."""
    now = filters.asked()
    role = {links.ROLE: now.viewer.parameter} if now.viewer.parameter else {}
    may_record = kind != EVENT or now.scope.role is Role.PM
    ways = [
        h.a(".up-named", href=_to(where, ({parameter: key} if parameter else {}) | role), target="_self")[label]
        for label, where, parameter in (_ONWARD[kind] if may_record else ())
    ]
    if ways:
        page_parts.show(h.p(".up-onward")[[h.fragment[way, " "] for way in ways]])


def _look_for(kind: str, key: str) -> None:
    """What the page is for, why it shows nothing, and a box that finds."""
    now = filters.asked()
    page_parts.heading(words.QUESTIONS[kind], words.UNKNOWN[kind] if key else words.LOOK_FOR[kind])
    page_parts.selection_line(say("As known on {day}", day=now.selection.as_of))
    page_parts.remark(words.HOW_TO_LOOK)
    text = st.text_input("Name", key=f"look_for_{kind}", max_chars=_LONGEST, placeholder="The first letters are enough")
    if not text.strip():
        return
    selection = Selection(as_of=now.selection.as_of)
    listed = rows(NameFound, cached.answer(names_found, selection, now.scope, text=text))
    own = [thing for thing in listed if thing.kind == kind]
    if not own:
        page_parts.nothing("Nothing here has such a name.")
        return
    lines = [h.li[named.link(kind, thing.key, thing.name), thing.place and h.small[" ", thing.place]] for thing in own]
    page_parts.show(h.ul(".up-also")[lines])
