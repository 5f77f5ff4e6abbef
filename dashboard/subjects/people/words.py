"""Who is here, in words and shapes: from answers to the finding, the headline numbers, dots and lines."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Dot, Headline, Series
from dashboard.words.counts import LEAST_BASE, percent_range, share_of, stands_out
from dashboard.words.numbers import month, percent, tenths
from dashboard.words.ranges import people_words
from dashboard.words.sentences import listed, say
from data_access.answers import rows
from data_access.privacy.attributes import OTHER, POPULATIONS
from data_access.questions.people.diversity import (
    OTHERS,
    UNDISCLOSED,
    VALUE,
    AttributeShare,
    AttributeShareInYear,
    EffectiveGroups,
)
from data_access.questions.people.steps import AttributeStep
from data_access.selection import Period, Scope

NAMES: dict[str, str] = {
    "speakers": "Speakers",
    "members": "Members",
    "applicants": "Applicants",
    "contributors": "Contributors",
    "organizers": "Organizers",
}
GROUPS = {"region": "Region", "area": "Focus area", "cohort": "Cohort", "outcome": "Outcome"}
VIEWS = {
    "now": "Shares",
    "map": "On the map",
    "trend": "Over time",
    "groups": "By group",
    "steps": "From application to membership",
    "fair": "Fair shares",
}
ABOUT = {"steps": "applicants", "fair": "members"}
# Values of a dimension that are drawn; the rest are in the table.
MOST_VALUES, MOST_LINES = 7, 6


def names_for(scope: Scope) -> dict[str, str]:
    """The populations open to a viewer: of organizers nothing is released."""
    return {name: label for name, label in NAMES.items() if scope.inside or name in POPULATIONS}


SharedRow = AttributeShare | AttributeShareInYear | AttributeStep


def said_of(row: AttributeShare | AttributeShareInYear, size: int) -> str:
    """`woman: 84 of 328, 26% (21–31%)`, of few `woman: 2 of 6`; `fewer than 5` where the share is not shown."""
    people = people_words(row.at_least, row.at_most)
    if row.share is None:
        return people if row.of_people or row.at_most else "nobody disclosed it"
    exact = row.at_least == row.at_most
    if (row.of_people or 0) < LEAST_BASE:
        template = "{value}: {people} of {all}" if exact else "{value}: {people} of about {all}"
    else:
        template = "{value}: {people} of {all}, {share}" if exact else "{value}: {people} of about {all}, about {share}"
    return say(template, value=value_words(row, size), people=people, all=row.of_people, share=with_interval(row))


def with_interval(row: SharedRow) -> str:
    """`26% (21–31%)`; nothing where the share is not shown."""
    if row.share is None:
        return ""
    return say("{share} ({interval})", share=percent(row.share), interval=interval(row))


def interval(row: SharedRow) -> str:
    """`21–31%`."""
    return percent_range(row.low or 0, row.high or 0)


def value_words(row: SharedRow, size: int) -> str:
    """The value as a label; small values that are shown together say so."""
    if row.kind == OTHERS:
        return say("other (each fewer than {size})", size=size)
    return "not disclosed" if row.kind == UNDISCLOSED else row.value


def group_words(group: str, size: int) -> str:
    """A group of a breakdown as a label."""
    if group == "…":
        return say("others (each fewer than {size})", size=size)
    return group or "not known"


def heading_of(dimension: str) -> str:
    """A dimension as a heading."""
    return dimension.capitalize()


def dimensions_of(shares: Iterable[AttributeShare]) -> list[str]:
    """The dimensions in the order of the answer."""
    return list(dict.fromkeys(row.dimension for row in shares))


def window_line(shares: pd.DataFrame) -> str:
    """What is shown instead of the filters, where these are not used."""
    days = _window_words(rows(AttributeShare, shares.head(1)))
    return say("12 months: {days}", days=days) if days else "Whole years only"


def _window_words(shares: Sequence[AttributeShare]) -> str:
    """The days that the answer is about; nothing for an empty one."""
    return Period.parse(shares[0].window).in_words() if shares else ""


def dots(shares: pd.DataFrame, others: Sequence[pd.DataFrame], size: int) -> list[Dot]:
    """A row a value, dimension by dimension; not disclosed is muted. `others` are other populations' answers."""
    theirs = [{(row.dimension, row.value): row.share for row in rows(AttributeShare, other)} for other in others]
    answered = rows(AttributeShare, shares)
    made = []
    for dimension in dimensions_of(answered):
        part = [row for row in answered if row.dimension == dimension]
        # The last row is that of “not disclosed”.
        for row in [*part[:-1][:MOST_VALUES], part[-1]] if len(part) > MOST_VALUES else part:
            is_value = row.kind == VALUE
            made.append(
                Dot(
                    name=value_words(row, size),
                    share=row.share,
                    low=row.low,
                    high=row.high,
                    said=said_of(row, size),
                    heading=heading_of(dimension),
                    others=tuple(other.get((dimension, row.value)) if is_value else None for other in theirs),
                    reference=row.reference,
                    muted=not is_value,
                )
            )
    return made


