"""What somebody can work out who has kept publications: every range, every sum, and what they may take as unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import rows
from data_access.database.schema import people_counts
from data_access.program import load_program
from data_access.publishing.rows import (
    PublishedFact,
    PublishedFigure,
    PublishedLanguage,
    PublishedShare,
    PublishedStep,
    PublishedTrend,
)
from data_access.questions import QUESTIONS
from data_access.questions.contributors.activity import active_contributors
from data_access.questions.languages.speakers import people_by_language
from data_access.selection import Period, Role, Scope, Selection
from tests.data_access.attacker import Attacker

Tables = Mapping[str, pd.DataFrame]
Ranges = dict[tuple[str, ...], tuple[int, int]]
Truth = dict[tuple[str, ...], int]


def published_counts(tables: Tables) -> Ranges:
    """Every range of people in the tables, by what it counts."""
    published: Ranges = {}
    for share in rows(PublishedShare, tables["shares"]):
        published["shares", *named(share)] = (share.at_least, share.at_most)
    for step in rows(PublishedStep, tables["funnel"]):
        published["funnel", step.funnel, step.cohort, str(step.position)] = (step.at_least, step.at_most)
    for trend in rows(PublishedTrend, tables["trends"]):
        if trend.measure in ("attendance", "active_contributors"):
            published["trends", trend.measure, str(trend.starts_on)] = (trend.at_least, trend.at_most)
    for language in rows(PublishedLanguage, tables["languages"]):
        for what, low, high in language.ranges():
            if low is not None and high is not None:
                published["languages", what, language.language] = (low, high)
    for figure in rows(PublishedFigure, tables["figures"]):
        if figure.unit == "people":
            published["figures", figure.figure, str(figure.starts_on)] = (figure.at_least, figure.at_most)
    return published


def named(row: PublishedShare) -> tuple[str, ...]:
    """Whom a share counts."""
    return row.population, str(row.ends_on), row.dimension, row.kind, row.value


def truth_of(connection: Connection, tables: Tables) -> Truth:
    """The count behind every published range, from the program database; a range that it does not hold fails."""
    truth: Truth = {}
    about = {fact.name: fact.value for fact in rows(PublishedFact, tables["publication"])}
    start, end = date.fromisoformat(about["period_start"]), date.fromisoformat(about["period_end"])
    last, pm, program = end - timedelta(days=1), Scope(Role.PM), load_program(connection)
    everything = Selection(Period(start, end), last)
    truth |= dict(_released(connection, tables))
    for step in rows(PublishedStep, tables["funnel"]):
        asked = replace(everything, period=Period(step.starts_on, step.ends_on))
        name = f"{step.funnel.removesuffix('s')}_funnel"
        exact = QUESTIONS[name].ask(connection, asked, pm)["people"].iloc[step.position]
        truth["funnel", step.funnel, step.cohort, str(step.position)] = int(exact)
    for trend in rows(PublishedTrend, tables["trends"]):
        asked = replace(everything, period=Period.quarter_of(trend.starts_on))
        if trend.measure == "attendance":
            counted = QUESTIONS["events_by_country"].ask(connection, asked, pm)["attendance"].sum()
        else:
            counted = active_contributors(connection, asked, program)
        truth["trends", trend.measure, str(trend.starts_on)] = int(counted)
    held = QUESTIONS["languages_of_events"].ask(connection, everything, pm).set_index("language")
    made = QUESTIONS["materials_by_language"].ask(connection, everything, pm).set_index("language")
    speak = people_by_language(connection, last)
    for tag in tables["languages"]["language"]:
        truth["languages", "talks", tag] = int(held["talks"].fillna(0).get(tag, 0))
        for what in ("originals", "translations"):
            truth["languages", what, tag] = int(made[what].get(tag, 0))
        truth["languages", "people", tag] = speak.get(tag, 0)
    for key, (low, high) in published_counts(tables).items():
        assert key[0] == "figures" or low <= truth[key] <= high, (key, low, truth[key], high)
    return truth


def _released(connection: Connection, tables: Tables) -> Iterator[tuple[tuple[str, ...], int]]:
    counts = people_counts.c
    shares = rows(PublishedShare, tables["shares"])
    for row in shares:
        own = (counts.population == row.population, counts.window_end == row.ends_on, counts.breakdown == "")
        found = connection.execute(select(counts.value, counts.released).where(*own, counts.dimension == row.dimension))
        by_value = dict(found.all())
        listed = [one for one in shares if (one.population, one.dimension) == (row.population, row.dimension)]
        alone = {"", *(one.value for one in listed if one.kind == "value")}
        if row.kind == "other":
            yield ("shares", *named(row)), sum(count for value, count in by_value.items() if value not in alone)
        else:
            yield ("shares", *named(row)), by_value.get(row.value if row.kind == "value" else "", 0)


def learn(attacker: Attacker, tables: Tables, published: Ranges) -> dict[tuple[str, ...], int]:
    """Each count as an unknown, with everything that is known of how they are linked."""
    at = {name: attacker.count(low, high) for name, (low, high) in published.items()}
    groups: dict[tuple[str, ...], list[int]] = {}
    for name in published:
        if name[0] == "shares" and name[3]:
            groups.setdefault(name[:4], []).append(at[name])
    for (_, population, end, _), parts in groups.items():
        attacker.adds_up(at["shares", population, end, "", "all", ""], parts)
    for earlier, later in pairwise(name for name in published if name[0] == "funnel"):
        if earlier[:3] == later[:3]:
            attacker.is_within(at[later], at[earlier])
    year = next(row for row in rows(PublishedFigure, tables["figures"]) if row.figure == "events")
    quarters = [name for name in published if name[0] == "trends" and name[2] >= str(year.starts_on)]
    whole = at.get(("figures", "attendance", str(year.starts_on)))
    if whole is not None:
        attacker.adds_up(whole, [at[name] for name in quarters if name[1] == "attendance"])
    contributors = at.get(("shares", "contributors", str(year.ends_on), "", "all", ""))
    if contributors is not None:
        for name in quarters:
            if name[1] == "active_contributors":
                attacker.is_within(at[name], contributors)
    for name in published:
        everybody = ("shares", name[1], str(year.ends_on), "", "all", "")
        if name[0] == "figures" and everybody in at:
            attacker.adds_up(at[name], [at[everybody]])
    return at


def narrowed(publications: Sequence[tuple[Tables, Truth]], size: int) -> tuple[int, list[str]]:
    """How many small counts were attacked, and those that are known better than 0 to `size` − 1.

    With several publications, the attacker takes as unchanged every group of counts that can be.
    """
    attacker = Attacker()
    published = [published_counts(tables) for tables, _ in publications]
    known = [learn(attacker, tables, ranges) for (tables, _), ranges in zip(publications, published, strict=True)]
    for (old, at_old), (new, at_new) in pairwise(zip(published, known, strict=True)):
        for group in _groups(old.keys() & new.keys()):
            if all(max(old[name][0], new[name][0]) <= min(old[name][1], new[name][1]) for name in group):
                for name in group:
                    attacker.adds_up(at_old[name], [at_new[name]])
    small = [
        (name, at[name])
        for (_, truth), ranges, at in zip(publications, published, known, strict=True)
        for name in ranges
        if name[0] != "figures" and truth[name] < size
    ]
    bounds = attacker.bounds_of([unknown for _, unknown in small], enough=(0, size - 1))
    found = [
        f"{name}: {low:.0f} to {high:.0f}"
        for (name, _), (low, high) in zip(small, bounds, strict=True)
        if low > 1e-6 or high < size - 1 - 1e-6
    ]
    return len(small), found


def _groups(names: Iterable[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Counts of the same people: all that is published of one population and window, else each on its own."""
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name in names:
        groups.setdefault(name[:3] if name[0] in ("shares", "funnel") else name, []).append(name)
    return list(groups.values())
