"""Retention, in words and shapes: the finding, the grid's two readings, curves, the persona, events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dashboard.parts.shapes import Headline, Series, with_gaps
from dashboard.words.counts import LEAST_BASE, NOT_SHOWN, share_of, shown_percent, stands_out, with_share
from dashboard.words.numbers import percent
from dashboard.words.periods import during
from dashboard.words.sentences import EVENTS, MONTHS, PEOPLE, Counted, say
from data_access.questions.funnel.followthrough import FollowedEvents
from data_access.questions.retention.grid import RetentionCell, RetentionMonth
from data_access.questions.retention.persona import PersonaQuarter
from data_access.selection import Period

EXACTLY, LATER = "active_exactly", "active_then_or_later"
READINGS = {EXACTLY: "Active in exactly that month", LATER: "Active then or later"}
EVENT_GROUPS = {
    "scale": "Scale",
    "format": "Format",
    "space": "Space",
    "mode": "How it is held",
    "tasks": "With or without tasks",
}
# The months that headline numbers look at.
HEADLINE_MONTHS = (1, 3, 6, 12)
MOST_COHORTS = 36
# Where a mark is of all cohorts together.
ALL_COHORTS = "all"
_ABOUT_PEOPLE = Counted("about {n} person", "about {n} people")
_BACK = "Of {people} whose next month is over, {back} were back in the month after their first."
# By whether the numbers are exact.
_BACK_AND_LATER = {
    True: (
        "Of {people} whose next month is over, {back} were back in the month after their first; a year later, {later} "
        "of the {others} seen for so long."
    ),
    False: (
        "Of {people} whose next month is over, {back} were back in the month after their first; a year later, {later} "
        "of {others} seen for so long."
    ),
}
_MISSION_DRIVEN = "Of {people} who contributed in the year to {quarter}, {count} are mission-driven."
_MOST_LACK = {
    "regular": "What most lack: only {count} are regular.",
    "areas": "What most lack: only {count} are active in two areas.",
    "not_code": "What most lack: only {count} are mostly not in code.",
    "connected": "What most lack: only {count} are connected.",
}
_FOLLOWING = {
    (True, True): (
        "Most new contributors per event: {most} ({most_new} per 100 within 90 days, of {most_events}); fewest: "
        "{fewest} ({fewest_new}, of {fewest_events})."
    ),
    (True, False): "Most new contributors per event: {most} ({most_new} per 100 within 90 days, of {most_events}).",
    (False, True): "Fewest new contributors per event: {fewest} ({fewest_new} per 100, of {fewest_events}).",
    (False, False): "How many new contributors an event brings cannot be told apart: the 95% intervals overlap.",
}
# Fewer events say nothing about what brings people.
_LEAST_EVENTS = 5


def nothing(*, narrowed: bool, exact: bool) -> tuple[str, str]:
    """Why the page has nothing to show, and what would change it."""
    if narrowed:
        return "Counts of people are not filtered for your role.", "Remove the filters to see everybody."
    if not exact:
        return "Nothing has been released yet about who comes back.", "A year is told once its next month is over."
    return "Nobody started contributing in this time.", "Choose a longer period, or import contributions."


def _people(number: int, exact: bool) -> str:
    return (PEOPLE if exact else _ABOUT_PEOPLE)(number)


def finding(overall: Sequence[RetentionMonth], *, exact: bool = True) -> str:
    """The page's answer in one sentence; of released counts, which are the middles of ranges, with "about"."""
    known = {row.month: row for row in overall if row.active_exactly is not None and row.people}
    if 1 not in known:
        return "It is too early to say who comes back, or there are too few people to show."
    if 12 not in known:
        return say(_BACK, people=_people(known[1].people or 0, exact), back=_came_back(known[1], exact))
    return say(
        _BACK_AND_LATER[exact],
        people=_people(known[1].people or 0, exact),
        back=_came_back(known[1], exact),
        others=_people(known[12].people or 0, exact),
        later=_came_back(known[12], exact),
    )


