"""The sample is valid by the data contract: checked here by a small reader that shares no code with the importer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import langcodes
import pytest
from babel.numbers import is_currency

from data_access.contract.tables import TABLES, Column, Kind, Table
from sample_data.generator import AS_OF
from sample_data.tables import COLUMNS
from tests.sample_data.conftest import Bundle, Row, make_bundle

pytestmark = pytest.mark.slow

_PATTERNS = {
    Kind.COUNTRY: r"[A-Z]{2}",
    Kind.MONTH_DAY: r"\d\d-\d\d",
    Kind.FISCAL_YEAR: r"20\d\d",
    Kind.MONEY: r"\d+(\.\d{1,2})?",
    Kind.RATE: r"0*\.?\d*[1-9]\d*(\.\d+)?",
    Kind.INTEGER: r"\d+",
    Kind.NUMBER: r"\d+(\.\d+)?",
    Kind.FLAG: r"yes|no",
    Kind.URL: r"https://[a-z.]+example\.org/\S+",
    Kind.KEY: r"\S{1,60}",
}


def valid(column: Column, value: str) -> bool:
    """Whether a filled cell is what its column may hold."""
    if value != value.strip() or "\n" in value:
        return False
    if column.kind is Kind.DATE:
        return date.fromisoformat(value).isoformat() == value
    if column.kind in (Kind.LANGUAGE, Kind.LANGUAGES):
        tags = value.split(";")
        return len(set(tags)) == len(tags) and all(langcodes.tag_is_valid(tag) for tag in tags)
    if column.kind is Kind.CURRENCY:
        return is_currency(value)
    if column.kind is Kind.LATITUDE:
        return -90 <= float(value) <= 90
    if column.kind is Kind.LONGITUDE:
        return -180 <= float(value) <= 180
    if column.kind is Kind.CHOICE:
        return value in column.choices
    if column.kind is Kind.INTEGER and not (column.minimum or 0) <= int(value) <= (column.maximum or 10**9):
        return False
    pattern = _PATTERNS.get(column.kind)
    return pattern is None or re.fullmatch(pattern, value) is not None


def problems(bundle: Bundle) -> Iterator[str]:
    """Everything in the bundle that the contract forbids."""
    for name, rows in bundle.tables.items():
        table = TABLES[name]
        seen: set[tuple[str, ...]] = set()
        for number, row in enumerate(rows, 2):
            where = f"{name}.csv line {number}"
            for column in table.columns:
                value = row.get(column.name, "")
                if column.required and not value:
                    yield f"{where}: {column.name} is empty"
                if value and not valid(column, value):
                    yield f"{where}: {column.name} is {value!r}"
            for first, last in table.spans:
                if row[first] and row[last] and row[first] > row[last]:
                    yield f"{where}: {last} is before {first}"
            key = tuple(row[part] for part in table.key)
            if table.key and name != "contributions" and key in seen:
                yield f"{where}: key {key} occurs twice"
            seen.add(key)
        yield from unknown_references(bundle, table, rows)


def unknown_references(bundle: Bundle, table: Table, rows: list[Row]) -> Iterator[str]:
    for column in table.columns:
        if column.references:
            target = TABLES[column.references].key[0]
            known = {row[target] for row in bundle[column.references]} | {""}
            for row in rows:
                if row[column.name] not in known:
                    yield f"{table.name}: {column.name} {row[column.name]!r} is unknown"


def test_every_table_of_the_contract_has_a_file_and_every_column_is_the_contracts(bundle: Bundle) -> None:
    assert set(bundle.tables) == set(TABLES) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        known = TABLES[name].column_names
        assert set(columns) <= set(known)
        assert {column.name for column in TABLES[name].columns if column.required} <= set(columns)


def test_the_counts_returned_are_the_rows_written(bundle: Bundle) -> None:
    assert bundle.counts == {name: len(rows) for name, rows in bundle.tables.items()}
    assert (bundle.counts["events"], bundle.counts["contributions"], bundle.counts["people"]) == (3000, 60000, 2000)


def test_the_default_program_breaks_no_rule_of_the_contract(bundle: Bundle) -> None:
    assert list(problems(bundle))[:10] == []


@pytest.mark.parametrize(
    ("events", "contributions", "people"),
    [(10, 50, 20), (0, 0, 1), (0, 200, 30), (200, 0, 30), (1, 1, 1), (400, 900, 3), (300, 20, 5000)],
)
def test_programs_of_unusual_size_break_no_rule_either(
    tmp_path: Path, events: int, contributions: int, people: int
) -> None:
    small = make_bundle(tmp_path, events=events, contributions=contributions, people=people, seed=4)
    assert list(problems(small))[:10] == []
    assert (small.counts["events"], small.counts["contributions"]) == (events, contributions)


def test_money_is_approved_before_it_is_paid_and_never_more_than_asked(bundle: Bundle) -> None:
    for row in bundle["funding_requests"]:
        assert (row["decision"] == "pending") == (row["decided_on"] == "")
        assert (row["decision"] == "approved") == (row["approved_amount"] != "")
        assert bool(row["paid_amount"]) == bool(row["paid_on"])
        if row["approved_amount"]:
            assert Decimal(row["approved_amount"]) <= Decimal(row["requested_amount"])
        if row["paid_amount"]:
            assert Decimal(row["paid_amount"]) <= Decimal(row["approved_amount"])
            assert row["paid_on"] >= row["decided_on"]


def test_nothing_is_known_of_the_future_but_plans(bundle: Bundle) -> None:
    today = AS_OF.isoformat()
    past = {
        "contributions": ("contributed_on",),
        "people": ("joined_on",),
        "funding_requests": ("requested_on", "decided_on", "paid_on"),
        "memberships": ("started_on", "ended_on"),
        "applications": ("applied_on", "evaluated_on", "decided_on", "trained_on", "graduated_on"),
        "mentorships": ("started_on", "ended_on"),
        "materials": ("published_on",),
        "team_stages": ("entered_on",),
        "team_milestones": ("reached_on",),
        "team_risks": ("raised_on", "closed_on"),
        "disputes": ("opened_on", "closed_on"),
        "organizer_needs": ("raised_on", "met_on"),
        "space_notes": ("noted_on", "done_on"),
        "dispute_steps": ("done_on",),
        "decisions": ("decided_on",),
        "application_reviews": ("assigned_on", "reviewed_on"),
        "trainings": ("held_on",),
        "thanks": ("occasion_on", "given_on"),
        "exchange_rates": ("on",),
    }
    for table, columns in past.items():
        for column in columns:
            assert max(row[column] for row in bundle[table]) <= today
    assert all(row["status"] != "held" for row in bundle["events"] if row["starts_on"] > today)
    assert all(not row["attendance"] for row in bundle["events"] if row["status"] != "held")


def test_nobody_contributes_before_joining_or_takes_a_stage_out_of_order(bundle: Bundle) -> None:
    joined = {row["person_key"]: row["joined_on"] for row in bundle["people"]}
    assert all(row["contributed_on"] >= joined[row["person_key"]] for row in bundle["contributions"])
    stages = ["pre_work", "starting", "learning", "scaling", "sustaining"]
    by_team: dict[str, list[Row]] = {}
    for row in bundle["team_stages"]:
        by_team.setdefault(row["team_key"], []).append(row)
    for rows in by_team.values():
        assert [row["stage"] for row in rows] == stages[: len(rows)]
        assert sorted(row["entered_on"] for row in rows) == [row["entered_on"] for row in rows]


def test_an_event_brings_about_a_contribution_only_within_ninety_days_after_it(bundle: Bundle) -> None:
    starts = {row["event_key"]: row["starts_on"] for row in bundle["events"] if row["status"] == "held"}
    linked = [row for row in bundle["contributions"] if row["event_key"]]
    for row in linked:
        days = (date.fromisoformat(row["contributed_on"]) - date.fromisoformat(starts[row["event_key"]])).days
        assert 0 <= days <= 90
    assert 0.05 < len(linked) / len(bundle["contributions"]) < 0.3
