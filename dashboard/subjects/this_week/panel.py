"""The page of the week: what is due for the viewer, put off or not, and what they have done since Monday."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import event_forms, named, page_parts, recording, row_forms
from dashboard.parts.blocks import copy_button, selected, way
from dashboard.subjects.this_week import blocks, ways, words
from dashboard.words.sentences import say
from data_access import actions, answers
from data_access.actions import ActionRefused, Author
from data_access.questions.this_week.due import BOARD, this_week
from data_access.questions.this_week.items import (
    MOST,
    UNMARKED,
    DueItem,
    most_urgent,
    ranked,
)
from data_access.questions.this_week.places import failed_sources
from data_access.selection import NotAllowed, Role, Selection

QUESTION = "What needs you this week?"
_SHOW_ALL = "uplift_week_put_off"


@dataclass(frozen=True, slots=True)
class Week:
    """What is shown, what of it is put off, how much is left of each kind, and what was recorded since Monday."""

    shown: list[DueItem]
    put_off: list[DueItem]
    left: Counter[str]
    recorded: int


def found() -> Week:
    """What is due for the viewer on the day."""
    now = filters.asked()
    name, as_of, scope = now.viewer.name, now.selection.as_of, now.scope
    if not (scope.inside or scope.teams):
        return Week([], [], Counter(), 0)  # nothing of the program itself is for them
    monday = _today_by_the_clock() - timedelta(days=_today_by_the_clock().weekday())
    with cached.current().program.connect() as connection:
        hidden = actions.snoozed(connection, name, as_of)
        recorded = actions.recorded_since(connection, name, monday)
        # So many more are looked for that ten are left; by tens, so that answers are kept for longer.
        each = MOST * (1 + -(-len(hidden) // MOST))
        failed = failed_sources(connection, as_of, each) if scope.role is Role.PM else []
    whose = BOARD if scope.role is Role.BOARD else ""
    answer = cached.answer(this_week, Selection(as_of=as_of), scope, whose=whose, most=0, of_each=each)
    things = answers.rows(DueItem, answer) + failed
    put_off = [thing for thing in things if actions.snoozed_as(thing.kind, thing.key) in hidden]
    kept = [thing for thing in things if thing not in put_off]
    left = Counter({thing.kind: thing.in_all for thing in things})
    left.subtract(Counter(thing.kind for thing in put_off))
    return Week(most_urgent(kept), ranked(put_off), +left, recorded)


def _today_by_the_clock() -> date:
    """The record is kept by the clock, whatever day is looked at."""
    return date.today()


def heading(week: Week) -> None:
    """The finding, and how much is done and left."""
    now = filters.asked()
    left = sum(week.left.values())
    page_parts.heading(QUESTION, words.finding(week.shown), words.more(week.shown, left, week.recorded))
    whole = say("The whole program on {day}", day=now.selection.as_of)
    own = say("Your own teams on {day}", day=now.selection.as_of)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="selection_line"):
        page_parts.show(selected(own if now.scope.role is Role.PARTNER else whole), width="content")
        # Without a period: with one, the program's first address opens Impact, as it did in links of before.
        role = {links.ROLE: now.viewer.parameter} if now.viewer.parameter else {}
        page_parts.show(copy_button(urlencode({"as_of": now.selection.as_of, **role})), width="content")
    if week.shown or week.put_off:
        page_parts.headline_numbers(words.headlines(week.shown, left, week.recorded, len(week.put_off)))


def cards(week: Week) -> None:
    """A card a thing; those that are put off on request."""
    recording.show_outcome()
    if not week.shown:
        advice = "What needs you appears here: requests before their events, members at risk, teams, pilots and data."
        if not cached.version(filters.asked().scope).imported:
            advice = "Import your data on the Data page, or with `uplift import`: what needs you then appears here."
        page_parts.empty("Nothing is due.", advice)
    for thing in week.shown:
        _card(thing, put_off=False)
    _also(week)
    page_parts.show(blocks.sent("Have this sent to you", address(ways.Way("", "data", part="messages"))))
    if not week.put_off:
        return
    label = say("Show what you have hidden ({n})", n=len(week.put_off))
    if st.toggle(label, key=_SHOW_ALL):
        for thing in week.put_off[:MOST]:
            _card(thing, put_off=True)


def _card(thing: DueItem, *, put_off: bool) -> None:
    now = filters.asked()
    name = actions.snoozed_as(thing.kind, thing.key)[:12]
    where = ways.way_of(thing, now.scope.role)
    said = named.sentence(words.sentence(thing, now.names), words.things(thing, now.names))
    with st.container(border=True, gap="xsmall", key=f"due_{name}"):
        late = words.is_late(thing)
        page_parts.show(blocks.card(words.HEADS[thing.kind], words.when(thing), said, late=late, put_off=put_off))
        if thing.kind == UNMARKED and now.scope.role is Role.PM and not put_off:
            with st.expander("Say what became of it", icon=":material/event_available:"):
                event_forms.form(thing.key, f"event_{name}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ways_{name}"):
            page_parts.show(way(where.label, address(where)), width="content")
            if put_off:
                _button("Due again", "wake", name, _wake, (thing,))
            else:
                _button("Hide until Monday", "monday", name, _snooze, (thing, actions.next_monday))
                _button("Hide for a month", "month", name, _snooze, (thing, actions.in_a_month))


def _button(label: str, what: str, name: str, press: Callable[..., None], about: tuple[object, ...]) -> None:
    st.button(label, key=f"{what}_{name}", on_click=press, args=about, type="tertiary")


def address(where: ways.Way) -> str:
    """The address of a way, as this viewer and on this day."""
    now = filters.asked()
    asked = links.write(Selection(now.opening.period, now.selection.as_of), now.opening, now.viewer.parameter)
    query = urlencode(asked | dict(where.chosen))
    return "".join((f"./{where.page}", query and f"?{query}", where.part and f"#{where.part}"))


def _also(week: Week) -> None:
    """How many more there are of each kind, with the page that lists them."""
    besides = week.left - Counter(thing.kind for thing in week.shown)
    if besides:
        st.caption("Also due, but later or less pressing:")
        lines = [
            (words.MORE[kind](number), address(ways.Way("", ways.LISTS[kind]))) for kind, number in besides.items()
        ]
        page_parts.show(blocks.also(lines))


def _snooze(thing: DueItem, until: Callable[[date], date]) -> None:
    today = row_forms.today()
    _write(lambda by: actions.snooze(cached.current(), by, thing.kind, thing.key, today=today, until_on=until(today)))


def _wake(thing: DueItem) -> None:
    _write(lambda by: actions.wake(cached.current(), by, thing.kind, thing.key))


def _write(write: Callable[[Author], None]) -> None:
    """Put something off or not; nothing of the program changes, and so nothing is said where it went well."""
    try:
        write(recording.author(filters.asked().viewer))
    except (ActionRefused, NotAllowed) as refused:
        recording.refuse(str(refused))
