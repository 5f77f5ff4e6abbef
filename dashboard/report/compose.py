"""A report as plain data: every question is asked once, and each section says what it found."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from dashboard.report.achieved import achieved, targets
from dashboard.report.asks import asks
from dashboard.report.money import money, risks
from dashboard.report.people import funnel, teams
from dashboard.report.places import gaps, languages, on_the_map
from dashboard.report.questions import Asked, Asker
from dashboard.report.shapes import Report, ReportRefused, ReportSection, ReportSource
from dashboard.subjects.impact.words import ImpactSummary
from dashboard.words import numbers
from dashboard.words.definitions import definition
from dashboard.words.numbers import locale_of_request
from dashboard.words.sentences import say, sentence_case
from data_access.database.engine import Database, DataVersion
from data_access.geography.languages import language_name
from data_access.program import Program, is_sample, load_program
from data_access.questions.answering import connection_for
from data_access.questions.budget.summary import budget_summary
from data_access.questions.events.counts import EventsTotal, events_total
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.impact.summary import impact_summary
from data_access.questions.options import FilterOptions, filter_options
from data_access.questions.teams.board import team_board
from data_access.questions.teams.details import team_risks_list
from data_access.selection import EARLIEST, LATEST, Period, Role, Scope, Selection

READERS = {
    Role.PM: "the program manager",
    Role.BOARD: "the board",
    Role.LEADERSHIP: "leadership",
    Role.PARTNER: "partners",
    Role.PUBLIC: "the public",
}
EXACT = "Counts of people and money are exact and as they are now. No person is named."
RELEASED = (
    "Counts of people and money are as released: ranges, middles of ranges and sums to two figures, up to the last "
    "quarter that was released. No person is named."
)
OWN_TEAMS = "Counts of the reader’s own teams are exact and as they are now; all others are as released."
SAMPLE = "This is the sample program: its people, events and money are invented."
TRIES = 3


def compose(database: Database, scope: Scope, period: Period, as_of: date) -> tuple[Report, dict[str, int]]:
    """The report, and the personal questions that were asked for it with the number of their rows.

    Raises ReportRefused where the period has no data, DatabaseError where there is no program or no release.
    """
    if period.start > as_of:
        raise ReportRefused(
            f"{sentence_case(the_period(period))} has not begun on {as_of}. Choose another, or a later --as-of."
        )
    for _ in range(TRIES):
        version = version_of(database, scope)
        report, personal = _composed(database, scope, Selection(period, as_of), version)
        if version_of(database, scope) == version:
            return report, personal
    raise ReportRefused("The data changed while the report was made, three times. Make it when the import is over.")


def version_of(database: Database, scope: Scope) -> DataVersion:
    """The data version that a reader is answered from; a partner's own teams are as new as the program."""
    return database.version() if scope.exact or scope.teams else database.released_version()


def _composed(
    database: Database, scope: Scope, selection: Selection, version: DataVersion
) -> tuple[Report, dict[str, int]]:
    with connection_for(database, scope) as connection:
        program, sample = load_program(connection), is_sample(connection)
        offered = filter_options(connection, of_people=scope.exact)
    asker = Asker(database, replace(scope, min_group_size=program.min_group_size), selection)
    _refuse_nothing(asker, program, offered)
    names = offered.names()
    names["language"] = {tag: language_name(tag) for tag in names.get("language", {})}
    made: list[tuple[tuple[Asked, ...], Callable[[], ReportSection | None]]] = [
        ((impact_summary,), lambda: achieved(asker, program)),
        ((), lambda: targets(asker, program, names)),
        ((), lambda: on_the_map(asker, names)),
        ((), lambda: gaps(asker)),
        ((), lambda: languages(asker)),
        ((contributor_funnel,), lambda: funnel(asker)),
        ((team_board,), lambda: teams(asker)),
        ((budget_summary,), lambda: money(asker)),
        ((team_board, team_risks_list), lambda: risks(asker)),
        ((), lambda: asks(asker, program, names)),
    ]
    found = [section() for needed, section in made if asker.may(*needed)]
    sections = [section for section in found if section is not None]
    counted = dict.fromkeys(name for section in sections for name in section.counted)
    notes = [EXACT if scope.exact else RELEASED]
    if scope.teams:
        notes.append(OWN_TEAMS)
    report = Report(
        program=program.name,
        sample=sample,
        role=role_text(scope),
        readers=READERS[scope.role],
        period=selection.period,
        as_of=selection.as_of,
        version=version,
        sections=sections,
        sources=list(asker.sources),
        definitions=[definition(name, program) for name in counted],
        made_on=date.today(),
        locale=locale_of_request(),
        notes=[*([SAMPLE] if sample else []), *notes],
    )
    return report, asker.personal


def _refuse_nothing(asker: Asker, program: Program, offered: FilterOptions) -> None:
    """Refuse a period of which nothing is known: its report would be ten pages of nothing."""
    summary = ImpactSummary.of(asker.ask(impact_summary).frame, program.currency, program.min_group_size)
    period = asker.selection.period
    # What is released is told of the nearest quarters, for whatever period somebody asks about.
    outside = (
        offered.first is None or offered.last is None or period.end <= offered.first or period.start > offered.last
    )
    if not summary.is_empty and not outside:
        return
    held = replace(asker.selection, period=Period(EARLIEST, LATEST))
    [all_time] = asker.ask(events_total, held).rows(EventsTotal)
    if not all_time.events or offered.first is None or offered.last is None:
        raise ReportRefused("The program has no events yet. Import them first: uplift import FOLDER.")
    raise ReportRefused(
        f"Nothing is recorded for {the_period(period)}. The program's events are from "
        f"{offered.first} to {min(offered.last, asker.selection.as_of)}; choose a period in it."
    )


def role_text(scope: Scope) -> str:
    """The scope as `Scope.parse` reads it."""
    return f"{scope.role}:{','.join(scope.teams)}" if scope.teams else str(scope.role)


def title_of(report: Report) -> str:
    """`Open Maps: report for the third quarter of 2026`."""
    return say("{program}: report on {period}", program=report.program, period=the_period(report.period))


def the_period(period: Period) -> str:
    """`the third quarter of 2026`, `2026`."""
    quarter = period == Period.quarter_of(period.start)
    return say("the {period}" if quarter else "{period}", period=period.in_words())


def about_lines(report: Report) -> list[str]:
    """For whom, of which day, from which data: the lines under the title."""
    last = report.as_of
    lines = [say("For {readers}, as known on {day}.", readers=report.readers, day=last)]
    if report.period.end > last:
        lines.append(say("The period is not over: it ends on {day}.", day=report.period.end - timedelta(days=1)))
    lines.append(say("Data version {n}, of {moment}.", n=str(report.version.import_id), moment=moment_words(report)))
    return [*lines, *report.notes]


def moment_words(report: Report) -> str:
    """When the data that the report is made from last changed."""
    finished = report.version.finished_at
    return numbers.moment(datetime.fromisoformat(finished)) if finished else "no change yet"


def command_of(report: Report, source: ReportSource) -> str:
    """The command that asks the same again."""
    asked = {"period": source.period, "as_of": source.as_of, "as": report.role, **source.options}
    options = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    return shlex.join(["uplift", "ask", source.question, *options])