def _came_back(row: RetentionMonth, exact: bool) -> str:
    """`45 (43%)`, `about 45 (43%)`; of few people the count alone."""
    people = row.people or 0
    return _number(with_share(round((row.active_exactly or 0) * people), people), exact)


def _number(said: str, exact: bool) -> str:
    return said if exact else say("about {number}", number=said)


def headlines(overall: Sequence[RetentionMonth], *, exact: bool = True) -> list[Headline]:
    """Both readings at 1, 3, 6 and 12 months."""
    rows = {row.month: row for row in overall}
    return [_headline(month, rows.get(month), exact) for month in HEADLINE_MONTHS]


def _headline(month: int, row: RetentionMonth | None, exact: bool) -> Headline:
    label = say("Active in month {month}", month=month)
    if row is None or row.active_exactly is None:
        return Headline(label, NOT_SHOWN)
    people, later = row.people or 0, row.active_then_or_later or 0
    if people < LEAST_BASE:
        note = say("{later} of them then or later", later=round(later * people))
        return Headline(label, share_of(round(row.active_exactly * people), people), note=note)
    note = say("{later} then or later, of {people}", later=shown_percent(later), people=_people(people, exact))
    return Headline(label, shown_percent(row.active_exactly), note=note)


def curve(overall: Sequence[RetentionMonth], reading: str) -> Series:
    """The share of all cohorts by months since, with its interval; month 0 is everybody and left out."""
    rows = [row for row in overall if row.month]
    exactly = reading == EXACTLY
    return Series(
        READINGS[reading],
        [float(row.month) for row in rows],
        with_gaps(_share(row, reading) for row in rows),
        with_gaps(row.low if exactly else row.later_low for row in rows),
        with_gaps(row.high if exactly else row.later_high for row in rows),
        [_month_said(row, reading) for row in rows],
        keys=[_key(ALL_COHORTS, row, reading) for row in rows],
    )


def _key(cohort: str, cell: RetentionMonth | RetentionCell, reading: str) -> str:
    """What names the people who were active in the month; nothing for nobody."""
    return f"{cohort}.{cell.month}" if _share(cell, reading) else ""


def _share(row: RetentionMonth | RetentionCell, reading: str) -> float | None:
    return row.active_exactly if reading == EXACTLY else row.active_then_or_later


def _month_said(row: RetentionMonth, reading: str) -> str:
    share = _share(row, reading)
    if share is None:
        return say("Month {month}: not shown", month=row.month)
    return say("Month {month}: {share} of {people}", month=row.month, share=percent(share), people=row.people or 0)


def came_back_words(period: Period, month: int, reading: str) -> str:
    """Who is listed: when they began, and after how many months they were active."""
    template = (
        "began {during}, and active in exactly the month {months} later"
        if reading == EXACTLY
        else "began {during}, and active {months} later or afterwards"
    )
    return say(template, during=during(period), months=MONTHS(month))


def cohort_curve(cells: Sequence[RetentionCell], cohort: str, reading: str) -> Series:
    """One cohort's own curve."""
    rows = [cell for cell in cells if cell.cohort == cohort and cell.month]
    nothing = with_gaps(None for _ in rows)
    return Series(
        cohort,
        [float(row.month) for row in rows],
        with_gaps(_share(row, reading) for row in rows),
        nothing,
        nothing,
        [_cell_said(row, reading) for row in rows],
        keys=[_key(cohort, row, reading) for row in rows],
    )


class Grid(NamedTuple):
    """The newest cohorts, the months since their first one, and for each the share (None: not over, or not shown)."""

    cohorts: list[str]
    months: list[int]
    people: list[int | None]
    shares: list[list[float | None]]
    said: list[list[str]]
    keys: list[list[str]]


