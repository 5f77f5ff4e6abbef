"""The parts of the Budget page: each asks its own questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached
from dashboard.parts import page_parts
from dashboard.parts.downloads import download_button
from dashboard.parts.figures import show_figure
from dashboard.parts.spreadsheet import to_csv
from dashboard.parts.tables import table_with_download
from dashboard.subjects.budget import blocks
from dashboard.subjects.budget import words as budget_words
from dashboard.subjects.budget.charts import burn_picture
from dashboard.subjects.people.words import present, rows_of
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.text import plain
from data_access.questions.budget.burn import MOST_ROWS, budget_burn, budget_by
from data_access.questions.budget.burn import STATES as BURN_STATES
from data_access.questions.budget.costs import cost_per_outcome
from data_access.questions.budget.summary import NAMED, burn_curve, unconverted_amounts
from data_access.selection import Scope, Selection

PAGE_ROWS = 25


def _money(label: str) -> Any:
    return st.column_config.NumberColumn(label, format="accounting")


def show_curve(selection: Selection, scope: Scope, row: Mapping[str, Any]) -> None:
    """The cumulative burn against the even pace, or why there is none."""
    what = budget_words.burnt_words(scope)
    curve = cached.answer(burn_curve, selection, scope)
    known, projected = budget_words.points(curve, what)
    if not known:
        page_parts.empty(
            "There is no curve to show.",
            "The year has not begun, or too few members were paid for their sums to be told.",
        )
        return
    limit = float(row["budget"]) if present(row["budget"]) else None
    picture = burn_picture(known, projected, limit, str(row["currency"]), what, page_parts.theme_type())
    show_figure(picture, "burn_curve")
    if words := budget_words.range_words(row):
        page_parts.remark(words)


def show_members(selection: Selection, scope: Scope, told: pd.DataFrame) -> None:
    """Per-member burn with names for the PM and the board; for leadership how many are in which state."""
    st.header("Members by risk", anchor=False)
    if scope.role not in NAMED:
        shown = told.copy()
        shown["shown"] = [people_words(int(row["at_least"]), int(row["at_most"])) for row in rows_of(told)]
        shown["state"] = [budget_words.STATE_WORDS[state] for state in told["state"]]
        table_with_download(
            shown,
            "burn_distribution",
            alt="How many members are how far under their ceilings",
            columns={
                "state": "Ceiling",
                "shown": "Members",
                "as_of": st.column_config.DateColumn("At the end of", format="D MMM YYYY"),
            },
            shown=["state", "shown", "as_of"],
        )
        return
    left, right = st.columns(2)
    search = left.text_input("Search members", key="budget_search", placeholder="Name or key", max_chars=100)
    state = right.selectbox(
        "State",
        ["", *BURN_STATES],
        format_func=lambda name: budget_words.STATE_WORDS.get(name, "Any"),
        key="budget_state",
    )
    asked = {"search": search, "state": state}
    number = _page_number(asked)
    rows = cached.answer(budget_burn, selection, scope, page=number, size=PAGE_ROWS, **asked)
    if rows.empty and number == 1:
        why = "No member matches." if search or state else "There are no members in this fiscal year."
        page_parts.remark(why)
        return
    page_parts.show(blocks.burn_table(rows))
    page_parts.remark("Bars: paid, committed (striped), pending (light); the tick is the ceiling.")
    _turn_pages(int(rows["matches"].iloc[0]) if len(rows) else 0, number)
    download_button(
        "Download as CSV",
        lambda: to_csv(_all_members(selection, scope, asked)),
        "budget_burn.csv",
        "text/csv",
        "download_budget_burn",
    )


def _page_number(asked: Mapping[str, str]) -> int:
    """The page of the list that is looked at; another search begins at its first."""
    if st.session_state.get("budget_asked") != dict(asked):
        st.session_state["budget_asked"] = dict(asked)
        st.session_state["budget_page"] = 1
    return int(st.session_state["budget_page"])


def _turn_pages(matches: int, number: int) -> None:
    pages = max(-(-matches // PAGE_ROWS), 1)
    if pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Before", disabled=number <= 1, key="budget_before", on_click=_turn, args=(number - 1,))
        page_parts.remark(f"Page {number:,} of {pages:,} ({matches:,} members)", width="content")
        st.button("Next", disabled=number >= pages, key="budget_next", on_click=_turn, args=(number + 1,))


def _turn(number: int) -> None:
    st.session_state["budget_page"] = number


def _all_members(selection: Selection, scope: Scope, asked: Mapping[str, str]) -> pd.DataFrame:
    parts, number = [], 1
    while True:
        part = cached.answer(budget_burn, selection, scope, page=number, size=MOST_ROWS, **asked)
        parts.append(part)
        if len(part) < MOST_ROWS:
            return pd.concat(parts, ignore_index=True).drop(columns="matches")
        number += 1


def show_parts(selection: Selection, scope: Scope) -> None:
    """Where the money goes, by one breakdown at a time."""
    st.header("Where it goes", anchor=False)
    by = st.segmented_control(
        "By",
        list(budget_words.PARTS),
        format_func=budget_words.PARTS.__getitem__,
        default="category",
        key="budget_by",
        label_visibility="collapsed",
        required=True,
    )
    parts = cached.answer(budget_by, selection, scope, by=str(by))
    if parts.empty:
        page_parts.remark("No money, or that of too few members, to break down.")
        return
    if scope.role not in NAMED:
        page_parts.remark(
            f"Paid up to {numbers.day(parts['as_of'].iloc[0])}. A part is shown when enough members were paid in it "
            "since it was last shown; the others are shown as one."
        )
    shown = parts.copy()
    shown["part"] = [part or "not given" for part in parts["part"]]
    for name in ("paid", "committed", "pending", "burnt"):
        shown[name] = parts[name].astype(float)
    what, currency = budget_words.burnt_words(scope).capitalize(), parts["currency"].iloc[0]
    table_with_download(
        shown,
        f"budget_by_{by}",
        alt=f"Money by {budget_words.PARTS[str(by)].lower()}",
        columns={
            "part": budget_words.PARTS[str(by)],
            "burnt": _money(f"{what}, {currency}"),
            "share": st.column_config.ProgressColumn("Share", format="percent", min_value=0, max_value=1),
            "paid": _money("Paid"),
            "committed": _money("Committed"),
            "pending": _money("Pending"),
        },
        shown=["part", "burnt", "share", *(("paid", "committed", "pending") if scope.role in NAMED else ())],
    )


def show_costs(selection: Selection, scope: Scope, row: Mapping[str, Any]) -> None:
    """What outcomes cost, and what staff would have cost."""
    st.header("What an outcome costs", anchor=False)
    costs = cached.answer(cost_per_outcome, selection, scope)
    shown = costs.copy()
    for name in ("cost", "cost_without_travel", "cost_of_travel"):
        shown[name] = costs[name].astype(float)
    shown["outcome"] = [f"A {name}" if name[0] not in "ae" else f"An {name}" for name in costs["outcome"]]
    table_with_download(
        shown,
        "cost_per_outcome",
        alt="Money paid for each outcome, travel apart",
        columns={
            "outcome": "Outcome",
            "count": st.column_config.NumberColumn("Reached", format="localized"),
            "cost": _money(f"Paid for each, {row['currency']}"),
            "cost_without_travel": _money("Without travel"),
            "cost_of_travel": _money("Travel"),
        },
        shown=["outcome", "count", "cost", "cost_without_travel", "cost_of_travel"],
    )
    words = "All money of the year is set against each outcome by itself, so the rows do not add up."
    if scope.role not in NAMED and costs["count"].isna().any():
        words += " People are told for whole quarters, so new contributors follow when the fiscal year is over."
    page_parts.remark(words)
    with st.expander("What would one or two staff hires have cost?", icon=":material/calculate:"):
        _scenario(costs, row)


def _scenario(costs: pd.DataFrame, row: Mapping[str, Any]) -> None:
    counts = dict(zip(costs["outcome"], costs["count"], strict=True))
    held, came = (float(counts[name]) if present(counts[name]) else 0.0 for name in ("event", "attendee"))
    first, second, third = st.columns(3)
    hires = first.number_input("Hires", 1, 10, 1, key="hires")
    cost = second.number_input("Cost of one a year, all in", 0, 10_000_000, 60_000, 5_000, key="hire_cost")
    events = third.number_input("Events of one a week", 0.1, 20.0, 2.0, 0.5, key="hire_events")
    weeks = first.number_input("Weeks worked a year", 1, 52, 44, key="hire_weeks")
    typical = round(came / held) if held else 20
    people = second.number_input("Attendance of an event", 1, 10_000, max(typical, 1), key="hire_attendance")
    made = budget_words.Hires(int(hires), float(cost), float(events), float(weeks), float(people))
    table = budget_words.scenario_table(made, costs, float(row["share_gone"]))
    st.markdown(plain(budget_words.scenario_sentence(table, str(row["currency"]))))
    table_with_download(
        table,
        "staff_scenario",
        alt="The program beside staff hires over the same part of the year",
        columns={
            "what": "",
            "cost": _money("Cost"),
            "events": st.column_config.NumberColumn("Events", format="%.0f"),
            "attendees": st.column_config.NumberColumn("Attendees", format="%.0f"),
            "cost_per_event": _money("For an event"),
            "cost_per_attendee": _money("For an attendee"),
        },
    )
    page_parts.remark(
        "Assumptions, not data: hires are counted for the part of the year that is gone; events of the two kinds are "
        "taken to lead to the same; time of volunteers, and of whoever leads the program, costs nothing here."
    )


def say_unknown(row: Mapping[str, Any]) -> None:
    """How many amounts no sum counts."""
    if number := int(row["unknown"]):
        what = "amount is" if number == 1 else "amounts are"
        page_parts.remark(f"{number:,} {what} left out of all sums: no exchange rate is known for the day.")


def show_unconverted(selection: Selection, scope: Scope, row: Mapping[str, Any]) -> None:
    """Amounts that no sum counts."""
    if not row["unknown"] or scope.role not in NAMED:
        return
    found = cached.answer(unconverted_amounts, selection, scope)
    shown = found.copy()
    shown["amount"] = found["amount"].astype(float)
    with st.expander("Amounts without a rate", icon=":material/currency_exchange:"):
        table_with_download(
            shown,
            "unconverted_amounts",
            alt="Amounts without an exchange rate",
            columns={
                "request_key": "Request",
                "person_key": "Member",
                "state": "State",
                "amount": _money("Amount"),
                "currency": "Currency",
                "day": st.column_config.DateColumn("No rate for", format="D MMM YYYY"),
            },
        )
        page_parts.remark("Import a rate for that day or earlier in the table `exchange_rates`; sums then follow.")
