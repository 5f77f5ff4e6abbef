"""The parts of the Budget page: each asks its own questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached
from dashboard.asking.linked import keep, within
from dashboard.parts import behind, named, page_parts
from dashboard.parts.charts import Picture
from dashboard.parts.downloads import download_button
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.spreadsheet import to_csv
from dashboard.parts.tables import table_with_download
from dashboard.subjects.budget import blocks, charts, scenario, tables, words
from dashboard.words.ranges import people_words
from dashboard.words.sentences import MEMBERS, say
from dashboard.words.text import plain
from data_access import answers
from data_access.questions.budget import burn
from data_access.questions.budget.amounts import AmountWithoutRate, unconverted_amounts
from data_access.questions.budget.breakdown import MoneyPart, budget_by
from data_access.questions.budget.burn import CeilingState, MemberBurn, budget_burn
from data_access.questions.budget.costs import OutcomeCost, cost_per_outcome
from data_access.questions.budget.curve import BurnDay, burn_curve
from data_access.questions.budget.summary import NO_BUDGET, BudgetSummary
from data_access.questions.impact.targets import TargetProgress
from data_access.questions.named.entries import PERSON
from data_access.selection import Period, Scope, Selection

PAGE_ROWS = 25


def show_curve(selection: Selection, scope: Scope, row: BudgetSummary, aimed: Sequence[TargetProgress] = ()) -> None:
    """The cumulative burn against the even pace, or why there is none."""
    picture = curve(selection, scope, row, aimed)
    if picture is None:
        page_parts.empty(
            "There is no curve to show.",
            "The year has not begun." if scope.inside else "Too few members were paid for their sums to be shown.",
        )
        return
    year = Period(row.starts_on, row.ends_on + timedelta(days=1))

    def paid_by(mark: str) -> Opened:
        day = date.fromisoformat(mark)
        up_to = replace(selection, period=Period(year.start, day + timedelta(days=1)))
        return behind.payments_of(up_to, say("paid from {first} to {day}, the newest first", first=year.start, day=day))

    show_figure(picture, "burn_curve", rows=paid_by if scope.inside else None)
    if projection := words.range_words(row, words.burnt_words(scope)):
        page_parts.remark(projection)


def curve(
    selection: Selection, scope: Scope, row: BudgetSummary, aimed: Sequence[TargetProgress] = ()
) -> Picture | None:
    """The picture of the curve; None where nothing is known of it."""
    what = words.burnt_words(scope)
    known, projected = words.points(answers.rows(BurnDay, cached.answer(burn_curve, selection, scope)), what)
    if not known:
        return None
    limit = None if row.budget is None else float(row.budget)
    aims = words.aim_lines(aimed, row)
    return charts.burn_picture(known, projected, limit, row.currency, what, page_parts.theme_type(), aims)


def show_members(selection: Selection, scope: Scope, distribution: Sequence[CeilingState]) -> None:
    """Per-member burn with names for the PM and the board; for leadership how many are in which state."""
    st.header("Members by risk", anchor=False)
    if scope.inside:
        _named_members(selection, scope)
    else:
        _counted_members(distribution)


def _counted_members(distribution: Sequence[CeilingState]) -> None:
    page_parts.remark(say("As released, on {day}.", day=distribution[0].as_of))
    counts = [
        tables.CeilingCount(
            words.STATE_WORDS[row.state],
            row.people,
            row.at_least,
            row.at_most,
            shown=people_words(row.at_least, row.at_most),
        )
        for row in distribution
    ]
    table_with_download(
        answers.table(tables.CeilingCount, counts),
        "burn_distribution",
        alt="How many members are how far under their ceilings",
        columns=tables.CeilingCount,
        shown=["state", "shown"],
    )


def _named_members(selection: Selection, scope: Scope) -> None:
    left, right = st.columns(2)
    kept = keep("budget_search", None, "")
    search = str(left.text_input("Search members", placeholder="Name or key", max_chars=100, **kept))
    state = right.selectbox(
        "State",
        ["", *burn.STATES],
        format_func=lambda name: words.STATE_WORDS.get(name, "Any"),
        **keep("budget_state", ("", *burn.STATES), ""),
    )
    wanted = {"search": search, "state": state}
    number = _page_number(wanted)
    rows = answers.rows(
        MemberBurn,
        cached.answer(budget_burn, selection, scope, page=number, size=PAGE_ROWS, search=search, state=state),
    )
    if not rows and number == 1:
        why = "No member matches." if search or state else "There are no members in this fiscal year."
        page_parts.remark(why)
        return
    page_parts.show(blocks.burn_table(rows, lambda row, name: named.link(PERSON, row.person_key, name)))
    page_parts.remark("Bars: paid, committed (striped), pending (light); the tick is the ceiling.")
    _turn_pages(rows[0].matches if rows else 0, number)
    columns = [column for column in answers.columns_of(MemberBurn) if column.name != "matches"]
    download_button(
        "Download as CSV",
        lambda: to_csv(
            _all_members(selection, scope, search, state)[[column.name for column in columns]],
            [column.title for column in columns],
        ),
        "budget_burn.csv",
        "text/csv",
        "download_budget_burn",
    )


def _page_number(wanted: Mapping[str, str]) -> int:
    """The page of the list that is looked at; another search begins at its first."""
    if st.session_state.get("budget_wanted") != dict(wanted):
        st.session_state["budget_wanted"] = dict(wanted)
        st.session_state["budget_page"] = 1
    return int(st.session_state["budget_page"])


def _turn_pages(matches: int, number: int) -> None:
    pages = max(-(-matches // PAGE_ROWS), 1)
    if pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Before", disabled=number <= 1, key="budget_before", on_click=_turn, args=(number - 1,))
        here = say("Page {number} of {pages} ({members})", number=number, pages=pages, members=MEMBERS(matches))
        page_parts.remark(here, width="content")
        st.button("Next", disabled=number >= pages, key="budget_next", on_click=_turn, args=(number + 1,))


def _turn(number: int) -> None:
    st.session_state["budget_page"] = number


def _all_members(selection: Selection, scope: Scope, search: str, state: str) -> pd.DataFrame:
    parts, number = [], 1
    while True:
        part = cached.answer(
            budget_burn, selection, scope, page=number, size=burn.MOST_ROWS, search=search, state=state
        )
        parts.append(part)
        if len(part) < burn.MOST_ROWS:
            return pd.concat(parts, ignore_index=True)
        number += 1


def show_parts(selection: Selection, scope: Scope) -> None:
    """Where the money goes, by one breakdown at a time."""
    st.header("Where it goes", anchor=False)
    by = str(
        st.segmented_control(
            "By",
            list(words.PARTS),
            format_func=words.PARTS.__getitem__,
            label_visibility="collapsed",
            required=True,
            **keep("budget_by", words.PARTS, "category"),
        )
    )
    parts = answers.rows(MoneyPart, cached.answer(budget_by, selection, scope, by=by))
    if not parts:
        page_parts.remark("No money, or that of too few members, to break down.")
        return
    if not scope.inside:
        page_parts.remark(
            say(
                "Paid up to {day}, to two figures. Parts of which few members were paid, or one member most, are left "
                "out.",
                day=parts[0].as_of,
            )
        )
    burnt = say("Paid or committed, {currency}", currency=parts[0].currency)
    paid = say("Paid, about, {currency}", currency=parts[0].currency)
    table_with_download(
        answers.table(MoneyPart, [part._replace(part=part.part or "not given") for part in parts]),
        f"budget_by_{by}",
        alt=say("Money by {part}", part=words.PARTS[by].lower()),
        columns=tables.under(MoneyPart, part=words.PARTS[by], burnt=burnt if scope.inside else paid),
        shown=["part", "burnt", "share", *(("paid", "committed", "pending") if scope.inside else ())],
    )


def show_costs(selection: Selection, scope: Scope, row: BudgetSummary) -> None:
    """What outcomes cost, and what staff would have cost."""
    st.header("What an outcome costs", anchor=False)
    costs = answers.rows(OutcomeCost, cached.answer(cost_per_outcome, selection, scope))
    if scope.inside or any(cost.cost is not None for cost in costs):
        _cost_table(scope, costs, row)
    else:
        page_parts.remark("Too few members were paid to say what an outcome costs.")
    if costs:
        with st.expander("What would one or two staff hires have cost?", icon=":material/calculate:"):
            _scenario({cost.outcome: cost for cost in costs}, row)


def _cost_table(scope: Scope, costs: Sequence[OutcomeCost], row: BudgetSummary) -> None:
    travel = ["cost_without_travel", "cost_of_travel"]
    if not scope.inside and all(cost.cost_of_travel is None for cost in costs):
        travel = []
    table_with_download(
        answers.table(OutcomeCost, [cost._replace(outcome=words.OUTCOME_WORDS[cost.outcome]) for cost in costs]),
        "cost_per_outcome",
        alt="Money paid for each outcome, travel separately",
        columns=tables.under(OutcomeCost, cost=say("Paid for each, {currency}", currency=row.currency)),
        shown=["outcome", "count", "cost", *travel],
    )
    remarks = ["All money of the year is set against each outcome by itself, so the rows do not add up."]
    if not scope.inside:
        remarks.append("Amounts are told to two figures, and contributors as the middle of a range.")
    page_parts.remark(" ".join(remarks))


def _kept(key: str, first: float, low: float, high: float) -> dict[str, Any]:
    return keep(key, None, first, read=within(low, high, type(first)))


def _scenario(costs: Mapping[str, OutcomeCost], row: BudgetSummary) -> None:
    held, came = costs["event"].count or 0, costs["attendee"].count or 0
    first, second, third = st.columns(3)
    hires = first.number_input("Hires", 1, 10, **_kept("hires", 1, 1, 10))
    cost = second.number_input(
        "Cost of one a year, all in", 0, 10_000_000, step=5_000, **_kept("hire_cost", 60_000, 0, 10_000_000)
    )
    events = third.number_input("Events of one a week", 0.1, 20.0, step=0.5, **_kept("hire_events", 2.0, 0.1, 20.0))
    weeks = first.number_input("Weeks worked a year", 1, 52, **_kept("hire_weeks", 44, 1, 52))
    typical = round(came / held) if held else 20
    came_to_one = _kept("hire_attendance", max(typical, 1), 1, 10_000)
    people = second.number_input("Attendance of an event", 1, 10_000, **came_to_one)
    made = scenario.Hires(int(hires), float(cost), float(events), float(weeks), float(people))
    both = scenario.alternatives(made, costs, row.share_gone)
    st.markdown(plain(scenario.sentence(*both, row.currency)))
    table_with_download(
        answers.table(tables.Alternative, both),
        "staff_scenario",
        alt="The program next to staff hires over the same part of the year",
        columns=tables.Alternative,
    )
    page_parts.remark(
        "Assumptions, not data: hires are counted for the part of the year that is gone; events of the two kinds are "
        "taken to lead to the same; time of volunteers, and of whoever leads the program, costs nothing here."
    )


def is_anything_known(row: BudgetSummary) -> bool:
    """Whether the year has money to show; where it has none, says where it comes from."""
    if row.budget is not None or row.burnt or row.pending or words.left_out_words(row) or row.state != NO_BUDGET:
        return True
    page_parts.empty(
        "No money is known in this fiscal year.",
        "Import `budgets` and `funding_requests` on the Data page or with `uplift import`, or change the period.",
    )
    return False


def nothing_released() -> None:
    """The page of a viewer who is told what is released, before anything is."""
    page_parts.heading("How fast does the money burn?", "Nothing has been released yet.")
    page_parts.empty("Nothing has been released yet.", "A release is made by the first import after a quarter’s end.")


def say_unknown(row: BudgetSummary) -> None:
    """How many amounts no sum counts."""
    if sentence := words.left_out_words(row):
        page_parts.remark(sentence)


def show_unconverted(selection: Selection, scope: Scope, row: BudgetSummary) -> None:
    """Amounts that no sum counts."""
    if not words.left_out(row) or not scope.inside:
        return
    with st.expander("Amounts without a rate", icon=":material/currency_exchange:"):
        table_with_download(
            cached.answer(unconverted_amounts, selection, scope),
            "unconverted_amounts",
            alt="Amounts without an exchange rate",
            columns=AmountWithoutRate,
        )
        page_parts.remark("Import a rate for that day or earlier in the table `exchange_rates`; sums then follow.")