def grid(cells: Sequence[RetentionCell], reading: str) -> Grid:
    """The cells as rows of cohorts, the newest last, and what is said of each; month 0 is everybody and left out."""
    cohorts = list(dict.fromkeys(cell.cohort for cell in cells))[-MOST_COHORTS:]
    months = sorted({cell.month for cell in cells} - {0})
    at = {(cell.cohort, cell.month): cell for cell in cells}
    listed = [[at.get((cohort, month)) for month in months] for cohort in cohorts]
    people = {
        cohort: max((cell.people for cell in row if cell and cell.people is not None), default=None)
        for cohort, row in zip(cohorts, listed, strict=True)
    }
    return Grid(
        cohorts,
        months,
        [people[cohort] for cohort in cohorts],
        [[cell and _share(cell, reading) for cell in row] for row in listed],
        [[_cell_said(cell, reading) if cell else "" for cell in row] for row in listed],
        [[_key(cell.cohort, cell, reading) if cell else "" for cell in row] for row in listed],
    )


def _cell_said(cell: RetentionCell, reading: str) -> str:
    share = _share(cell, reading)
    if share is None and cell.people is None:
        template = "{cohort}, month {month}: not shown"
    elif share is None:
        template = "{cohort}, month {month}: not shown, of {people}"
    else:
        template = "{cohort}, month {month}: {share} of {people}"
    return say(
        template, cohort=cell.cohort, month=cell.month, share=shown_percent(share), people=PEOPLE(cell.people or 0)
    )


def persona_series(quarters: Sequence[PersonaQuarter]) -> list[Series]:
    """The share of mission-driven contributors at the end of each quarter."""
    known = [row for row in quarters if row.share is not None]
    if not known:
        return []
    return [
        Series(
            "Mission-driven, of all who contributed in the year",
            [row.ends_on for row in known],
            with_gaps(row.share for row in known),
            with_gaps(row.low for row in known),
            with_gaps(row.high for row in known),
            [
                say(
                    "{quarter}: {share} ({low}–{high}), {mission_driven} of {people}",
                    quarter=row.quarter,
                    share=shown_percent(row.share),
                    low=shown_percent(row.low),
                    high=shown_percent(row.high),
                    mission_driven=row.mission_driven or 0,
                    people=row.people or 0,
                )
                for row in known
            ],
            [False] * len(known),
            [row.ends_on.isoformat() if row.mission_driven else "" for row in known],
        )
    ]


def persona_words(quarters: Sequence[PersonaQuarter], *, exact: bool = True) -> str:
    """The latest share, and what most people lack for it."""
    known = [row for row in quarters if row.share is not None]
    if not known:
        return "Too few people to say, or nobody contributed for a year."
    latest = known[-1]
    people = latest.people or 0
    share = say(
        _MISSION_DRIVEN,
        count=_number(with_share(round((latest.share or 0) * people), people), exact),
        people=_people(people, exact),
        quarter=latest.quarter.replace("-", " "),
    )
    parts = {
        "regular": latest.regular,
        "areas": latest.areas,
        "not_code": latest.not_code,
        "connected": latest.connected,
    }
    shown = {name: count for name, count in parts.items() if count is not None}
    if len(shown) < len(parts) or not latest.people:
        return share
    rarest = min(shown, key=shown.__getitem__)
    return " ".join([share, say(_MOST_LACK[rarest], count=_number(with_share(shown[rarest], latest.people), exact))])


def following_words(groups: Sequence[FollowedEvents]) -> str:
    """Which group brings most new contributors per event, if the intervals tell it from the others."""
    known = [group for group in groups if group.new_per_event is not None and group.events >= _LEAST_EVENTS]
    if len(known) < 2:
        return ""
    ends = [(group.new_low, group.new_high) for group in known]
    most, fewest = (stands_out(ends[at], ends[:at] + ends[at + 1 or len(ends) :]) for at in (0, -1))
    first, last = known[0], known[-1]
    return say(
        _FOLLOWING[most, fewest],
        most=first.name,
        most_new=round((first.new_per_event or 0) * 100),
        most_events=EVENTS(first.events),
        fewest=last.name,
        fewest_new=round((last.new_per_event or 0) * 100),
        fewest_events=EVENTS(last.events),
    )
