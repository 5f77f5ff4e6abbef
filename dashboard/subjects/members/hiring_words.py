"""The hiring pipeline in words and shapes: the finding, the trend with its alternative, and times to the hire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.subjects.members.words import quarter
from dashboard.words.counts import percent_range
from dashboard.words.numbers import percent
from dashboard.words.ranges import people_words
from dashboard.words.sentences import DAYS, MEMBERS, YEARS, listed, say
from data_access.answers import Count, Flag, Text, rows, table
from data_access.questions.members.hiring import (
    ALL,
    GRADUATION,
    JOINING,
    QUARTER,
    YEAR,
    HiredWithin,
    HiresInPeriod,
    HiringCompany,
    TimeToHire,
)

SHOWN_QUARTERS, SHOWN_COMPANIES, LEAST_TICKS = 12, 3, 5
SINCE_WORDS = {JOINING: "joining", GRADUATION: "graduation"}


def in_all(found: Sequence[HiresInPeriod]) -> HiresInPeriod | None:
    """The row of all hires so far."""
    return next((row for row in found if row.each == ALL), None)


_FINDINGS = {
    "timed": "Companies have hired {members} so far; half of them within {days} of joining (95% {low} to {high} days).",
    "few": "Companies have hired {members} so far: too few for a usual time from joining to the hire.",
}


def finding(found: Sequence[HiresInPeriod], times: Sequence[TimeToHire]) -> str:
    """How many were hired so far, and how long it took: with the interval where there are enough."""
    whole = in_all(found)
    if whole is None or not whole.people:
        return say("No company has hired a member so far.")
    joining = next(row for row in times if row.since == JOINING)
    timed = joining.low is not None and joining.high is not None
    return say(
        _FINDINGS["timed" if timed else "few"],
        members=MEMBERS(whole.people),
        days=DAYS(round(joining.median_days or 0)),
        low=round(joining.low or 0),
        high=round(joining.high or 0),
    )


def finding_in_ranges(found: Sequence[HiresInPeriod], times: Sequence[TimeToHire]) -> str:
    """The same as it is released: a range, and the median in weeks where enough were hired."""
    whole = in_all(found)
    if whole is None:
        return say("Nothing has been released of hires.")
    weeks = next((row.median_days for row in times if row.median_days is not None), None)
    people = people_words(whole.at_least, whole.at_most)
    if weeks is None:
        return say("Companies have hired {people} members so far.", people=people)
    template = "Companies have hired {people} members so far; half of them within about {weeks} weeks of joining."
    return say(template, people=people, weeks=round(weeks / 7))


def companies_words(companies: Sequence[HiringCompany]) -> str:
    """Which companies hired, those with most hires first."""
    named = [say("{company} ({n})", company=row.company, n=row.people) for row in companies if row.company]
    return say("By {companies}.", companies=listed(named, most=SHOWN_COMPANIES)) if named else ""


def within_words(within: Sequence[HiredWithin]) -> str:
    """The share hired within the longest time that members were followed, of those who joined."""
    of_joining = [row for row in within if row.since == JOINING]
    if not of_joining:
        return ""
    last = of_joining[-1]
    if last.low is None or last.high is None:
        template = "Of {members} who joined, {share} were hired within {years} (Kaplan–Meier)."
    else:
        template = "Of {members} who joined, {share} were hired within {years} (Kaplan–Meier, 95% {interval})."
    return say(
        template,
        members=MEMBERS(last.people),
        share=percent(last.share),
        years=YEARS(last.years),
        interval=percent_range(last.low or 0, last.high or 0),
    )


def _name(row: HiresInPeriod) -> str:
    return str(row.starts_on.year) if row.each == YEAR else quarter(row.starts_on)


def trend_picture(found: Sequence[HiresInPeriod], theme_type: theme.ThemeType) -> Picture:
    """Hires quarter by quarter, the running one hatched; ranges year by year, from the least to the most."""
    exact = all(row.at_least == row.at_most for row in found)
    kind = QUARTER if exact else YEAR
    shown = [row for row in found if row.each == kind][-SHOWN_QUARTERS:]
    canvas = Canvas(theme_type, 240)
    canvas.bars(
        [_name(row) for row in shown],
        [row.at_most for row in shown],
        starts=None if exact else [row.at_least for row in shown],
        hatched=[row.open for row in shown],
        said=[_said(row) for row in shown],
        keys=[str(row.starts_on) if exact and row.at_most else "" for row in shown],
    )
    # A half member is no tick.
    ticks: dict[str, int] = (
        {"nticks": 5} if max((row.at_most for row in shown), default=0) > LEAST_TICKS else {"dtick": 1}
    )
    # Twelve names side by side would stand askew: the year goes below its quarter.
    canvas.x_axis(labels={name: "\n".join(reversed(name.split(" "))) for name in map(_name, shown)}, tickangle=0)
    canvas.y_axis(title="Members hired" if exact else "Members hired (from … to)", rangemode="tozero", **ticks)
    return canvas.picture(trend_in_words(shown), _trend_finding(shown))


def _said(row: HiresInPeriod) -> str:
    people = people_words(row.at_least, row.at_most)
    return say("{period}: {people}, not over" if row.open else "{period}: {people}", period=_name(row), people=people)


def _trend_finding(shown: Sequence[HiresInPeriod]) -> str:
    over = [row for row in shown if not row.open]
    if not over:
        return "No quarter is over yet."
    last = over[-1]
    told = {"people": people_words(last.at_least, last.at_most), "period": _name(last)}
    if len(over) == 1:
        return say("{period}: {people} hired.", **told)
    before = people_words(over[-2].at_least, over[-2].at_most)
    return say("{period}: {people} hired, after {before} in {earlier}.", before=before, earlier=_name(over[-2]), **told)


def trend_in_words(shown: Sequence[HiresInPeriod]) -> str:
    """The bars for readers who do not see them."""
    return say("Members hired. {each}.", each="; ".join(_said(row) for row in shown))


class HiresInWords(NamedTuple):
    when: Annotated[str, Text("When")]
    people: Annotated[str, Text("Hired")]
    open: Annotated[bool, Flag("Open", help="The quarter or year is not over")]


def trend_table(found: Sequence[HiresInPeriod]) -> pd.DataFrame:
    """Quarters and years, the newest first, with counts or ranges in words."""
    told = [row for row in found if row.each in (QUARTER, YEAR)]
    told.sort(key=lambda row: (row.starts_on, row.each == YEAR), reverse=True)
    return table(HiresInWords, [(_name(row), people_words(row.at_least, row.at_most), row.open) for row in told])


class WaitInWords(NamedTuple):
    since: Annotated[str, Text("Since")]
    people: Annotated[int | None, Count("Hired", "members")]
    median: Annotated[str, Text("Half within")]
    middle_half: Annotated[str, Text("The middle half")]
    one_year: Annotated[str, Text("Hired in 1 year")]
    two_years: Annotated[str, Text("In 2 years")]
    three_years: Annotated[str, Text("In 3 years")]
    left_out: Annotated[int | None, Count("Left out", "members", help="Hired without a graduation before")]


def waits(times: pd.DataFrame, within: pd.DataFrame) -> pd.DataFrame:
    """How long it took, since joining and since graduation; shares are of everybody who joined, or graduated."""
    shares = {(row.since, row.years): row for row in rows(HiredWithin, within)}
    made = []
    for row in rows(TimeToHire, times):
        one, two, three = (_share_words(shares.get((row.since, years))) for years in (1, 2, 3))
        half = "–"
        if row.lower_quartile is not None and row.upper_quartile is not None:
            half = say("{low} to {high} days", low=round(row.lower_quartile), high=round(row.upper_quartile))
        made.append(
            WaitInWords(SINCE_WORDS[row.since], row.people, _median_words(row), half, one, two, three, row.left_out)
        )
    return table(WaitInWords, made)


def _median_words(row: TimeToHire) -> str:
    if row.median_days is None:
        return "–"
    if row.low is None or row.high is None:
        return DAYS(round(row.median_days))
    template = "{days} ({low} to {high})"
    return say(template, days=DAYS(round(row.median_days)), low=round(row.low), high=round(row.high))


def _share_words(row: HiredWithin | None) -> str:
    if row is None:
        return "–"
    if row.low is None or row.high is None:
        return percent(row.share)
    return say("{share} ({interval})", share=percent(row.share), interval=percent_range(row.low, row.high))
