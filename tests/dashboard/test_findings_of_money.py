"""What Budget, Members, Requests and Data say, against what other questions list of the same selection, one by one.

Random small programs on several days, first and last days of quarters and of the fiscal year (6 April) among them.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.subjects.budget import words as budget_words
from dashboard.subjects.data import words as data_words
from dashboard.subjects.members import panel as member_panel
from dashboard.subjects.members import words as member_words
from dashboard.subjects.requests import words as request_words
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.questions.budget.burn import CeilingState, MemberBurn
from data_access.questions.budget.curve import KNOWN, BurnDay
from data_access.questions.budget.summary import BudgetSummary
from data_access.questions.members.standing import AT_RISK, MET, MISSED, ON_TRACK, MemberStanding
from data_access.questions.members.summary import FloorCount
from data_access.questions.requests.queue import PENDING, TO_PAY, QueuedRequest
from data_access.questions.requests.totals import WaitingTotal
from data_access.selection import EARLIEST, LATEST, Period, Role, Scope, Selection
from tests.dashboard.test_findings import AS_OF, a_program
from tests.data_access.questions.asking import ask
from tests.data_access.questions.test_money_time_travel import built, drawn

pytestmark = pytest.mark.slow
DAYS = (
    date(2024, 2, 1),
    date(2024, 9, 30),
    date(2024, 10, 1),
    date(2025, 4, 5),
    date(2025, 4, 6),
    date(2025, 8, 13),
    date(2026, 6, 30),
)
WHOLE = (Scope(Role.PM), Scope(Role.BOARD))
WHOLE_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w%])")


def whole_numbers(sentence: str, *left_out: str) -> list[int]:
    """The sentence's whole numbers in their order, without those of the parts left out: days and quarters."""
    for part in left_out:
        sentence = sentence.replace(part, "")
    return [int(found) for found in WHOLE_NUMBER.findall(sentence)]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_of_money_and_members_is_what_is_listed(tmp_path: Path, seed: int) -> None:
    database = built(tmp_path, "uplift.db", drawn(seed))
    for day in DAYS:
        requests(database, day)
        for scope in WHOLE:
            budget(database, day, scope)
            members(database, day, scope)


def budget(database: Database, day: date, scope: Scope) -> None:
    selection = Selection(Period(EARLIEST, LATEST), day)
    [row] = rows(BudgetSummary, ask(database, "budget_summary", selection, scope))
    states = rows(CeilingState, ask(database, "burn_distribution", selection, scope))
    said = budget_words.finding(row, budget_words.burnt_words(scope))
    shown = {budget_words.percent_words(row.burn), budget_words.percent_words(row.share_gone)}
    assert set(re.findall(r"[\d.,]+%", said)) <= shown, said
    for found in re.findall(r"€[\d,.]*\d", said):
        assert found == numbers.money(row.burnt or 0, "EUR"), said
    curve = rows(BurnDay, ask(database, "burn_curve", selection, scope))
    if curve and row.burnt is not None:
        assert [point.burnt for point in curve if point.kind == KNOWN][-1] == row.burnt
    risk = budget_words.risk_sentence(states, row.as_of)
    assert (numbers.day(states[0].as_of) in risk) == (states[0].as_of != row.as_of)
    listed = rows(MemberBurn, ask(database, "budget_burn", selection, scope, size=1000))
    assert row.burnt == sum(own.paid + own.committed for own in listed)
    assert row.pending == sum(own.pending for own in listed)
    without_rate = ask(database, "unconverted_amounts", selection, scope)
    missing = sum(own.unknown + own.pending_unknown for own in listed)
    assert budget_words.left_out(row) == len(without_rate) == missing
    by_state = Counter(own.state for own in listed)
    assert whole_numbers(risk) == [by_state[state] for state in ("over", "near") if by_state[state]], risk


def requests(database: Database, day: date) -> None:
    selection = Selection(as_of=day)
    totals = rows(WaitingTotal, ask(database, "request_totals", selection))
    [money] = rows(BudgetSummary, ask(database, "budget_summary", Selection(Period(EARLIEST, LATEST), day)))
    queues = [
        rows(QueuedRequest, ask(database, "request_queue", selection, waiting=waiting, limit=0))
        for waiting in (PENDING, TO_PAY)
    ]
    for total, queue, of_budget in zip(totals, queues, (money.pending, money.committed), strict=True):
        known = [row.amount for row in queue if row.amount is not None]
        assert (total.requests, total.without_rate) == (len(queue), len(queue) - len(known))
        assert (total.amount or Decimal(0)) == sum(known) == of_budget, "one number on Budget and Requests"
    (waiting, unpaid), queue = totals, queues[0]
    assert waiting.without_rate == money.pending_unknown
    said = request_words.finding(waiting, day)
    oldest = min((row.requested_on for row in queue), default=day)
    expected = [len(queue), (day - oldest).days] if queue else []
    assert whole_numbers(said, numbers.day(oldest)) == expected, said
    over, past = (row.over is True for row in queue), ((row.days_to_event or 0) < 0 for row in queue)
    outside = (row.membership != "graduated" for row in queue)
    counts = [sum(over), sum(outside), sum(past)]
    assert whole_numbers(request_words.more(waiting)) == [count for count in counts if count]
    tiles = {item.label: item.value for item in request_words.headlines(waiting, unpaid, "EUR", day)}
    assert tiles["For the board"] == str(sum(row.for_board for row in queue))


def members(database: Database, day: date, scope: Scope) -> None:
    recent = member_panel.recent(Selection(as_of=day))
    exact = rows(MemberStanding, ask(database, "floor_standing", recent))
    counts = Counter((row.quarter, row.state) for row in exact)
    summary = rows(FloorCount, ask(database, "floor_summary", member_panel.now_and_last(recent), scope))
    now = [row for row in exact if row.quarter == Period.quarter_of(day).start]
    if not summary or not now:
        return
    said = member_words.finding(summary, day, now[0].floor)
    at_risk = counts[now[0].quarter, AT_RISK]
    expected = [len(now), counts[now[0].quarter, MET], now[0].floor, counts[now[0].quarter, ON_TRACK]]
    expected += [at_risk, now[0].days_left] if at_risk else [now[0].days_left]
    assert whole_numbers(said, member_words.quarter(day)) == expected, said
    before = Period.quarter_of(day).previous().start
    ended = [counts[before, MET], counts[before, MISSED]]
    told = whole_numbers(member_words.more(summary, day), member_words.quarter(before))
    assert told == (ended if any(ended) else [])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_of_the_data_is_what_is_listed(tmp_path: Path, seed: int) -> None:
    """A share is that of the events named in the sentence, and stands for ten events at least."""
    database = a_program(tmp_path, seed).database
    chosen = (Selection(as_of=AS_OF), Selection(as_of=AS_OF, country=("DE",)), Selection(as_of=date(2026, 7, 20)))
    for selection in (*chosen, *(data_words.everything(each) for each in chosen)):
        total, checks = data_words.found(ask(database, "data_quality", selection))
        for found in checks:
            assert found.events == len(ask(database, "data_problems", selection, check=found.check, limit=0))
        said = data_words.finding(total, checks)
        if not checks:
            assert whole_numbers(said) == ([total] if total else [])
            continue
        assert whole_numbers(said) == [total, checks[0].events], said
        share = re.findall(r"[\d.]+%", said)
        assert share == ([numbers.percent(checks[0].events / total)] if total >= LEAST_BASE else []), said
