"""What the fiscal year costs, and what may go wrong."""

from __future__ import annotations

from dashboard.parts.labels import short
from dashboard.report.people import standing
from dashboard.report.questions import Asker, ReportAnswer
from dashboard.report.shapes import BarsPicture, NamedBar, ReportFigure, ReportPicture, ReportSection, ReportTable
from dashboard.subjects.budget import words as budget_words
from dashboard.subjects.health import words as health_words
from dashboard.words import numbers
from dashboard.words.sentences import TEAMS, Counted, say, sentence_case
from data_access.questions.budget.breakdown import MoneyPart, budget_by
from data_access.questions.budget.costs import OutcomeCost, cost_per_outcome
from data_access.questions.budget.summary import BudgetSummary, budget_summary
from data_access.questions.health.indicators import Indicator, health_indicators
from data_access.questions.health.judging import CLOSER, WARNING
from data_access.questions.teams.details import TeamRisk, team_risks_list

NAME, LONG, MOST_RISKS, MOST_PARTS = 40, 110, 10, 8
COLUMNS = {
    "Budget": "budget",
    "Paid": "paid",
    "Committed": "committed",
    "Pending": "pending",
    "Remaining": "remaining",
    "Not paid out": "remaining",
}
# Told outside as the middle of a range.
OF_PEOPLE = ("new contributor", "new core contributor")
OPEN_RISKS = Counted("{n} open risk", "{n} open risks")


def money(asker: Asker) -> ReportSection | None:
    """The budget of the period's fiscal year: how much is gone, for what, and what outcomes cost."""
    answer = asker.ask(budget_summary)
    found = answer.rows(BudgetSummary)
    if not found or not found[0].currency:
        return None
    row, what = found[0], budget_words.burnt_words(asker.scope)
    parts, costs = asker.ask(budget_by), asker.ask(cost_per_outcome)
    figures = [
        answer.figure(0, COLUMNS[tile.label], tile.label, tile.value, notes=tuple(filter(None, (tile.note,))))
        for tile in budget_words.headlines(row, what)
    ]
    divided = parts.rows(MoneyPart)[:MOST_PARTS]
    bars = tuple(
        NamedBar(_part(part), float(part.burnt), budget_words.told_words(part.burnt, part.currency, what))
        for part in divided
    )
    picture = None
    if bars:
        said = [say("{name}: {amount}", name=bar.name, amount=bar.shown) for bar in bars]
        caption = say("Where the money of fiscal year {year} went, by category", year=str(row.fiscal_year))
        drawn = BarsPicture(caption, sentence_case(what), bars)
        picture = ReportPicture(drawn, say("Bars of money by category. {bars}.", bars="; ".join(said)))
    lines = [budget_words.range_words(row, what), budget_words.left_out_words(row), budget_words.year_words(row, what)]
    return ReportSection(
        key="money",
        title="What it costs",
        finding=budget_words.finding(row, what),
        more=tuple(filter(None, lines)),
        figures=tuple(figures),
        picture=picture,
        tables=tuple(filter(None, (_cost_table(costs, what), _part_table(parts, divided, what)))),
        sources=(answer.source, parts.source, costs.source),
        counted=("budget", "burn", "outcome_cost", *(() if asker.scope.exact else ("small_money",))),
    )


def _part(part: MoneyPart) -> str:
    return short(sentence_case(part.part), NAME) if part.part else "Not given"


def _part_table(answer: ReportAnswer, divided: list[MoneyPart], what: str) -> ReportTable | None:
    lines = []
    for at, part in enumerate(divided):
        name, by = _part(part), ("part",)
        share = "–" if part.share is None else numbers.percent(part.share)
        burnt = budget_words.told_words(part.burnt, part.currency, what)
        values = (
            answer.figure(at, "burnt", name, burnt, by=by),
            answer.figure(at, "share", name, share, by=by),
        )
        lines.append((name, *values))
    heads = ("Category", sentence_case(what), "Share")
    return ReportTable("Money by category", heads, tuple(lines), frozenset({1, 2})) if lines else None


