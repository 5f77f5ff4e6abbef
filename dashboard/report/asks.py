"""What is asked of the reader: at most seven things, each from an answer that stands in the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.parts.labels import short
from dashboard.report.achieved import Names, target_name
from dashboard.report.people import standing
from dashboard.report.questions import Asker
from dashboard.report.shapes import ReportSection
from dashboard.subjects.teams.cards import can_move_on
from dashboard.words import numbers
from dashboard.words.sentences import Counted, listed, say
from data_access.program import Program
from data_access.questions.budget.approvals import BudgetApproval, budget_approvals
from data_access.questions.budget.summary import OVER, BudgetSummary, budget_summary
from data_access.questions.event_map.gaps import FEWER, CountryGap, country_gaps
from data_access.questions.health.indicators import Indicator, health_indicators
from data_access.questions.health.judging import WARNING
from data_access.questions.health.thresholds import BOARD, PM
from data_access.questions.impact.targets import BEHIND, TargetProgress, targets_progress
from data_access.questions.languages.reach import NextLanguage, language_next
from data_access.questions.requests.totals import WaitingTotal, request_totals
from data_access.questions.teams.board import team_board
from data_access.selection import Role

NAME, MOST, MOST_NAMED = 40, 7, 3
# By whether the event of any is over.
REQUESTS_WAIT = {
    True: Counted(
        "Decide {n} request that waits, over {amount}: its event is over already.",
        "Decide {n} requests that wait, {amount} in all; for {past} of them the event is over already.",
    ),
    False: Counted("Decide {n} request that waits, over {amount}.", "Decide {n} requests that wait, {amount} in all."),
}
FOR_THE_BOARD = Counted(
    "Decide {n} request that only the board can approve: it is over its member’s ceiling, or by somebody else.",
    "Decide {n} requests that only the board can approve: over their members’ ceilings, or by others than members.",
)
NOTHING = "Nothing is asked of you: no target is behind, and nothing waits for a decision of yours."


def asks(asker: Asker, program: Program, names: Names) -> ReportSection:
    """The reader's own part."""
    role = asker.scope.role
    asker.used.clear()
    steps = {
        Role.PM: (_requests, _teams, _warnings, _behind, _places),
        Role.BOARD: (_budgets, _for_the_board, _warnings, _behind, _teams),
        Role.LEADERSHIP: (_behind, _money, _teams, _places, _languages),
        Role.PARTNER: (_teams, _behind, _places),
        Role.PUBLIC: (_places, _languages),
    }[role]
    points = [point for step in steps for point in step(asker, program, names)][:MOST]
    return ReportSection(
        key="asked",
        title="What is asked of you",
        finding=_ASKED_OF[role] if points else NOTHING,
        points=tuple(points),
        sources=tuple(sorted(asker.used)),
    )


_ASKED_OF = {
    Role.PM: "What these numbers ask of the program manager, the most pressing first.",
    Role.BOARD: "What these numbers ask of the board, the most pressing first.",
    Role.LEADERSHIP: "Where leadership can help, the most pressing first.",
    Role.PARTNER: "What these numbers ask of partners, the most pressing first.",
    Role.PUBLIC: "Where you can help.",
}


def _behind(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    found = asker.ask(targets_progress).rows(TargetProgress)
    behind = [row for row in found if row.state == BEHIND]
    template = {
        True: "Say what would bring “{target}” back on its pace, or agree on a lower aim: {reached} of it is reached, "
        "with {gone} of its time gone.",
        False: "Ask what would bring “{target}” back on its pace: {reached} of it is reached, with {gone} of its time "
        "gone.",
    }[asker.scope.role in (Role.PM, Role.PARTNER)]
    for row in sorted(behind, key=lambda row: (bool(row.scope), row.share or 0))[:2]:
        yield say(
            template,
            target=target_name(row, names),
            reached=numbers.percent(row.share or 0),
            gone=numbers.percent(row.elapsed),
        )


def _requests(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    for row in asker.ask(request_totals).rows(WaitingTotal):
        if row.waiting == "pending" and row.requests:
            amount = numbers.money(row.amount or 0, program.currency) if program.currency else "–"
            template = REQUESTS_WAIT[row.past > 0].form(row.requests)
            yield say(template, n=row.requests, amount=amount, past=row.past)


def _for_the_board(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    for row in asker.ask(request_totals).rows(WaitingTotal):
        if row.waiting == "pending" and row.over + row.exceptions:
            yield FOR_THE_BOARD(row.over + row.exceptions)


def _budgets(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    for row in asker.ask(budget_approvals).rows(BudgetApproval):
        if row.approved_on is None:
            yield say(
                "Approve the budget of {year}, {amount}, or say what it should be.",
                year=str(row.fiscal_year),
                amount=numbers.money(row.amount, row.currency),
            )


def _money(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    for row in asker.ask(budget_summary).rows(BudgetSummary):
        if row.state == OVER:
            yield "Say where the money for the rest of the year comes from: the budget is overspent."
        elif row.exhausted_on is not None:
            yield say("Plan for {day}: at this pace the budget is used up then.", day=row.exhausted_on)


def _teams(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    if not asker.may(team_board):
        return
    board = [row for row in standing(asker) if not asker.scope.teams or row.team in asker.scope.teams]
    ready = [short(row.name, NAME) for row in board if can_move_on(row)]
    stalled = [short(row.name, NAME) for row in board if row.stalled is True and not can_move_on(row)]
    if ready:
        yield say("Agree on the next stage with the teams that are ready: {teams}.", teams=_named(ready))
    if stalled:
        template = "Ask what holds back the teams that are stalled: {teams}."
        if asker.scope.role is Role.LEADERSHIP:
            template = "Give people and time to the teams that are stalled: {teams}."
        yield say(template, teams=_named(stalled))


def _warnings(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    owner = BOARD if asker.scope.role is Role.BOARD else PM
    warned = [
        row.label for row in asker.ask(health_indicators).rows(Indicator) if row.state == WARNING and row.owner == owner
    ]
    if warned:
        yield say("Act on the early warnings that are yours: {warnings}.", warnings=listed(warned, most=4))


def _places(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    judged = asker.ask(country_gaps).rows(CountryGap)
    missing = sorted(
        (row for row in judged if row.verdict == FEWER and row.next_planned_on is None),
        key=lambda row: row.events - (row.expected or 0),
    )
    if missing:
        template = {
            Role.PUBLIC: "Live in one of these countries, or know people there? Nothing is planned yet in {countries}.",
            Role.LEADERSHIP: "Open doors in the countries where nothing is planned yet: {countries}.",
        }.get(asker.scope.role, "Plan a first event where nothing is planned yet: {countries}.")
        yield say(template, countries=_named([short(row.name, NAME) for row in missing]))


def _languages(asker: Asker, program: Program, names: Names) -> Iterator[str]:
    best = asker.ask(language_next, limit=5).rows(NextLanguage)[:MOST_NAMED]
    if best:
        template = {
            Role.PUBLIC: "Speak one of these languages? They would reach most further people: {languages}.",
        }.get(
            asker.scope.role, "Find people who speak the languages that would reach most further people: {languages}."
        )
        yield say(template, languages=_named([short(row.name, NAME) for row in best]))


def _named(names: Sequence[str]) -> str:
    return listed(names, most=MOST_NAMED)
