"""The parts on circles and needs: growth, mentors, circles that could help, and what organizers wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import behind, page_parts
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.organizers import charts, circle_words, circles, forms, words
from dashboard.subjects.organizers.panel import choose_view
from dashboard.words.periods import during
from dashboard.words.sentences import Counted, say
from data_access.answers import rows
from data_access.contract.organizer_tables import NEED_KINDS
from data_access.questions.organizers.circles import UNNAMED, CircleLink, CircleSize, circle_links, leadership_circles
from data_access.questions.organizers.growth import (
    FIRST_TIME,
    CountedOrganizer,
    QuarterOrganizers,
    organizer_growth,
    organizers_counted,
)
from data_access.questions.organizers.helpers import CircleHelper, circle_helpers
from data_access.questions.organizers.mentoring import (
    CircleMentoring,
    MentorlessOrganizer,
    MentorLoad,
    OrganizersMentored,
    circle_mentoring,
    mentor_load,
    mentorless_organizers,
    organizers_mentored,
)
from data_access.questions.organizers.needs import (
    OPEN,
    SOON_DAYS,
    ListedNeed,
    OrganizerNeeds,
    needs_list,
    organizers_needs,
)
from data_access.selection import Period, Role, Selection, add_months

LARGEST_CIRCLES = Counted("{n} largest circle with mentors", "{n} largest circles with mentors")
_MONTHS = 36
_LACKING = ("name", "circle", "first_on", "times", "mentor")
_MENTORING = ("circle", "unmentored", "new", "mentored", "experienced", "mentors", "mentees", "per_mentor")
_LINKS = ("circle", "name", "mentors_name")
_HELPERS = (
    *("circle", "unmentored", "helper", "language", "kind", "distance", "reasons", "experienced", "mentors", "new"),
)
_GROWTH = ("quarter", "organizers", "first_time", "year", "before", "low", "high", "mentorships", "open")
_NEEDS = ("kind", "note", "place", "days", "state", "could_help", "event", "person", "raised_on", "met_on")


def _day() -> Selection:
    """The day alone: filters choose nothing here."""
    return Selection(as_of=filters.asked().selection.as_of)


def _day_words() -> str:
    return say("The whole program on {day}", day=filters.asked().selection.as_of)


def circles_view() -> None:
    """Growth, who lacks a mentor, who could help; outside the sizes of circles as they were released."""
    now = filters.asked()
    if not now.scope.inside:
        page_parts.heading(words.QUESTION, "Organizers form circles in their towns; who is in them is told inside.")
        page_parts.selection_line(_day_words())
        choose_view()
        _sizes()
        return
    found = rows(OrganizersMentored, cached.answer(organizers_mentored, _day(), now.scope))
    mentored = found[0] if found else None
    more = circle_words.mentoring_words(mentored) if mentored else ""
    page_parts.heading(words.QUESTION, circle_words.circles_finding(mentored), more)
    page_parts.selection_line(_day_words())
    choose_view()
    if mentored is None:
        page_parts.nothing("No organizer is known. Import `participations` with their roles, and `mentorships`.")
        return
    end = Period.quarter_of(now.selection.as_of).end
    lately = Selection(Period(add_months(end, -_MONTHS), end), now.selection.as_of)
    growth = cached.answer(organizer_growth, lately, now.scope)
    quarters = rows(QuarterOrganizers, growth)
    page_parts.headline_numbers(circle_words.circle_headlines(mentored))
    st.header("Does the circle of organizers grow?", anchor=False)
    page_parts.remark(circle_words.growth_words(quarters))
    if quarters:
        picture = charts.growth_picture(quarters, page_parts.theme_type())
        show_figure(picture, key="organizer_growth", rows=_organizers_of)
        with st.expander("The quarters as a table", icon=":material/table:"):
            table_with_download(
                growth, "organizer_growth", alt="Organizers by quarter", columns=QuarterOrganizers, shown=_GROWTH
            )
    _lacking()
    _helping()
    _network()


def _organizers_of(mark: str) -> Opened:
    """Who organized in a quarter, for the first time or again."""
    now, (which, _, day) = filters.asked(), mark.partition(".")
    quarter = Period.quarter_of(date.fromisoformat(day))
    found = cached.answer(organizers_counted, Selection(quarter, now.selection.as_of), now.scope, which=which)
    where = "organized {during} for the first time" if which == FIRST_TIME else "organized {during}, not the first time"
    return behind.people_listed(found, CountedOrganizer, say(where, during=during(quarter)))


def _ties_of(links: pd.DataFrame) -> Rows:
    """A person of a circle: whom they mentor, and who mentors them."""

    def opened(mark: str) -> Opened:
        own = links[(links["person_key"] == mark) | (links["mentors"] == mark)]
        names = dict(zip(links["person_key"], links["name"], strict=True))
        return Opened(say("Circles and mentorships of {name}", name=names.get(mark) or mark), own, CircleLink, _LINKS)

    return opened


def _lacking() -> None:
    """By circle who lacks a mentor and how many mentors carry; by name for the program manager."""
    now = filters.asked()
    st.header("Who lacks a mentor", anchor=False)
    page_parts.remark(circle_words.load_words(rows(MentorLoad, cached.answer(mentor_load, _day(), now.scope))))
    if now.scope.role is Role.PM:
        found = cached.answer(mentorless_organizers, _day(), now.scope)
        if found.empty:
            page_parts.nothing("Every new organizer has a mentor, or mentors.")
        else:
            st.caption(circle_words.lacking_words(int(found["total"].iloc[0]), len(found)))
            table_with_download(
                found,
                "mentorless_organizers",
                alt="New organizers without a mentor, and who could mentor them",
                columns=MentorlessOrganizer,
                shown=_LACKING,
                height=320,
            )
    by_circle = cached.answer(circle_mentoring, _day(), now.scope)
    if by_circle.empty:
        page_parts.nothing("No circle has a new organizer or a mentor.")
        return
    with st.expander("By circle", icon=":material/table:", expanded=now.scope.role is not Role.PM):
        table_with_download(
            by_circle,
            "circle_mentoring",
            alt="Circles by new organizers without a mentor",
            columns=CircleMentoring,
            shown=_MENTORING,
            widths={"circle": 200},
        )


def _helping() -> None:
    """Established circles that could help young ones."""
    st.header("Who could help whom", anchor=False)
    found = cached.answer(circle_helpers, _day(), filters.asked().scope)
    page_parts.remark(circle_words.young_words(rows(CircleHelper, found)))
    if not found.empty:
        table_with_download(
            found,
            "circle_helpers",
            alt="Young circles, and the established ones that could help them",
            columns=CircleHelper,
            shown=_HELPERS,
            widths={"circle": 150, "helper": 150, "language": 130},
        )


def _sizes() -> None:
    """The sizes of circles as ranges."""
    now = filters.asked()
    found = cached.answer(leadership_circles, now.selection, now.scope)
    found = found[found["circle"] != UNNAMED]
    st.header("Leadership circles", anchor=False)
    if found.empty:
        page_parts.nothing("No circle is large enough to be shown, or none is recorded.")
        return
    show_figure(circles.sizes_picture(rows(CircleSize, found), page_parts.theme_type()), key="circle_sizes")
    with st.expander(say("All circles ({n})", n=len(found)), icon=":material/table:"):
        table_with_download(found, "leadership_circles", alt="Circles by number of people", columns=CircleSize)


def _network() -> None:
    """The largest circles with mentors, person by person, and all circles by size."""
    now = filters.asked()
    st.header("Leadership circles", anchor=False)
    links = cached.answer(circle_links, _day(), now.scope)
    drawn = list(dict.fromkeys(links["circle"]))
    if drawn:
        largest = LARGEST_CIRCLES(len(drawn))
        st.caption(say("The {largest}; lines lead from a mentor to a mentee.", largest=largest))
        picture = circles.circles_picture(rows(CircleLink, links), drawn, page_parts.theme_type())
        show_figure(picture, key="circle_network", rows=_ties_of(links))
    else:
        page_parts.nothing("No circle has a mentor.")
    with st.expander("Who is in these circles", icon=":material/groups:"):
        table_with_download(
            links,
            "circle_links",
            alt="People of the circles, and whom they mentor",
            columns=CircleLink,
            with_keys=False,
        )
    found = cached.answer(leadership_circles, _day(), now.scope)
    with st.expander(say("All circles ({n})", n=len(found)), icon=":material/table:"):
        table_with_download(found, "leadership_circles", alt="Circles by number of people", columns=CircleSize)


def needs_view() -> None:
    """Open needs by kind and age, one by one with who could help, and the forms."""
    now = filters.asked()
    if not now.scope.inside:
        page_parts.heading(words.QUESTION, "What organizers need is told inside: to the program manager and the board.")
        page_parts.selection_line(_day_words())
        choose_view()
        return
    found = cached.answer(organizers_needs, _day(), now.scope)
    needs = rows(OrganizerNeeds, found)
    page_parts.heading(words.QUESTION, circle_words.needs_finding(needs), circle_words.needs_more(needs))
    page_parts.selection_line(_day_words())
    choose_view()
    listed = cached.answer(needs_list, _day(), now.scope)
    if needs:
        page_parts.headline_numbers(circle_words.needs_headlines(needs))
        _needs(needs, listed)
        table_with_download(
            listed,
            "needs_list",
            alt="Needs of organizers, open ones first",
            columns=ListedNeed,
            shown=_NEEDS,
            widths={"note": 300, "could_help": 150, "event": 200},
            height=380,
        )
        with st.expander("By kind", icon=":material/table:"):
            table_with_download(found, "organizers_needs", alt="Needs of organizers by kind", columns=OrganizerNeeds)
    else:
        page_parts.nothing("Nothing is recorded. Record a need below, or import `organizer_needs`.")
    if now.scope.role is Role.PM:
        forms.forms(rows(ListedNeed, listed))


def _open_needs(listed: pd.DataFrame) -> Rows:
    """The open needs of a part of a bar: of a kind, for over 30 days or for less."""

    def opened(mark: str) -> Opened:
        kind, _, overdue = mark.rpartition(".")
        some = listed[(listed["kind"] == kind) & (listed["state"] == OPEN)]
        some = some[(some["days"] > SOON_DAYS) == (overdue == "1")]
        return Opened(say("{kind}: {n} open", kind=NEED_KINDS[kind], n=len(some)), some, ListedNeed, _NEEDS)

    return opened


def _needs(needs: Sequence[OrganizerNeeds], listed: pd.DataFrame) -> None:
    st.header("What organizers need", anchor=False)
    if any(row.open for row in needs):
        picture = charts.needs_picture(needs, page_parts.theme_type())
        show_figure(picture, key="organizers_needs", rows=_open_needs(listed))
    st.caption("Open ones first, the oldest first. Could help: the established circle with most reasons, the nearest.")