def _cost_table(answer: ReportAnswer, what: str) -> ReportTable | None:
    lines: list[tuple[str | ReportFigure, ...]] = []
    for at, row in enumerate(answer.rows(OutcomeCost)):
        name, by = budget_words.OUTCOME_WORDS.get(row.outcome, row.outcome), ("outcome",)
        count = "–" if row.count is None else numbers.number(row.count)
        if what == budget_words.PAID and row.count and row.outcome in OF_PEOPLE:
            count = say("about {amount}", amount=count)
        each, travel = (
            budget_words.told_words(amount, row.currency, what) for amount in (row.cost, row.cost_of_travel)
        )
        lines.append(
            (
                name,
                answer.figure(at, "count", name, count, by=by),
                answer.figure(at, "cost", name, each, by=by),
                answer.figure(at, "cost_of_travel", name, travel, by=by),
            )
        )
    heads = ("Outcome", "Reached", "Paid for each", "Of it travel")
    caption = "What outcomes of the fiscal year cost: all that was paid ÷ each of them by itself"
    return ReportTable(caption, heads, tuple(lines), frozenset({1, 2, 3})) if lines else None


def risks(asker: Asker) -> ReportSection | None:
    """Early warnings (inside), and the open risks of teams."""
    tables: list[ReportTable] = []
    sources: list[int] = []
    findings: list[str] = []
    counted: list[str] = []
    if asker.may(health_indicators):
        answer = asker.ask(health_indicators)
        found = answer.rows(Indicator)
        sources.append(answer.source)
        if health_words.is_known(found):
            findings += [health_words.finding(found), health_words.more(found)]
            counted.append("health_states")
            tables += _warnings(answer, found)
    listed = asker.ask(team_risks_list)
    sources.append(listed.source)
    is_open = [(at, row) for at, row in enumerate(listed.rows(TeamRisk)) if row.closed_on is None]
    teams = {row.team: row.name for row in standing(asker)}
    if is_open:
        at_risk = TEAMS(len({row.team for _, row in is_open}))
        findings.append(say("{risks} of {teams}.", risks=OPEN_RISKS(len(is_open)), teams=at_risk))
        tables.append(_risk_table(listed, is_open, teams))
    said = [each for each in findings if each] or ["No risk of a team is open."]
    return ReportSection(
        key="risks",
        title="What may go wrong",
        finding=said[0],
        more=tuple(said[1:]),
        tables=tuple(tables),
        sources=tuple(sources),
        counted=tuple(counted),
    )


def _warnings(answer: ReportAnswer, found: list[Indicator]) -> list[ReportTable]:
    lines = []
    for at, row in enumerate(found):
        if row.state not in (WARNING, CLOSER):
            continue
        lines.append(
            (
                row.label,
                answer.figure(at, "now", row.label, health_words.now_words(row), by=("indicator",)),
                health_words.threshold_words(row),
                health_words.trend_words(row),
                health_words.OWNERS.get(row.owner, row.owner),
            )
        )
    heads = ("Early warning", "Now", "Warns from", "Before", "Who acts")
    return [ReportTable("Early warnings beyond their threshold", heads, tuple(lines), frozenset({1}))] if lines else []


def _risk_table(answer: ReportAnswer, is_open: list[tuple[int, TeamRisk]], teams: dict[str, str]) -> ReportTable:
    lines = []
    for at, row in is_open[:MOST_RISKS]:
        team = short(teams.get(row.team, row.team), NAME)
        days = answer.figure(at, "days_open", team, numbers.number(row.days_open), by=("risk_key",))
        lines.append((team, short(row.words, LONG), row.severity or "–", days))
    caption = "Open risks of teams, the gravest first"
    if len(is_open) > MOST_RISKS:
        caption = say("Open risks of teams, the gravest first: {n} of {all}", n=MOST_RISKS, all=len(is_open))
    return ReportTable(caption, ("Team", "Risk", "How grave", "Days open"), tuple(lines), frozenset({3}))
