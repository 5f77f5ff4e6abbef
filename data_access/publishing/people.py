"""What was released of people, as the public's tables have it: fixed windows, as they were told, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access import answers
from data_access.questions.contributors.by_quarter import ActiveInQuarter, active_by_quarter
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.funnel.program_funnel import program_funnel
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.languages.speakers import EVERYONE, LanguageSpeakers, language_people
from data_access.questions.people.diversity import AttributeShare, attribute_shares
from data_access.questions.people.sizes import PopulationSize, population_sizes
from data_access.questions.registry import Question, question_of
from data_access.questions.released import released_table, window_of
from data_access.selection import Period, Scope, Selection

POPULATIONS = ("contributors", "speakers", "members")
ALL = "all"
FUNNELS = {"contributors": question_of(contributor_funnel), "program": question_of(program_funnel)}
MOST_COHORTS = 6
Rows = Iterator[dict[str, Any]]


def released(
    connection: Connection, asked: Question, selection: Selection, scope: Scope, **options: Any
) -> pd.DataFrame | None:
    """The released answer about exactly this period; None where there is none, or it is not the public's."""
    if asked.released is None or scope.role not in asked.roles:
        return None
    chosen = asked.released.text_of(asked.options, options)
    found = window_of(connection, released_table(asked.name, asked.row), asked.released, selection, chosen)
    if found is None or found.window != selection.period:
        return None
    return asked.ask(connection, selection, scope, **options)


def active_contributors(connection: Connection, everything: Selection, scope: Scope) -> Iterator[ActiveInQuarter]:
    """Active contributors at the ends of quarters."""
    answer = question_of(active_by_quarter).ask(connection, everything, scope)
    yield from answers.rows(ActiveInQuarter, answer)


def funnel_rows(connection: Connection, everything: Selection, scope: Scope) -> Rows:
    """How far the people of each calendar year of entry came: years that are over, and never two that overlap."""
    period = everything.period
    years = [Period.parse(str(year)) for year in range(period.start.year, period.end.year + 1)]
    over = [year for year in years if year.end <= period.end][-MOST_COHORTS:]
    for name, asked in FUNNELS.items():
        for year in over:
            answer = released(connection, asked, replace(everything, period=year), scope)
            steps = [] if answer is None else answers.rows(FunnelStep, answer)
            if not steps or not steps[0].at_least:
                continue
            for position, row in enumerate(steps):
                when = {"cohort": str(year.start.year), "starts_on": year.start, "ends_on": year.end}
                ranged = {"step": row.step, "people": row.people, "at_least": row.at_least, "at_most": row.at_most}
                share = {"share": row.share_of_previous, "low": row.low, "high": row.high}
                yield {"funnel": name, "position": position, **when, **ranged, **share}


def share_rows(connection: Connection, year: Selection, scope: Scope) -> Rows:
    """Everybody, then people by what they say of themselves, in the year."""
    sizes = released(connection, question_of(population_sizes), year, scope)
    known = {} if sizes is None else {row.population: row for row in answers.rows(PopulationSize, sizes)}
    position = 0
    for population in (name for name in POPULATIONS if name in known):
        when = {"population": population, "starts_on": year.period.start, "ends_on": year.period.end}
        size = known[population]
        everybody = {"people": size.people, "at_least": size.at_least, "at_most": size.at_most}
        yield {**when, "dimension": "", "kind": ALL, "value": "", "position": position, **everybody}
        position += 1
        answer = released(connection, question_of(attribute_shares), year, scope, population=population)
        for row in [] if answer is None else answers.rows(AttributeShare, answer):
            said = {"dimension": row.dimension, "kind": row.kind, "value": row.value}
            ranged = {"people": row.people, "at_least": row.at_least, "at_most": row.at_most}
            share = {"share": row.share, "low": row.low, "high": row.high}
            yield {**when, "position": position, **said, **ranged, **share}
            position += 1


def speakers_of(connection: Connection, everything: Selection, scope: Scope) -> dict[str, tuple[int, int]] | None:
    """The range of people known to the program who speak each language; None where it is not released."""
    asked = question_of(language_people)
    if asked.released is None or scope.role not in asked.roles:
        return None
    known = answers.rows(LanguageSpeakers, asked.ask(connection, everything, scope))
    return {row.language: (row.at_least, row.at_most) for row in known if row.group == EVERYONE}
