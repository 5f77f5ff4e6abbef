"""The tables of the Members page: standing by quarter, who is at risk, cohorts, thanks, hires, and why members left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.subjects.members.words import END_REASONS, NOT_RECORDED, THANKS, quarter
from dashboard.words.ranges import people_words
from data_access.answers import Code, Count, Day, Key, Text, table
from data_access.questions.members.pipeline import STEPS, CohortPipeline
from data_access.questions.members.recognition import Achievement, Leaver
from data_access.questions.members.standing import (
    DAYS_LEFT,
    FLOOR,
    GRACE,
    HELD,
    LEFT,
    MEMBER_SINCE,
    MET,
    MISSED,
    SCHEDULED,
    STREAK,
    UNCONFIRMED,
    MemberStanding,
)
from data_access.questions.members.summary import FloorCount
from data_access.questions.members.thanking import ThanksGiven

WIDTHS: dict[str, int | str] = {
    "name": 170,
    **dict.fromkeys(("held", "scheduled", "unconfirmed", "floor", "days_left", "streak"), "small"),
    "needed": 100,
    **dict.fromkeys(("places", *STEPS), "small"),
    **dict.fromkeys(("organized", "mentored", "spoke", "mentees", "members"), "small"),
}


class QuarterStanding(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    quarter: Annotated[str, Text("Quarter")]
    held: Annotated[int, HELD]
    scheduled: Annotated[int, SCHEDULED]
    unconfirmed: Annotated[int, UNCONFIRMED]
    floor: Annotated[int, FLOOR]
    state: Annotated[str, Code("State")]
    days_left: Annotated[int, DAYS_LEFT]
    streak: Annotated[int, STREAK]
    member_since: Annotated[date | None, MEMBER_SINCE]


def by_quarter(standing: Iterable[MemberStanding]) -> pd.DataFrame:
    """The standing of members, each quarter by its name."""
    return table(QuarterStanding, [(*row[:2], quarter(row.quarter), *row[3:]) for row in standing])


class MemberAtRisk(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    needed: Annotated[int, Count("Still needed", "events", help="To be scheduled in this quarter")]
    days_left: Annotated[int, DAYS_LEFT]
    held: Annotated[int, HELD]
    scheduled: Annotated[int, SCHEDULED]
    unconfirmed: Annotated[int, UNCONFIRMED]
    streak: Annotated[int, STREAK]
    member_since: Annotated[date | None, MEMBER_SINCE]


def at_risk(standing: Iterable[MemberStanding]) -> pd.DataFrame:
    """Who is at risk, with how many events they still need: one row a member."""
    rows = [
        MemberAtRisk(
            person_key=row.person_key,
            name=row.name,
            needed=row.floor - row.held - row.scheduled,
            days_left=row.days_left,
            held=row.held,
            scheduled=row.scheduled,
            unconfirmed=row.unconfirmed,
            streak=row.streak,
            member_since=row.member_since,
        )
        for row in standing
    ]
    return table(MemberAtRisk, rows)


class CohortCounts(NamedTuple):
    name: Annotated[str | None, Text("Cohort")]
    places: Annotated[int | None, Count("Places", "places")]
    applied: Annotated[int, Count("Applied", "applicants")]
    accepted: Annotated[int, Count("Accepted", "applicants")]
    trained: Annotated[int, Count("Trained", "applicants")]
    graduated: Annotated[int, Count("Graduated", "applicants")]
    active: Annotated[int, Count("Members today", "members")]
    graduates_on: Annotated[date | None, Day("Graduation")]


def pipeline(cohorts: Iterable[CohortPipeline]) -> pd.DataFrame:
    """Each cohort's pipeline."""
    fields = CohortCounts._fields
    return table(CohortCounts, [tuple(getattr(row, name) for name in fields) for row in cohorts])


class Thanks(NamedTuple):
    name: Annotated[str | None, Text("Name")]
    what: Annotated[str, Text("What")]
    detail: Annotated[str | None, Text("Which")]
    on: Annotated[date, Day("On")]
    title: Annotated[str | None, Text("Event")]
    person_key: Annotated[str, Key("Person key")]
    event_key: Annotated[str | None, Key("Event key")]


def thanks(achievements: Iterable[Achievement]) -> pd.DataFrame:
    """Recognition as people read it."""
    rows = [
        Thanks(row.name, THANKS[row.what], row.detail, row.on, row.title, row.person_key, row.event_key)
        for row in achievements
    ]
    return table(Thanks, rows)


def thanks_given(given: Iterable[ThanksGiven]) -> pd.DataFrame:
    """How many achievements were thanked for, by what they are called."""
    return table(ThanksGiven, [row._replace(what=THANKS.get(row.what, "All")) for row in given])


class Departure(NamedTuple):
    name: Annotated[str | None, Text("Name")]
    reason: Annotated[str, Text("Reason")]
    hired_by: Annotated[str | None, Text("Hired by")]
    ended_on: Annotated[date, Day("Ended on")]
    days: Annotated[int, Count("Days a member", "days")]
    cohort: Annotated[str | None, Text("Cohort")]
    started_on: Annotated[date, Day("Started on")]
    person_key: Annotated[str, Key("Person key")]


def departures(left: Iterable[Leaver]) -> pd.DataFrame:
    """Memberships that ended, with the reason in words."""
    return table(Departure, [_departure(row) for row in left])


def hires(left: Iterable[Leaver]) -> pd.DataFrame:
    """Members who were hired, by whom and when."""
    return table(Departure, [_departure(row) for row in left if row.end_reason == "hired" or row.hired_by])


def _departure(row: Leaver) -> Departure:
    return Departure(
        name=row.name,
        reason=reason(row),
        hired_by=row.hired_by,
        ended_on=row.ended_on,
        days=row.days,
        cohort=row.cohort,
        started_on=row.started_on,
        person_key=row.person_key,
    )


def reason(row: Leaver) -> str:
    """Why a member left, in words."""
    return END_REASONS.get(row.end_reason or "", NOT_RECORDED)


class LeavingReason(NamedTuple):
    reason: Annotated[str, Text("Reason")]
    members: Annotated[int, Count("Members", "members")]
    median_days: Annotated[int, Count("Median days a member", "days")]


def leaving(left: Iterable[Leaver]) -> pd.DataFrame:
    """Why members left, most frequent reason first, with the median days of membership."""
    days: dict[str, list[int]] = defaultdict(list)
    for row in left:
        days[reason(row)].append(row.days)
    rows = [LeavingReason(why, len(each), round(median(each))) for why, each in days.items()]
    rows.sort(key=lambda row: (-row.members, row.reason))
    return table(LeavingReason, rows)


class FloorInWords(NamedTuple):
    quarter: Annotated[str, Text("Quarter")]
    met: Annotated[str, Text("Met")]
    missed: Annotated[str, Text("Missed")]
    grace: Annotated[str, Text("Grace")]
    left: Annotated[str, Text("Left")]


def floor_in_words(summary: Iterable[FloorCount]) -> pd.DataFrame:
    """How many members met the floor, a row a quarter, the counts of each state in words."""
    cells: dict[date, dict[str, str]] = {}
    for row in summary:
        cells.setdefault(row.quarter, {})[row.state] = people_words(row.at_least, row.at_most)
    rows = [
        FloorInWords(quarter(day), *(states[name] for name in (MET, MISSED, GRACE, LEFT)))
        for day, states in cells.items()
    ]
    return table(FloorInWords, rows)
