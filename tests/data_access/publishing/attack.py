"""What somebody can work out who has kept publications: every range, every sum, and what they may take as unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from sqlalchemy import Connection, select

from data_access.database.schema import people_counts
from data_access.program import load_program
from data_access.questions import QUESTIONS
from data_access.questions.contributors.activity import active_contributors
from data_access.questions.frames import records
from data_access.questions.languages.speakers import people_by_language
from data_access.selection import Period, Role, Scope, Selection
from tests.data_access.attacker import Attacker

Tables = Mapping[str, pd.DataFrame]
Told = dict[tuple[str, ...], tuple[int, int]]
Truth = dict[tuple[str, ...], int]


def told_of_people(tables: Tables) -> Told:
    """Every range of people in the tables, by what it counts."""
    told: Told = {}
    for row in records(tables["shares"]):
        named = (row["population"], str(row["ends_on"]), row["dimension"], row["kind"], row["value"])
        told["shares", *named] = (row["at_least"], row["at_most"])
    for row in records(tables["funnel"]):
        told["funnel", row["funnel"], row["cohort"], str(row["position"])] = (row["at_least"], row["at_most"])
    for row in records(tables["trends"]):
        if row["measure"] in ("attendance", "active_contributors"):
            told["trends", row["measure"], str(row["starts_on"])] = (row["at_least"], row["at_most"])
    for row in records(tables["languages"]):
        for what in ("talks", "originals", "translations", "people"):
            if not pd.isna(row[f"{what}_at_least"]):
                told["languages", what, row["language"]] = (row[f"{what}_at_least"], row[f"{what}_at_most"])
    for row in records(tables["figures"]):
        if row["unit"] == "people":
            told["figures", row["figure"], str(row["starts_on"])] = (row["at_least"], row["at_most"])
    return {name: (int(low), int(high)) for name, (low, high) in told.items()}


def truth_of(connection: Connection, tables: Tables) -> Truth:
    """The count behind every range that is told, from the program database; a range that it does not hold fails."""
    truth: Truth = {}
    about = records(tables["publication"])
    end = date.fromisoformat(next(row["value"] for row in about if row["name"] == "period_end"))
    start = date.fromisoformat(next(row["value"] for row in about if row["name"] == "period_start"))
    last, pm, program = end - timedelta(days=1), Scope(Role.PM), load_program(connection)
    everything = Selection(Period(start, end), last)
    truth |= dict(_released(connection, tables))
    for row in records(tables["funnel"]):
        asked = replace(everything, period=Period(row["starts_on"], row["ends_on"]))
        name = f"{row['funnel'].removesuffix('s')}_funnel"
        exact = QUESTIONS[name].ask(connection, asked, pm)["people"].iloc[row["position"]]
        truth["funnel", row["funnel"], row["cohort"], str(row["position"])] = int(exact)
    for row in records(tables["trends"]):
        asked = replace(everything, period=Period.quarter_of(row["starts_on"]))
        if row["measure"] == "attendance":
            counted = QUESTIONS["events_by_country"].ask(connection, asked, pm)["attendance"].sum()
        else:
            counted = active_contributors(connection, asked, program)
        truth["trends", row["measure"], str(row["starts_on"])] = int(counted)
    held = QUESTIONS["languages_of_events"].ask(connection, everything, pm).set_index("language")
    made = QUESTIONS["materials_by_language"].ask(connection, everything, pm).set_index("language")
    speak = people_by_language(connection)
    for tag in tables["languages"]["language"]:
        truth["languages", "talks", tag] = int(held["talks"].fillna(0).get(tag, 0))
        for what in ("originals", "translations"):
            truth["languages", what, tag] = int(made[what].get(tag, 0))
        truth["languages", "people", tag] = speak.get(tag, 0)
    for told, (low, high) in told_of_people(tables).items():
        assert told[0] == "figures" or low <= truth[told] <= high, (told, low, truth[told], high)
    return truth


def _released(connection: Connection, tables: Tables) -> Iterator[tuple[tuple[str, ...], int]]:
    counts = people_counts.c
    for row in records(tables["shares"]):
        named = (row["population"], str(row["ends_on"]), row["dimension"], row["kind"], row["value"])
        own = (counts.population == row["population"], counts.window_end == row["ends_on"], counts.breakdown == "")
        found = connection.execute(
            select(counts.value, counts.released).where(*own, counts.dimension == row["dimension"])
        )
        by_value = dict(found.all())
        listed = tables["shares"]
        listed = listed[(listed["population"] == row["population"]) & (listed["dimension"] == row["dimension"])]
        alone = {"", *listed[listed["kind"] == "value"]["value"]}
        if row["kind"] == "other":
            yield ("shares", *named), sum(count for value, count in by_value.items() if value not in alone)
        else:
            yield ("shares", *named), by_value.get(row["value"] if row["kind"] == "value" else "", 0)


def learn(attacker: Attacker, tables: Tables, told: Told) -> dict[tuple[str, ...], int]:
    """Each count as an unknown, with everything that is known of how they hang together."""
    at = {name: attacker.count(low, high) for name, (low, high) in told.items()}
    groups: dict[tuple[str, ...], list[int]] = {}
    for name in told:
        if name[0] == "shares" and name[3]:
            groups.setdefault(name[:4], []).append(at[name])
    for (_, population, end, _), parts in groups.items():
        attacker.adds_up(at["shares", population, end, "", "all", ""], parts)
    for earlier, later in pairwise(name for name in told if name[0] == "funnel"):
        if earlier[:3] == later[:3]:
            attacker.is_within(at[later], at[earlier])
    year = next(row for row in records(tables["figures"]) if row["figure"] == "events")
    quarters = [name for name in told if name[0] == "trends" and name[2] >= str(year["starts_on"])]
    whole = at.get(("figures", "attendance", str(year["starts_on"])))
    if whole is not None:
        attacker.adds_up(whole, [at[name] for name in quarters if name[1] == "attendance"])
    contributors = at.get(("shares", "contributors", str(year["ends_on"]), "", "all", ""))
    if contributors is not None:
        for name in quarters:
            if name[1] == "active_contributors":
                attacker.is_within(at[name], contributors)
    for name in told:
        everybody = ("shares", name[1], str(year["ends_on"]), "", "all", "")
        if name[0] == "figures" and everybody in at:
            attacker.adds_up(at[name], [at[everybody]])
    return at


def narrowed(publications: Sequence[tuple[Tables, Truth]], size: int) -> tuple[int, list[str]]:
    """How many small counts were attacked, and those that are known better than 0 to `size` − 1.

    With several publications, the attacker takes as unchanged every group of counts that can be.
    """
    attacker = Attacker()
    told = [told_of_people(tables) for tables, _ in publications]
    known = [learn(attacker, tables, ranges) for (tables, _), ranges in zip(publications, told, strict=True)]
    for (old, at_old), (new, at_new) in pairwise(zip(told, known, strict=True)):
        for group in _groups(old.keys() & new.keys()):
            if all(max(old[name][0], new[name][0]) <= min(old[name][1], new[name][1]) for name in group):
                for name in group:
                    attacker.adds_up(at_old[name], [at_new[name]])
    small = [
        (name, at[name])
        for (_, truth), ranges, at in zip(publications, told, known, strict=True)
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
    """Counts of the same people: all that is told of one population and window, else each by itself."""
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name in names:
        groups.setdefault(name[:3] if name[0] in ("shares", "funnel") else name, []).append(name)
    return list(groups.values())