def group_dots(shares: pd.DataFrame, dimension: str, value: str, size: int) -> list[Dot]:
    """One value's share in each group."""
    heading = say("{dimension}: {value}", dimension=heading_of(dimension), value=value)
    return [
        Dot(group_words(row.member_of, size), row.share, row.low, row.high, said_of(row, size), heading)
        for row in rows(AttributeShare, shares)
        if (row.dimension, row.value) == (dimension, value)
    ]


_REGIONS_FINDING = {
    (False, False): "“{value}”: no region can be told apart from {whole}.",
    (True, False): "“{value}”: fewer than in {whole} in {fewer}.",
    (False, True): "“{value}”: more than in {whole} in {more}.",
    (True, True): "“{value}”: fewer than in {whole} in {fewer}; more in {more}.",
}
_WHOLE = {True: "the whole program ({share})", False: "the whole program (about {share})"}


def regions_finding(shares: pd.DataFrame, by_region: pd.DataFrame, dimension: str, value: str) -> str:
    """In which regions a value's share is told apart from the whole population's: their intervals have no overlap."""
    asked = (dimension, value)
    [whole] = [row for row in rows(AttributeShare, shares) if (row.dimension, row.value) == asked]
    if whole.share is None or whole.low is None or whole.high is None:
        return say("“{value}”: too few people to compare regions.", value=value)
    regions = [
        row
        for row in rows(AttributeShare, by_region)
        if (row.dimension, row.value) == asked and row.member_of not in ("", OTHER)
    ]
    fewer = [row.member_of for row in regions if row.high is not None and row.high < whole.low]
    more = [row.member_of for row in regions if row.low is not None and row.low > whole.high]
    said = say(_WHOLE[whole.at_least == whole.at_most], share=percent(whole.share))
    template = _REGIONS_FINDING[bool(fewer), bool(more)]
    return say(template, value=value, whole=said, fewer=listed(fewer), more=listed(more))


def lines(trend: pd.DataFrame, size: int) -> list[Series]:
    """The largest values of a dimension over time."""
    years = [row for row in rows(AttributeShareInYear, trend) if row.kind == VALUE]
    people: Counter[str] = Counter()
    for row in years:
        people[row.value] += row.at_least
    made = []
    for value, _ in people.most_common(MOST_LINES):
        own = [row for row in years if row.value == value]
        if all(row.share is None for row in own):
            continue
        shares, lows, highs = (
            [math.nan if end is None else end for end in ends]
            for ends in zip(*((row.share, row.low, row.high) for row in own), strict=True)
        )
        # A year is drawn at its last day, not at the first day of the next one.
        days = [row.window_end - timedelta(days=1) for row in own]
        said = [
            say("12 months to {month}: {share}", month=month(day), share=said_of(row, size))
            for day, row in zip(days, own, strict=True)
        ]
        made.append(Series(value, days, shares, lows, highs, said))
    return made


# By whether the counts are exact, and whether the two groups' intervals tell them apart.
_FINDINGS = {
    (True, True): "{dimension}: {groups} of the {n} {people} who disclosed it.",
    (True, False): "{dimension}: {groups} of the {n} {people} who disclosed it; the two cannot be told apart.",
    (False, True): "{dimension}: {groups} of about {n} {people} who disclosed it.",
    (False, False): "{dimension}: {groups} of about {n} {people} who disclosed it; the two cannot be told apart.",
}
_FEW, _SHARE, _RANGE = "{count} “{value}”", "{share} “{value}” ({interval})", "{count} “{value}” ({interval})"


