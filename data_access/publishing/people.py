"""Counts of people as the public may know them: ranges of whole years and quarters, from the privacy engine alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data_access import answers
from data_access.privacy.released import EVERYBODY, released_counts, window_of
from data_access.privacy.small_groups import in_ranges, shown_counts
from data_access.questions.contributors.activity import contributors_trend
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.funnel.program_funnel import program_funnel
from data_access.questions.funnel.stepwise import FunnelStep
from data_access.questions.languages.speakers import EVERYONE, LanguageSpeakers, language_people
from data_access.questions.people.diversity import AttributeShare, attribute_shares
from data_access.selection import Period, Scope, Selection

POPULATIONS = ("contributors", "speakers", "members")
ALL = "all"
# These are asked here for fixed years only. The questions themselves stay closed to the public, who could else ask for
# years that overlap.
FUNNELS = {"contributors": contributor_funnel, "program": program_funnel}
MOST_COHORTS = 6


def ranges(counts: Sequence[int], scope: Scope) -> pd.DataFrame:
    """Counts that no published sum links, as ranges: people, at_least, at_most."""
    return shown_counts([int(count) for count in counts], scope)


def active_by_quarter(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Active contributors at the end of each whole quarter: starts_on, at_least, at_most."""
    trend = contributors_trend(connection, selection, scope)
    size = scope.min_group_size
    # The question gives the middle of the range, and nothing where it reaches down to 0.
    low = trend["active"].fillna(0).astype(int) // size * size
    return pd.DataFrame({"starts_on": trend["starts_on"], "at_least": low, "at_most": low + size - 1})


def funnel_rows(connection: Connection, selection: Selection, scope: Scope) -> list[dict[str, Any]]:
    """How far the people of each calendar year of entry came: years that are over, and never two that overlap."""
    rows: list[dict[str, Any]] = []
    period = selection.period
    years = [Period.parse(str(year)) for year in range(period.start.year, period.end.year + 1)]
    over = [year for year in years if year.end <= period.end][-MOST_COHORTS:]
    for name, asked in FUNNELS.items():
        for year in over:
            steps = answers.rows(FunnelStep, asked(connection, replace(selection, period=year), scope))
            if not steps or not steps[0].at_least:
                continue
            for position, row in enumerate(steps):
                when = {"cohort": str(year.start.year), "starts_on": year.start, "ends_on": year.end}
                ranged = {"step": row.step, "people": row.people, "at_least": row.at_least, "at_most": row.at_most}
                share = {"share": row.share_of_previous, "low": row.low, "high": row.high}
                rows.append({"funnel": name, "position": position, **when, **ranged, **share})
    return rows


def share_rows(connection: Connection, selection: Selection, scope: Scope) -> list[dict[str, Any]]:
    """Everybody, then people by what they say of themselves, in the year to the end of the selection's period."""
    rows: list[dict[str, Any]] = []
    for population in POPULATIONS:
        window = window_of(connection, population, selection)
        if window is None or window.end > selection.period.end:
            continue
        when = {"population": population, "starts_on": window.start, "ends_on": window.end}
        low, high = released_counts(connection, population, window, scope).range(*EVERYBODY)
        [people] = in_ranges(np.array([low]), np.array([high]))["people"]
        everybody = {"people": people, "at_least": int(low), "at_most": int(high)}
        rows.append({**when, "dimension": "", "kind": ALL, "value": "", "position": len(rows), **everybody})
        answer = attribute_shares(connection, replace(selection, period=window), scope, population=population)
        for row in answers.rows(AttributeShare, answer):
            said = {"dimension": row.dimension, "kind": row.kind, "value": row.value}
            ranged = {"people": row.people, "at_least": row.at_least, "at_most": row.at_most}
            share = {"share": row.share, "low": row.low, "high": row.high}
            rows.append({**when, "position": len(rows), **said, **ranged, **share})
    return rows


def speakers_of(connection: Connection, selection: Selection, scope: Scope) -> dict[str, tuple[int, int]]:
    """The range of people known to the program who speak each language."""
    answer = language_people(connection, selection, scope)
    known = answers.rows(LanguageSpeakers, answer[answer["group"] == EVERYONE])
    return {row.language: (row.at_least, row.at_most) for row in known}