def finding(population: str, shares: pd.DataFrame) -> str:
    """The page's answer: the two groups with most people of the dimension that most people disclosed.

    Shares with their interval; counts where they are of few people; ranges for viewers who see ranges only.
    """
    if shares.empty:
        return say("No {people} have said anything about themselves that can be shown.", people=population)
    known = [row for row in rows(AttributeShare, shares) if row.kind == VALUE and row.share is not None]
    if not known:
        return say("Too few {people} have said something about themselves to show it.", people=population)
    disclosed: Counter[str] = Counter()
    for row in known:
        disclosed[row.dimension] += row.at_least
    dimension = "gender" if "gender" in disclosed else disclosed.most_common(1)[0][0]
    largest = [row for row in known if row.dimension == dimension][:2]
    exact = all(row.at_least == row.at_most for row in largest)
    group = _FEW if (largest[0].of_people or 0) < LEAST_BASE else _SHARE if exact else _RANGE
    first, *others = [(row.low, row.high) for row in largest]
    return say(
        _FINDINGS[exact, stands_out(first, others)],
        dimension=heading_of(dimension),
        groups=listed([_group_of_finding(row, group) for row in largest]),
        n=largest[0].of_people or 0,
        people=population,
    )


def _group_of_finding(row: AttributeShare, template: str) -> str:
    return say(
        template,
        count=people_words(row.at_least, row.at_most),
        share=percent(row.share or 0),
        value=row.value,
        interval=interval(row),
    )


_DISCLOSED = {
    "": "as diverse as {groups} equal groups ({low}–{high})",
    "exact": "as diverse as {groups} equal groups ({low}–{high}); {share} disclosed it",
    "about": "as diverse as {groups} equal groups ({low}–{high}); about {share} of about {all} disclosed it",
    "few": "as diverse as {groups} equal groups ({low}–{high}); not disclosed: {silent} of about {all}",
}


def headlines(shares: pd.DataFrame, effective: pd.DataFrame) -> list[Headline]:
    """Per dimension how many equal groups the people are worth and how many disclose it."""
    silent = {row.dimension: row for row in rows(AttributeShare, shares) if row.kind == UNDISCLOSED}
    made = []
    for row in rows(EffectiveGroups, effective)[:4]:
        if row.effective is None or row.low is None or row.high is None:
            continue
        note = _disclosed(row, silent.get(row.dimension))
        value = say("{effective} of {groups}", effective=tenths(row.effective), groups=row.groups)
        made.append(Headline(heading_of(row.dimension), value, note=note))
    return made


def _disclosed(row: EffectiveGroups, silent: AttributeShare | None) -> str:
    """How diverse a dimension is, and how many of all people disclosed it."""
    ends = {"groups": tenths(row.effective or 0), "low": tenths(row.low or 0), "high": tenths(row.high or 0)}
    if silent is None or silent.share is None:
        return say(_DISCLOSED[""], **ends)
    people = silent.of_people or 0
    if silent.at_least == silent.at_most:
        return say(_DISCLOSED["exact"], **ends, share=share_of(people - silent.at_least, people))
    return say(
        _DISCLOSED["few" if people < LEAST_BASE else "about"],
        **ends,
        share=percent(1 - silent.share),
        silent=people_words(silent.at_least, silent.at_most),
        all=people,
    )


def privacy_words(scope: Scope, shares: pd.DataFrame) -> str:
    """Why the viewer sees what they see."""
    if scope.inside:
        return say(
            "You see every count. Other viewers see ranges, and counts under {size} as “fewer than {size}”, for whole "
            "years up to a quarter’s end and without filters.",
            size=scope.min_group_size,
        )
    first = rows(AttributeShare, shares.head(1))
    template = (
        "To protect people, counts are shown as ranges of at least {size}, for the 12 months “{days}” and without "
        "filters; shares are approximate and need not add up to 100%."
        if first
        else "To protect people, counts are shown as ranges of at least {size}, for whole years and without filters."
    )
    return say(template, size=scope.min_group_size, days=_window_words(first))


def present(value: Any) -> bool:
    """Whether a cell of an answer holds something."""
    return value is not None and not pd.isna(value)
